"""Establishments that opened or closed lately, each counted once."""

from __future__ import annotations

from signaux_faibles.panel.as_of import NEVER, Step, interval_deltas, month_of_sql
from signaux_faibles.panel.states.declare import Family, Sums
from signaux_faibles.panel.states.sirene import PUBLICATION_MONTHS
from signaux_faibles.schema import Column, Kind

MEMORY_MONTHS = 12
KINDS = ("ouverts", "fermes")


def steps(absent: frozenset[str]) -> list[Step]:
    """Establishments that opened or closed in the last twelve months.

    They come from the periods of the family `sirene` (table `histo`).
    """
    made = []
    for word, told in zip(KINDS, (_openings(), _closings()), strict=True):
        made += [
            Step(f"etablissements_{word}", told),
            interval_deltas(
                f"d_etablissements_{word}",
                f"etablissements_{word}",
                start="known_month",
                stop=f"{month_of_sql('debut')} + {PUBLICATION_MONTHS + MEMORY_MONTHS}",
                amounts={f"etablissements_{word}_12m_count": "1"},
            ),
        ]
    return made


def _openings() -> str:
    """An establishment opens with the first of its periods told, once and for good.

    Neither a correction nor a change of name opens it again.
    """
    return f"""
        SELECT siren, debut, known_month, {NEVER} AS until_month FROM (
            SELECT siren, debut, known_month,
                ROW_NUMBER() OVER (PARTITION BY siren, siret ORDER BY known_month, debut) AS rank
            FROM histo WHERE active = 1
        ) AS told WHERE rank = 1"""


def _closings() -> str:
    """An establishment closes each time that a closed period is told after an active one.

    The first closing told after an active period stands: neither another date nor a second closed period is one more.
    One that closes again counts by its last closing, so that establishments are counted, not their closings.
    """
    return f"""
        SELECT siren, debut, known_month,
            COALESCE(MIN(known_month) OVER (
                PARTITION BY siren, siret ORDER BY debut, known_month ROWS BETWEEN 1 FOLLOWING AND UNBOUNDED FOLLOWING
            ), {NEVER}) AS until_month
        FROM (
            SELECT siren, siret, debut, known_month,
                ROW_NUMBER() OVER (PARTITION BY siren, siret, opened ORDER BY known_month, debut) AS rank
            FROM (
                SELECT c.siren AS siren, c.siret AS siret, c.debut AS debut, c.known_month AS known_month,
                    MAX(a.debut) AS opened
                FROM (
                    SELECT siren, siret, debut, MIN(known_month) AS known_month
                    FROM histo WHERE active = 0 GROUP BY siren, siret, debut
                ) AS c
                JOIN histo AS a ON a.siren = c.siren AND a.siret = c.siret AND a.active = 1
                    AND a.debut <= c.debut AND a.known_month <= c.known_month
                GROUP BY c.siren, c.siret, c.debut, c.known_month
            ) AS closed
        ) AS told WHERE rank = 1"""


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
