"""The command line: one module per noun; each parses, calls a stage, reports and exits.

Only this package and `web/config` read the environment.
"""

import os

# Threads that wait must sleep, not spin: on a machine that does something else, spinning made a fit 20 times longer.
os.environ.setdefault("OMP_WAIT_POLICY", "PASSIVE")

from signaux_faibles.cli.app import main

__all__ = ["main"]
