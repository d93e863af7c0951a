"""Loads a release into PostgreSQL in one transaction, and tells which one is current."""
