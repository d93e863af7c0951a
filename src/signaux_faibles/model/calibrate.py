"""From a score to a probability that means what it says.

Platt's method: the log-odds of the probability are a line of the score's log-odds, fitted on a later period and on
companies the learner never saw. A line keeps the contributions additive in log-odds, and keeps the ranking.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from sklearn.linear_model import LogisticRegression

from signaux_faibles.domain.errors import StageError
from signaux_faibles.model.learners import Doubles
from signaux_faibles.model.matrix import Floats
from signaux_faibles.model.recipes import Learner

EDGE = 1e-6


@dataclass(frozen=True)
class Calibrator:
    """Line from the log-odds of a score to the log-odds of a probability.

    Parameters
    ----------
    slope, intercept : float
    """

    slope: float
    intercept: float

    def log_odds(self, learner: Learner, score: Doubles) -> Doubles:
        """Calibrated log-odds, shape (n,)."""
        calibrated: Doubles = self.slope * score_log_odds(learner, score) + self.intercept
        return calibrated

    def probability(self, learner: Learner, score: Doubles) -> Doubles:
        """Calibrated probability, shape (n,), in ]0, 1[."""
        probability: Doubles = 1 / (1 + np.exp(-self.log_odds(learner, score)))
        return probability


def score_log_odds(learner: Learner, score: Doubles) -> Doubles:
    """Log-odds of a score: the score itself for the boosting."""
    if learner is Learner.BOOSTING:
        return score
    clipped = np.clip(score, EDGE, 1 - EDGE)
    odds: Doubles = np.log(clipped / (1 - clipped))
    return odds


def fit_calibrator(learner: Learner, score: Doubles, failure: Floats) -> Calibrator:
    """Fit the line on labelled rows.

    Raises
    ------
    StageError
        If the fold has a single class, or the score ranks backwards there.
    """
    if len(np.unique(failure)) < 2:
        raise StageError(f"Nothing to calibrate on: {len(failure)} rows of a single class.", todo="Use more companies.")
    line = LogisticRegression(C=np.inf, tol=1e-10, max_iter=1000)
    line.fit(score_log_odds(learner, score).reshape(-1, 1), failure)
    slope, intercept = float(line.coef_[0, 0]), float(line.intercept_[0])
    if slope <= 0:
        raise StageError(
            "The score ranks companies backwards on the calibration fold.", todo="Use more companies or another recipe."
        )
    return Calibrator(slope, intercept)
