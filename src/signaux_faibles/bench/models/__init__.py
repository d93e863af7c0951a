"""Our recipes beside the yardsticks on any labelled table, even one never seen.

Takes a file (CSV, ARFF, Parquet, compressed or not) and the name of its label; gives figures on rows that no learner,
threshold nor choice of parameters saw. Reads no lake, and keeps no model.
"""
