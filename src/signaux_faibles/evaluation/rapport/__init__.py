"""The report in French: a page with drawings for everybody, tables for those who check, the sheet of the algorithm.

Takes the report of a backtest, the drift of a month and the card of a model; gives Markdown and drawings (SVG without
anything inline that a strict policy refuses). Reads no lake, decides nothing.
"""
