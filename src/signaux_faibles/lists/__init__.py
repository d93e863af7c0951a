"""The right edge of the pipeline: a detection list, and what changed since the one before.

Takes a trained model and the features of a month; gives, in `lists/<YYYY-MM>/`, the level of every company scored, what
to know beside it, the reason why the others have none, the changes, and the explanations. Does not choose thresholds.
"""
