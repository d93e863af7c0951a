"""Way in which the trade knows that a feature moves the risk: 1 when more of it is never safer, -1 when never riskier.

Only what no agent would dispute is here: a ratio whose two ends may be bad, a size, an age, a code are not.
"""

from __future__ import annotations

RISES = (
    "debit_sur_cotisation_months",
    "debit_ouvriere_sur_cotisation_months",
    "debit_par_effectif_eur",
    "debit_par_effectif_change_3m_eur",
    "debit_recent_count",
    "debit_open_count",
    "debit_change_1m_months",
    "debit_change_3m_months",
    "debit_change_6m_months",
    "debit_change_12m_months",
    "debit_max_12m_months",
    "debit_12m_count",
    "debit_24m_count",
    "debit_since_clean_months",
    "delai_refuse_24m_count",
    "pertes_3_exercices_count",
    "capitaux_propres_negatifs_3_exercices_count",
    "retard_days",
    "retard_change_3m_days",
    "retard_change_6m_days",
    "retard_change_12m_days",
    "retard_max_12m_days",
    "fpi_30_ratio",
    "fpi_30_change_12m_ratio",
    "fpi_90_ratio",
    "procol_36m_count",
    "secteur_ouvertures_12m_ratio",
    "departement_ouvertures_12m_ratio",
)

FALLS = (
    "chiffre_d_affaires_change_ratio",
    "ebe_sur_ca_ratio",
    "ebit_sur_ca_ratio",
    "resultat_net_sur_ca_ratio",
    "resultat_net_previous_sur_ca_ratio",
    "caf_sur_ca_ratio",
    "autonomie_financiere_ratio",
    "effectif_change_3m_ratio",
    "effectif_change_6m_ratio",
    "effectif_change_12m_ratio",
    "effectif_change_24m_ratio",
    "effectif_sur_max_24m_ratio",
)

SIGNS: dict[str, int] = {**dict.fromkeys(RISES, 1), **dict.fromkeys(FALLS, -1)}
