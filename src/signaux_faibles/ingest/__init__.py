"""From the producers' files to the lake: read every cell, keep what is right, report what is not.

Takes raw files and the declarations of `sources`; gives staged Parquet tables, one version log by source, with their
rejects and manifests, and the reference reading of one file. Does not restrict to a perimeter nor compute anything.
"""
