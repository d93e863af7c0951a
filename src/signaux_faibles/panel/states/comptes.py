"""Individual annual accounts: the latest exercise known, and the one a year before it.

Consolidated accounts describe a group, not the company that may fail: they are shown, not learnt from.
"""

from __future__ import annotations

from signaux_faibles.panel.as_of import Step, best_alive, month_of_sql, pointer
from signaux_faibles.panel.states.declare import Family, Latest
from signaux_faibles.panel.states.ties import highest_first
from signaux_faibles.schema import Column, Kind

COMPTES_COLUMNS = (
    "chiffre_d_affaires_cents",
    "marge_brute_cents",
    "ebe_cents",
    "ebit_cents",
    "resultat_net_cents",
    "taux_d_endettement_pct",
    "ratio_de_liquidite_pct",
    "ratio_de_vetuste_pct",
    "autonomie_financiere_pct",
    "poids_bfr_exploitation_sur_ca_pct",
    "couverture_des_interets_pct",
    "caf_sur_ca_pct",
    "capacite_de_remboursement_ratio",
    "poids_bfr_exploitation_sur_ca_days",
    "rotation_des_stocks_days",
    "credit_clients_days",
    "credit_fournisseurs_days",
)

PREVIOUS = (
    "chiffre_d_affaires_cents",
    "ebe_cents",
    "resultat_net_cents",
    "autonomie_financiere_pct",
    "credit_fournisseurs_days",
)
"""Columns kept for the exercise before, closed twelve months earlier."""

MAX_AGE_MONTHS = 30


def steps(absent: frozenset[str]) -> list[Step]:
    """Exercises as known, and the latest of them."""
    individual = Step(
        "comptes_individuels",
        f"SELECT *, {month_of_sql('date_cloture')} AS cloture_month FROM v_comptes"
        " WHERE COALESCE(type_bilan, '') <> 'K'",
    )
    first = f"o.known_month DESC, o.date_cloture DESC, o.type_bilan, {highest_first(COMPTES_COLUMNS)}"
    return [
        individual,
        *best_alive(
            "s_comptes", "comptes_individuels", key=("siren", "cloture_month"), columns=COMPTES_COLUMNS,
            best_first=first,
        ),
        *pointer("d_comptes", "s_comptes", month="cloture_month"),
    ]  # fmt: skip


UNITS = {"cents": "centimes", "pct": "%", "days": "jours", "ratio": ""}


def _columns(prefix: str, names: tuple[str, ...], what: str) -> tuple[Column, ...]:
    return tuple(
        Column(
            f"{prefix}{name}",
            Kind.BIGINT if name.endswith("_cents") else Kind.DOUBLE,
            f"{what} : {name.rsplit('_', 1)[0].replace('_', ' ')}",
            UNITS[name.rsplit("_", 1)[1]],
        )
        for name in names
    )


COMPTES = Family(
    name="comptes",
    reads={"comptes": "siren, date_cloture, type_bilan, " + ", ".join(COMPTES_COLUMNS)},
    steps=steps,
    columns=(
        Column("cloture_month", Kind.INTEGER, "Mois de clôture des derniers comptes connus", "mois"),
        *_columns("", COMPTES_COLUMNS, "Derniers comptes"),
        *_columns("previous_", PREVIOUS, "Comptes d'un an avant"),
    ),
    latest=(
        Latest(
            pointer="cloture_month",
            deltas="d_comptes",
            table="s_comptes",
            month="cloture_month",
            columns=COMPTES_COLUMNS,
            max_age_months=MAX_AGE_MONTHS,
            earlier={"previous_": (12, PREVIOUS)},
        ),
    ),
)
