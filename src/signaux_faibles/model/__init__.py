"""From features to a calibrated probability.

Takes features and labels of a panel; gives an immutable artefact: learner in its own open format, calibrator,
thresholds, the features it reads, what it was trained on. Does not know how features are computed, nor how a list is
made.
"""
