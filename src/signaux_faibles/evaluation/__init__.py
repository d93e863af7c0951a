"""How good a model is, said honestly: out of time, on companies it never saw, with intervals.

Takes a trained model and a panel; gives figures with and without the companies already in proceedings, side by side,
the jobs found, the calibration, and, on simulated data only, the best that anyone could do. Changes nothing.
"""
