"""Regimes of the simulated economy, as YAML files: the named ones live beside this module."""
