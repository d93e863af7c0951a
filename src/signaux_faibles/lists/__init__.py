"""The right edge of the pipeline: a detection list, and what changed since the one before.

Takes a trained model and the features of a month; gives, in `lists/<YYYY-MM>/`, the level of every company scored, the
reason why the others are not, the changes, and the explanations.
"""
