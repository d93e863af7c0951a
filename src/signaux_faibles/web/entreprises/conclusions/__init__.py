"""Titles of the charts: what they show, decided from the data by fixed rules, never written in advance.

Pure functions from numbers to French sentences.
"""
