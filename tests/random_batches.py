"""A lake that grows by random batches: late rows, corrections, withdrawals, companies that enter."""

from __future__ import annotations

import random

from lakes import Row, known_at_end_of, m, stage
from random_world import FIRST, World
from signaux_faibles.lake import Lake

START = m("2021-06")
ENTERING = ("900000012", "900000020")
"""Companies of which nothing is known before some batch."""


class Batches:
    """A lake that grows by random batches; remembers which rows stand."""

    def __init__(self, lake: Lake, seed: int) -> None:
        self.lake, self.world = lake, World(seed)
        self.random: random.Random = self.world.random
        self.standing: dict[str, list[tuple[int, int]]] = {}

    def first(self) -> None:
        """The history, in one batch."""
        for source, rows in self.world.history().items():
            self._deliver(source, START, rows, [])

    def next(self, month: int) -> None:
        """News of a month: rows of any month of data, known now, and rows that stand no more."""
        entering = ENTERING[(month - START) % 2] if self.random.random() < 0.5 else None
        for source in self.world.sources:
            if source in ("sirene", "sirene_ul") and entering is None:
                continue
            rows = (
                []
                if source in ("sirene", "sirene_ul")
                else [self._row(source, month) for _ in range(self.random.randint(0, 3))]
            )
            rows += self._entry(source, entering, month) if entering else []
            gone = []
            if source not in ("sirene", "sirene_ul") and self.random.random() < 0.5:
                gone = self.random.sample(self.standing[source], k=min(2, len(self.standing[source])))
            self._deliver(source, month, rows, gone)
        if not (self.lake.staged("ccsf", month)).exists():
            self._deliver("ccsf", month, [], [])

    def _row(self, source: str, month: int) -> Row:
        siren = self.random.choice(("900000004", "900000003", "900000005"))
        row = self.world.row(source, siren, self.random.randint(month - 40, month))
        return row | {"known_from": max(row["known_from"], known_at_end_of(month))}

    def _entry(self, source: str, siren: str, month: int) -> list[Row]:
        """The whole past of a company, learnt now."""
        now = {"known_from": known_at_end_of(month)}
        if source in ("sirene", "sirene_ul", "sirene_histo"):
            identity = {"is_active": True, "departement": "75", "categorie_juridique": "5710", "code_naf": "25.62B"}
            row = self.world.row(source, siren, FIRST)
            return [row | {key: value for key, value in identity.items() if key in row} | now]
        if source in ("effectif_ent", "cotisation", "debit", "apconso"):
            return [self.world.row(source, siren, past) | now for past in range(month - 30, month - 1)]
        return []

    def _deliver(self, source: str, month: int, rows: list[Row], gone: list[tuple[int, int]]) -> None:
        stage(self.lake, source, month, rows, gone)
        kept = [key for key in self.standing.get(source, []) if key not in gone]
        self.standing[source] = kept + [(month, rank) for rank in range(len(rows))]
