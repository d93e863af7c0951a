"""Parameters of a recipe chosen by trials, within what was known at a month."""

from signaux_faibles.evaluation.tuning.study import Trial, Tuning, tune

__all__ = ["Trial", "Tuning", "tune"]
