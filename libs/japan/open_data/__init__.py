"""Readers of the CSV files that municipalities publish as open data, as dirty as they come."""
