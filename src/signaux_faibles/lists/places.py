"""Levels by capacity: the places of a departement in a quarter, in the place of thresholds.

Agents of a departement can meet so many companies in a quarter. The places of a quarter are taken once: they go first
to the companies that a list of the same quarter already alerted, the highest level first, as long as they can have a
level in that departement; then to the others by score. A company in a proceeding takes no place, and leaves the one it
had.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from itertools import groupby

from signaux_faibles.domain.errors import InputError
from signaux_faibles.domain.niveau import Niveau
from signaux_faibles.engine import Engine
from signaux_faibles.ingest.versions import versions_sql
from signaux_faibles.lake import Lake

QUARTER_MONTHS = 3


@dataclass(frozen=True)
class Capacity:
    """Companies that the agents of a departement can meet in a quarter.

    Parameters
    ----------
    eleve : int
        Places at the level `eleve`.
    alerts : int
        Places in all, `eleve` and `modere`: at least as many.
    """

    eleve: int
    alerts: int

    def __post_init__(self) -> None:
        if not 1 <= self.eleve <= self.alerts:
            raise InputError(
                f"Bad capacity: found {self.eleve} places at eleve and {self.alerts} in all.",
                todo="Give at least one place at eleve, and in all at least as many.",
            )


@dataclass(frozen=True)
class Candidates:
    """The n companies of a month, for which there may be a place.

    Parameters
    ----------
    siren : sequence of str, length n
    score : sequence of float, length n
        Ranking score, before calibration: higher is riskier.
    can_have_level : sequence of bool, length n
        False for a company whose proceeding is known.
    departement : mapping of str to str
        Of the head office of each siren; a company that has none takes no place.
    held : mapping of str to Niveau
        Highest level that each company had in the earlier lists of the quarter.
    """

    siren: Sequence[str]
    score: Sequence[float]
    can_have_level: Sequence[bool]
    departement: Mapping[str, str]
    held: Mapping[str, Niveau]

    @property
    def unplaced_count(self) -> int:
        """Companies without known departement among those that could have a level."""
        return sum(self.departement_of(rank) == "" for rank in range(len(self.siren)) if self.can_have_level[rank])

    def departement_of(self, rank: int) -> str:
        """Departement of a company, empty when it is not known."""
        return self.departement.get(self.siren[rank], "")

    def order_of(self, rank: int) -> tuple[str, int, float, str]:
        """Key by which places are given: departement, level held, score, siren."""
        held = self.held.get(self.siren[rank], Niveau.AUCUN)
        return self.departement_of(rank), -held.rank, -self.score[rank], self.siren[rank]


def give_places(capacity: Capacity, candidates: Candidates) -> list[Niveau | None]:
    """Level of each company, None for one whose proceeding is known."""
    found: list[Niveau | None] = [Niveau.AUCUN if may else None for may in candidates.can_have_level]
    placed = [rank for rank, may in enumerate(candidates.can_have_level) if may and candidates.departement_of(rank)]
    placed.sort(key=candidates.order_of)
    for _, members in groupby(placed, key=candidates.departement_of):
        for place, rank in enumerate(members):
            if place >= capacity.alerts:
                break
            found[rank] = Niveau.ELEVE if place < capacity.eleve else Niveau.MODERE
    return found


def quarter_of(month: int) -> int:
    """Number of the calendar quarter of a month."""
    return month // QUARTER_MONTHS


def head_offices(engine: Engine, lake: Lake, as_of: int, companies_sql: str) -> dict[str, str]:
    """Departement of the head office of companies, as known at a month; without one, of an establishment.

    Parameters
    ----------
    companies_sql : str
        What has their column `siren`.
    """
    found = engine.rows(f"""
        SELECT siren, departement FROM (
            SELECT siren, departement, ROW_NUMBER() OVER (
                PARTITION BY siren
                ORDER BY CASE WHEN is_siege THEN 0 ELSE 1 END, CASE WHEN is_active THEN 0 ELSE 1 END, siret
            ) AS rank
            FROM ({versions_sql(lake, "sirene", as_of)}) AS v
            WHERE known_month <= {as_of} AND (until_month IS NULL OR until_month > {as_of})
                AND departement <> '' AND siren IN (SELECT siren FROM {companies_sql})
        ) AS ranked WHERE rank = 1""")
    return dict(found)
