"""The imperative shell: clock, disk, network, people."""
