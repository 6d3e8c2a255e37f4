"""What conditions mean: truth, cells, exact possible levels, derived indicators and reasons, all from one checked tree."""
