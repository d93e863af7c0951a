"""Named sets of features: the whole catalogue, what is learnt from, the core of sixty, that of production."""

from __future__ import annotations

from collections.abc import Sequence

from signaux_faibles.domain.errors import InputError
from signaux_faibles.features.catalogue import FEATURE_NAMES
from signaux_faibles.features.contexte import MACRO
from signaux_faibles.features.production import PRODUCTION_FEATURES, PRODUCTION_ONLY

LEARNT: tuple[str, ...] = tuple(name for name in FEATURE_NAMES if name not in PRODUCTION_ONLY | MACRO)
"""What a recipe of ours learns from: the catalogue, without what is kept for the comparison with production only, nor
the series that stop before the months to score."""

CORE: tuple[str, ...] = (
    "debit_eur",
    "debit_sur_cotisation_months",
    "debit_ouvriere_sur_cotisation_months",
    "debit_ouvriere_share_ratio",
    "debit_par_effectif_eur",
    "debit_open_count",
    "debit_change_1m_months",
    "debit_change_3m_months",
    "debit_change_6m_months",
    "debit_change_12m_months",
    "debit_max_12m_months",
    "debit_sur_max_24m_ratio",
    "debit_12m_count",
    "debit_24m_count",
    "debit_since_clean_months",
    "cotisation_par_effectif_eur",
    "cotisation_change_12m_ratio",
    "cotisation_3m_sur_12m_ratio",
    "delai_count",
    "delai_sur_debit_ratio",
    "delai_24m_count",
    "ccsf_24m_count",
    "chiffre_d_affaires_eur",
    "chiffre_d_affaires_change_ratio",
    "marge_brute_sur_ca_ratio",
    "ebe_sur_ca_ratio",
    "ebit_sur_ca_ratio",
    "resultat_net_sur_ca_ratio",
    "autonomie_financiere_ratio",
    "taux_d_endettement_ratio",
    "ratio_de_liquidite_ratio",
    "couverture_des_interets_ratio",
    "caf_sur_ca_ratio",
    "bfr_sur_ca_ratio",
    "credit_fournisseurs_days",
    "comptes_age_months",
    "ap_3m_ratio",
    "ap_12m_ratio",
    "ap_change_12m_ratio",
    "ap_24m_count",
    "ap_autorise_ratio",
    "ap_demande_12m_count",
    "retard_days",
    "retard_change_3m_days",
    "retard_change_6m_days",
    "retard_change_12m_days",
    "fpi_30_ratio",
    "fpi_90_ratio",
    "encours_eur",
    "effectif_count",
    "effectif_change_3m_ratio",
    "effectif_change_6m_ratio",
    "effectif_change_12m_ratio",
    "effectif_change_24m_ratio",
    "effectif_sur_max_24m_ratio",
    "effectif_age_months",
    "etablissements_actifs_count",
    "age_years",
    "section_naf_rank",
    "categorie_juridique_code",
)
"""Sixty features of the six themes: the size of set at which the speed of the panel is measured."""

EVERY_FEATURE = "all"

SETS: dict[str, tuple[str, ...]] = {
    EVERY_FEATURE: FEATURE_NAMES,
    "learnt": LEARNT,
    "core": CORE,
    "tree-based": PRODUCTION_FEATURES,
}


def smallest_set(features: Sequence[str]) -> str:
    """Name of the smallest set that holds some features."""
    return min((name for name in SETS if set(features) <= set(SETS[name])), key=lambda name: len(SETS[name]))


def feature_set(name: str) -> tuple[str, ...]:
    """Names of the features of a set.

    Raises
    ------
    InputError
        If no set has this name.
    """
    if name not in SETS:
        raise InputError(
            f"Unknown set of features: found {name!r}, expected one of {', '.join(SETS)}.",
            todo="See `signaux features --help`.",
        )
    return SETS[name]
