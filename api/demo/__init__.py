"""The demonstration: an evening in two duty offices, in a store of its own beside the office's."""
