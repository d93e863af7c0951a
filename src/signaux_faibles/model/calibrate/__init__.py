"""From a score to a probability that means what it says, and how sure of it we are.

Maps of one variable, fitted on companies that the learner never saw. Lists stay ranked on the score itself: an isotonic
map makes ties.
"""

from __future__ import annotations

from signaux_faibles.model.calibrate.choose import choose_calibrator
from signaux_faibles.model.calibrate.interval import Bag, fit_bag
from signaux_faibles.model.calibrate.maps import Beta, Calibrator, Isotonic, describe, read_calibrator

__all__ = ["Bag", "Beta", "Calibrator", "Isotonic", "choose_calibrator", "describe", "fit_bag", "read_calibrator"]
