"""Signaux Faibles: early detection of company failures, for public agents.

Read `pipeline.py` first: it calls every stage once, in order.
"""

__version__ = "0.1.0"
