"""Files of the Urssaf: headcounts, contributions, debts, payment plans and collective proceedings.

Takes and gives what every source does (`schema.source`). Does not compute any balance: that is `panel` and `features`.
"""
