"""Signaux Faibles: early detection of company failures, for public agents.

Read `pipeline.py` first: it calls every stage once, in order.
"""

import os

# Threads of the learners wait asleep: awake, they made training fifty times longer on cores that other work shares.
# It is read when the libraries are loaded, hence here.
os.environ.setdefault("OMP_WAIT_POLICY", "PASSIVE")

__version__ = "0.1.0"
