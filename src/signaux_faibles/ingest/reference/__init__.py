"""The reference reading: what the importer before ours makes of a file, row by row.

Takes one raw file; gives the same tuples, the same counters and the same messages, for comparison and for diagnosis.
Does not feed the lake: `import` does, with the known faults of this reading corrected.
"""
