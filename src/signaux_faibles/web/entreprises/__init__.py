"""The company sheet.

Takes the current release (or the list asked for) and an agent, gives one page: how high, why, how it changed, then the
data. What the agent may not see is never read from the database. Decides nothing about access: `policy` does. Draws
nothing: `ui.charts` does.
"""
