"""What the State has served, by its published definitions: what ours must beat, never what makes a list."""

from __future__ import annotations

from dataclasses import replace

from signaux_faibles.features.production import FISCAL, OPEN_EQUIVALENTS, PRODUCTION_FEATURES
from signaux_faibles.model.recipes.declare import Learner, Recipe

HISTORICAL_FEATURES: tuple[str, ...] = (
    *(name for name in PRODUCTION_FEATURES if name not in FISCAL),
    *OPEN_EQUIVALENTS,
)
"""What the production model of 2024 looks at, with published accounts in the place of the fifteen fiscal ratios: debts
and their past, contributions, short-time work, headcount level, supplier delays, accounts; no sector, age, region nor
trend of headcount. For a lake that has no fiscal extract, where those fifteen would all be missing."""

FORET = Recipe(
    name="foret",
    title="Forêt de production (100 arbres, profondeur 9, manquant = 0, positifs à 35 %)",
    learner=Learner.FOREST,
    features=HISTORICAL_FEATURES,
    parameters={"num_parallel_tree": 100, "max_depth": 9},
    positive_share=0.35,
    fill_missing_with_zero=True,
)

FORET_MANQUANTS = replace(
    FORET,
    name="foret-manquants",
    title="Forêt de production, où une donnée manquante reste manquante",
    fill_missing_with_zero=False,
)

TREE_BASED = replace(
    FORET,
    name="tree-based",
    title="Forêt de production, sur ses 36 variables (extraits fiscaux compris)",
    features=PRODUCTION_FEATURES,
)
"""The like-for-like yardstick, where the fiscal extracts are imported."""

LOGISTIC_FEATURES: tuple[str, ...] = (
    "cotisation_1m_eur",
    "cotisation_mean_12m_eur",
    "debit_ouvriere_eur",
    "debit_ouvriere_lag_1m_eur",
    "debit_ouvriere_lag_2m_eur",
    "debit_ouvriere_lag_3m_eur",
    "debit_ouvriere_lag_6m_eur",
    "debit_ouvriere_lag_12m_eur",
    "debit_patronale_eur",
    "debit_patronale_lag_1m_eur",
    "debit_patronale_lag_2m_eur",
    "debit_patronale_lag_3m_eur",
    "debit_patronale_lag_6m_eur",
    "debit_patronale_lag_12m_eur",
    "debit_sur_cotisation_months",
    "debit_par_effectif_change_3m_eur",
    "effectif_count",
    "ap_1m_h",
    "retard_change_12m_days",
    "chiffre_d_affaires_eur",
    "ebe_sur_ca_ratio",
    "bfr_sur_ca_ratio",
    "autonomie_financiere_ratio",
)
"""Variables of the logistic regression of September 2021, its nine fiscal ones replaced by their nearest published
ratios."""

LOGISTIQUE = Recipe(
    name="logistique",
    title="Régression logistique de 2021 (variables réduites, manquant = 0, positifs à 20 %)",
    learner=Learner.LOGISTIC,
    features=LOGISTIC_FEATURES,
    parameters={"penalty": 0.05},
    positive_share=0.20,
    fill_missing_with_zero=True,
)
