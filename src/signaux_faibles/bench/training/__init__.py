"""What learning, scoring and explaining cost at the size of a nation, on rows made for it.

Takes numbers of rows, columns and companies; gives processor seconds and peak memory, beside the targets. Rows look
like those of a panel (skewed, missing, each month near the one before) and mean nothing: no figure of quality comes
from here.
"""
