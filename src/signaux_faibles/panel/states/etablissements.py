"""Establishments that opened or closed lately, each counted once."""

from __future__ import annotations

from signaux_faibles.panel.as_of import NEVER, Step, interval_deltas, month_of_sql
from signaux_faibles.panel.states.declare import Family, Sums
from signaux_faibles.panel.states.sirene import PUBLICATION_MONTHS
from signaux_faibles.schema import Column, Kind

MEMORY_MONTHS = 12
KINDS = {"ouverts": 1, "fermes": 0}
"""Word of a column: state of the establishment in the periods that make it."""


def steps(absent: frozenset[str]) -> list[Step]:
    """Establishments that opened or closed in the last twelve months.

    They come from the periods of the family `sirene` (table `histo`). An establishment counts from the first of its
    periods told, once and for good: neither a correction nor a change of name opens it again.
    """
    made = []
    for word, active in KINDS.items():
        first = f"""
        SELECT siren, debut, known_month, {NEVER} AS until_month FROM (
            SELECT siren, debut, known_month,
                ROW_NUMBER() OVER (PARTITION BY siren, siret ORDER BY known_month, debut) AS rank
            FROM histo WHERE active = {active}
        ) AS told WHERE rank = 1"""
        made += [
            Step(f"etablissements_{word}", first),
            interval_deltas(
                f"d_etablissements_{word}",
                f"etablissements_{word}",
                start="known_month",
                stop=f"{month_of_sql('debut')} + {PUBLICATION_MONTHS + MEMORY_MONTHS}",
                amounts={f"etablissements_{word}_12m_count": "1"},
            ),
        ]
    return made


ETABLISSEMENTS = Family(
    name="etablissements",
    reads={},
    steps=steps,
    columns=(
        Column("etablissements_ouverts_12m_count", Kind.BIGINT, "Établissements ouverts en 12 mois", "établissements"),
        Column("etablissements_fermes_12m_count", Kind.BIGINT, "Établissements fermés en 12 mois", "établissements"),
    ),
    sums=tuple(Sums(f"d_etablissements_{word}", (f"etablissements_{word}_12m_count",)) for word in KINDS),
)
