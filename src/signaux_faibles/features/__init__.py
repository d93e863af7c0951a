"""What the model sees: the catalogue of features, each declared once, and its named sets.

Takes the panel (states at the end of each month); gives one row of numbers per company in perimeter and month. A
feature at t reads rows of the same company at t and before, never after. Missing stays missing: a null is not a zero.
Does not meet the target.
"""
