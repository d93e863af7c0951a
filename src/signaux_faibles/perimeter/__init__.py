"""Who is scored at a month, and why the others are not.

A company is in perimeter at month t when, with what was known at the end of t, it is alive, known to Sirene with a
head office in France, neither a sole trader nor of an excluded legal category or activity, and reached the headcount
threshold within the window. Everything known is dated, so a company of the past is judged with the knowledge of its
past; the rules are those in force at the month of the run, so that what is learnt is what is scored.

Takes a file of dated rules; gives the SQL of the verdict. Does not read the lake: that is `panel`.
"""

from signaux_faibles.perimeter.reading import read_rules
from signaux_faibles.perimeter.reasons import HEADCOUNT_REASON, REASONS, conditions, headcount_condition, reason_sql
from signaux_faibles.perimeter.rules import PerimeterRules, RuleBook

__all__ = [
    "HEADCOUNT_REASON",
    "REASONS",
    "PerimeterRules",
    "RuleBook",
    "conditions",
    "headcount_condition",
    "read_rules",
    "reason_sql",
]
