"""Headcount of the company: the value of the latest month known, and which month that is."""

from __future__ import annotations

from signaux_faibles.panel.as_of import Step, best_alive, pointer
from signaux_faibles.panel.states.declare import Family, Latest
from signaux_faibles.schema import Column, Kind

MAX_AGE_MONTHS = 12


def steps(absent: frozenset[str]) -> list[Step]:
    """Monthly headcounts as known, and the latest of them."""
    return [
        *best_alive(
            "s_effectif",
            "v_effectif_ent",
            key=("siren", "month"),
            columns=("effectif_count",),
            best_first="o.known_month DESC, o.effectif_count DESC",
        ),
        *pointer("d_effectif", "s_effectif", month="month"),
    ]


EFFECTIF = Family(
    name="effectif",
    reads={"effectif_ent": "siren, month, effectif_count"},
    steps=steps,
    columns=(
        Column("effectif_count", Kind.INTEGER, "Dernier effectif connu", "salariés"),
        Column(
            "effectif_mensuel_count",
            Kind.INTEGER,
            "Le même, vide quand ce n'est que celui d'une tranche",
            "salariés",
        ),
        Column("effectif_month", Kind.INTEGER, "Mois du dernier effectif connu", "mois"),
    ),
    latest=(
        Latest(
            pointer="effectif_month",
            deltas="d_effectif",
            table="s_effectif",
            month="month",
            columns=("effectif_count",),
            max_age_months=MAX_AGE_MONTHS,
            is_narrow=True,
        ),
    ),
    needs_months={"effectif_ent": "month >= {since} - {history} AND until_month > {since}"},
)
