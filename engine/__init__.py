"""The functional core of Yuan: plans and facts in, levels, reasons and duties out. No clock, no disk, no network."""
