"""Why a company is flagged: contributions that add up exactly, by theme and by feature, with a French sentence each.

Takes a trained model and rows of features; gives points of probability from the base to the displayed probability.
"""
