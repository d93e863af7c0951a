"""Blocks of the sheet, from the rows read to what the templates print.

Each module takes a `SheetData` and gives one frozen dataclass, a `Locked` when the agent may not see it, an `Empty`
when nothing is known, or None when there is nothing to say. No query, no permission decided here.
"""
