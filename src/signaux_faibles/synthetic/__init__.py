"""A fake France in the producers' own formats, with its truth kept apart.

Takes a number of companies, a seed, a span and a scenario; gives one folder of raw files per monthly batch and a
`truth/` folder. It does *not* read anything that the pipeline makes, and the pipeline never reads its truth.
"""

from signaux_faibles.synthetic.describe import describe
from signaux_faibles.synthetic.files.catalogue import OPEN, PARTNERS
from signaux_faibles.synthetic.regime import DEFAULT_SCENARIO, SCENARIOS
from signaux_faibles.synthetic.run import SimulationSummary, simulate

__all__ = ["DEFAULT_SCENARIO", "OPEN", "PARTNERS", "SCENARIOS", "SimulationSummary", "describe", "simulate"]
