"""The command line: one module per noun; each parses, calls a stage, reports and exits.

Only this package and `web/config` read the environment.
"""

from signaux_faibles.cli.app import main

__all__ = ["main"]
