"""Gather, from the lake, the tables of a release: the only things the service will ever know."""
