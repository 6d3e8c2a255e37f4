"""Backtests at the edge: reading series from CSV and Parquet, mapping columns, running, and writing CSV, JSON and HTML."""
