"""What the model sees: about seventy features, each declared once.

Takes the panel (states at the end of each month); gives one row of numbers per company in perimeter and month. A
feature at t reads rows of the same company at t and before, never after. Missing stays missing: a null is not a zero.
Does not meet the target.
"""
