"""Where a company stands among those of its trade, for the features that read well as more or less than others.

The cohort is the division of activity when it has enough companies in perimeter that month, or else the section. Shares
are counted among the companies of the cohort whose value is known. SQL tells the cohorts; the shares are counted on
arrays, since a window a feature and a side took 150 CPU-seconds for 350,000 companies.
"""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from signaux_faibles.domain.feature_name import is_change
from signaux_faibles.engine import Engine, parquet_sql
from signaux_faibles.features.build import built_set, current_features
from signaux_faibles.features.sets import feature_set
from signaux_faibles.lake import Lake
from signaux_faibles.model.learners import Doubles

MIN_DIVISION_COUNT = 50
"""Companies of a division under which its section is the cohort."""

MIN_KNOWN_COUNT = 11
"""Known values of a cohort under which nothing is told: a share of so few would tell the value of one of them."""

NOTABLE_PERCENT = 75
"""Share of the cohort under which a comparison is not worth a word."""

COMPARED = frozenset({
    "debit_eur", "debit_sur_cotisation_months", "debit_ouvriere_sur_cotisation_months", "debit_par_effectif_eur",
    "debit_par_effectif_change_3m_eur", "debit_recent_count", "debit_open_count", "debit_change_1m_months",
    "debit_change_3m_months", "debit_change_6m_months", "debit_change_12m_months", "debit_max_12m_months",
    "debit_12m_count", "debit_24m_count", "debit_since_clean_months", "cotisation_par_effectif_eur",
    "cotisation_change_3m_ratio", "cotisation_change_6m_ratio", "cotisation_change_12m_ratio", "delai_24m_count",
    "delai_refuse_24m_count", "chiffre_d_affaires_eur", "chiffre_d_affaires_change_ratio",
    "chiffre_d_affaires_change_24m_ratio", "marge_brute_sur_ca_ratio", "ebe_sur_ca_ratio", "ebit_sur_ca_ratio",
    "resultat_net_sur_ca_ratio", "ebe_sur_ca_change_ratio", "autonomie_financiere_ratio",
    "autonomie_financiere_change_ratio", "taux_d_endettement_ratio", "ratio_de_liquidite_ratio", "caf_sur_ca_ratio",
    "bfr_sur_ca_ratio", "rotation_des_stocks_days", "credit_clients_days", "credit_fournisseurs_days",
    "credit_fournisseurs_change_days", "ap_3m_ratio", "ap_12m_ratio", "ap_24m_ratio", "ap_24m_count",
    "ap_change_12m_ratio", "ap_autorise_ratio", "retard_days", "retard_max_12m_days", "retard_change_3m_days",
    "retard_change_6m_days", "retard_change_12m_days", "fpi_30_ratio", "fpi_30_change_12m_ratio", "fpi_90_ratio",
    "encours_eur", "effectif_count", "effectif_change_3m_ratio", "effectif_change_6m_ratio",
    "effectif_change_12m_ratio", "effectif_change_24m_ratio", "effectif_sur_max_24m_ratio",
    "etablissements_actifs_count", "age_years",
})  # fmt: skip
"""Features of which « plus que 95 % » says something. Left out: codes, ages of the data, what is known only of
companies in debt (a share of the debt compares with few), what is the same for a whole trade."""

SECTION, DIVISION = "section_naf_rank", "division_naf_code"


@dataclass(frozen=True)
class Standing:
    """Share of the cohort on either side of k companies of a list of n.

    Parameters
    ----------
    place : array of int, shape (n,)
        Place of each company of the list among the k, -1 for one that is not compared.
    names : tuple of str, length c
        Features compared.
    lower, higher : array, shape (k, c)
        Share of the cohort with a lower, a higher value; NaN where nothing may be told.
    is_division : array of bool, shape (k,)
        The cohort is the division of activity, not the section.
    """

    place: npt.NDArray[np.intp]
    names: tuple[str, ...]
    lower: Doubles
    higher: Doubles
    is_division: npt.NDArray[np.bool_]

    def phrases(self, rank: npt.NDArray[np.intp], feature: str, values: npt.NDArray[np.floating]) -> list[str]:
        """Comparisons of a feature of some companies; empty where there is nothing notable to tell.

        Parameters
        ----------
        rank : array of int, shape (m,)
            Of the companies in the list.
        values : array, shape (m,)
            Of the feature for these companies.
        """
        found = [""] * len(rank)
        if feature not in self.names:
            return found
        column, has_sign = self.names.index(feature), is_change(feature)
        lower, higher = _percent(self.lower[:, column]), _percent(self.higher[:, column])
        for row, (place, value) in enumerate(zip(self.place[rank].tolist(), values.tolist(), strict=True)):
            if place >= 0:
                is_division = bool(self.is_division[place])
                found[row] = phrase(lower[place], higher[place], is_division, value if has_sign else None)
        return found


def no_standing(count: int) -> Standing:
    """Nothing to compare the companies of a list with."""
    return Standing(np.full(count, -1), (), np.empty((0, 0)), np.empty((0, 0)), np.empty(0, bool))


