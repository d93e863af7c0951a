"""Public data used by the simulator (README.md beside this file tells their origin and licence)."""
