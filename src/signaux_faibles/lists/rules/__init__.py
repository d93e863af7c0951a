"""Expert rules (*redressements*): dated adjustments of a level by one step, off unless a list asks for them.

Takes the features of a month and the levels of a model; gives the levels after the rules, and which rule fired for
which company. Learns nothing: what each rule is worth is measured on a backtest (`effect`).
"""

from signaux_faibles.lists.rules.apply import Adjustment, adjust
from signaux_faibles.lists.rules.catalogue import ALL_IN_FORCE, RULES, choose_rules
from signaux_faibles.lists.rules.declare import Rule, RuleRows
from signaux_faibles.lists.rules.effect import Quality, RuleEffect, RulesEffect, rules_effect
from signaux_faibles.lists.rules.masking import CONFIDENTIEL, CONFIDENTIEL_LABEL, masked

__all__ = [
    "ALL_IN_FORCE",
    "CONFIDENTIEL",
    "CONFIDENTIEL_LABEL",
    "RULES",
    "Adjustment",
    "Quality",
    "Rule",
    "RuleEffect",
    "RuleRows",
    "RulesEffect",
    "adjust",
    "choose_rules",
    "masked",
    "rules_effect",
]