def phrase(lower_percent: int, higher_percent: int, is_division: bool, change: float | None) -> str:
    """Comparison of a value, such as `plus que 95 % des entreprises du secteur`.

    Parameters
    ----------
    lower_percent, higher_percent : int
        Share of the cohort with a lower, a higher value, rounded down.
    change : float, optional
        Value of a change: a rise is compared with less of a rise only, a fall with less of a fall.
    """
    whom = f"{{}}\u202f% des entreprises {'de la branche' if is_division else 'du secteur'}"
    if lower_percent >= NOTABLE_PERCENT and (change is None or change > 0):
        return ("plus que " if change is None else "hausse plus forte que pour ") + whom.format(lower_percent)
    if higher_percent >= NOTABLE_PERCENT and (change is None or change < 0):
        return ("moins que " if change is None else "baisse plus forte que pour ") + whom.format(higher_percent)
    return ""


def read_standing(lake: Lake, month: int, siren: Sequence[str], is_told: npt.NDArray[np.bool_]) -> Standing:
    """Standing of some companies of a list, among all those in perimeter that month.

    Parameters
    ----------
    siren : sequence of str, length n
        In perimeter that month, sorted.
    is_told : array of bool, shape (n,)
        Companies to compare.
    """
    built = built_set(lake, month)
    known = frozenset(feature_set(built)) if built else frozenset[str]()
    names, companies = tuple(sorted(COMPARED & known)), np.array(siren, object)[is_told]
    if not names or SECTION not in known or not len(companies):
        return no_standing(len(siren))
    files = parquet_sql(current_features(lake, month, names=[*names, SECTION], first=month, last=month))
    with Engine(lake.scratch / "standing") as engine:
        table = engine.arrow(cohorts_sql(files, month, names, known))
    wanted = np.isin(table.column("siren").to_numpy(), companies)
    cohort = table.column("cohort").to_numpy()
    lower, higher = np.empty((len(companies), len(names))), np.empty((len(companies), len(names)))
    for column, name in enumerate(names):
        values = table.column(name).to_numpy().astype(np.float64)
        lower[:, column], higher[:, column] = shares(cohort, values, wanted)
    place = np.where(is_told, np.cumsum(is_told) - 1, -1)
    is_division = table.column("is_division").to_numpy()[wanted].astype(bool)
    return Standing(place, names, lower, higher, is_division)


def cohorts_sql(files: str, month: int, names: Sequence[str], known: Collection[str]) -> str:
    """Query of the cohort of every company in perimeter at a month, with the features to compare.

    Returns
    -------
    str
        (siren, is_division, cohort, features), by siren; the cohort is negative for a company without known trade.
    """
    division = f"CAST({DIVISION} AS INTEGER)" if DIVISION in known else "CAST(NULL AS INTEGER)"
    columns = ", ".join(names)
    return f"""
        WITH trade AS (
            SELECT siren, CAST({SECTION} AS INTEGER) AS section, {division} AS division, {columns}
            FROM {files} WHERE month = {month}
        ), counted AS (
            SELECT *, COUNT(*) OVER (PARTITION BY division) AS division_count FROM trade
        ), chosen AS (
            SELECT *, CASE WHEN division IS NOT NULL AND division_count >= {MIN_DIVISION_COUNT} THEN 1 ELSE 0 END
                AS is_division FROM counted
        )
        SELECT siren, is_division, COALESCE(CASE WHEN is_division = 1 THEN 1000 + division ELSE section END, -1)
            AS cohort, {columns} FROM chosen ORDER BY siren"""


def shares(cohort: npt.NDArray[np.integer], values: Doubles, wanted: npt.NDArray[np.bool_]) -> tuple[Doubles, Doubles]:
    """Share of the cohort of each company wanted with a lower value than its own, and with a higher one.

    Parameters
    ----------
    cohort : array of int, shape (n,)
        Negative for a company without cohort.
    values : array, shape (n,)
        NaN where unknown.
    wanted : array of bool, shape (n,)

    Returns
    -------
    tuple of array, shape (number wanted,)
        NaN for a company without value or cohort, and where too few values are known.
    """
    lower, higher = np.full(len(values), np.nan), np.full(len(values), np.nan)
    is_known = ~np.isnan(values) & (cohort >= 0)
    order = np.flatnonzero(is_known)[np.argsort(cohort[is_known], kind="stable")]
    for rows in np.split(order, np.flatnonzero(np.diff(cohort[order])) + 1):
        if len(rows) >= MIN_KNOWN_COUNT:
            known, told = np.sort(values[rows]), rows[wanted[rows]]
            lower[told] = np.searchsorted(known, values[told], side="left") / len(rows)
            higher[told] = 1 - np.searchsorted(known, values[told], side="right") / len(rows)
    return lower[wanted], higher[wanted]


def _percent(share: Doubles) -> list[int]:
    """Whole percentages, rounded down; 0 where nothing may be told."""
    percent: list[int] = np.floor(100 * np.nan_to_num(share, nan=0.0) + 1e-9).astype(int).tolist()
    return percent
