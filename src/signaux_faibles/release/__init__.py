"""The border between the pipeline and the service: a folder that describes itself.

Takes the tables the pipeline made; gives a verifiable folder (Parquet tables, a manifest with the hash of every file,
the thresholds, the freshness of every source, a dictionary, a report) that the service can load without a line of
pipeline code. Does not compute anything: it writes, reads and verifies.
"""
