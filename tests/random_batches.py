"""A lake that grows by random batches: late rows, corrections, withdrawals, companies that enter or come back."""

from __future__ import annotations

import random

from lakes import Row, day, known_at_end_of, m, stage
from random_world import FIRST, World
from signaux_faibles.lake import Lake

START = m("2021-06")
ENTERING = ("900000012", "900000020")
"""Companies of which nothing is known before some batch."""

RETURNING = "900000006"
"""A company that closes in the history, and opens again in a batch more than a year after."""

IDENTITY: dict[str, Row] = {
    "sirene": {"is_active": True, "departement": "75"},
    "sirene_ul": {"categorie_juridique": "5710", "code_naf": "25.62B"},
    "sirene_histo": {"is_active": True},
}
"""What the register says of a company that is in perimeter."""

TOLD_EVERY_MONTH = ("effectif_ent", "cotisation", "debit", "apconso")


class Batches:
    """A lake that grows by random batches; remembers which rows stand."""

    def __init__(self, lake: Lake, seed: int) -> None:
        self.lake, self.world = lake, World(seed)
        self.random: random.Random = self.world.random
        self.standing: dict[str, list[tuple[int, int]]] = {}
        self.told_of = ["900000004", "900000003", "900000005"]
        self.closing_month = START - self.random.randint(13, 34)
        self.return_month = START + self.random.randint(1, 3)

    def first(self) -> None:
        """The history, in one batch."""
        for source, rows in self.world.history().items():
            self._deliver(source, START, rows + self._closed(source), [])

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
            if source == "sirene_histo" and month == self.return_month:
                rows.append(self._period(month, is_active=True))
                self.told_of.append(RETURNING)
            gone = []
            if source not in ("sirene", "sirene_ul") and self.random.random() < 0.5:
                gone = self.random.sample(self.standing[source], k=min(2, len(self.standing[source])))
            self._deliver(source, month, rows, gone)
        if not (self.lake.staged("ccsf", month)).exists():
            self._deliver("ccsf", month, [], [])

    def _row(self, source: str, month: int) -> Row:
        siren = self.random.choice(self.told_of)
        row = self.world.row(source, siren, self.random.randint(month - 40, month))
        return row | {"known_from": max(row["known_from"], known_at_end_of(month))}

    def _closed(self, source: str) -> list[Row]:
        """The history of the company that is to come back."""
        if source in ("sirene", "sirene_ul"):
            return [self.world.row(source, RETURNING, FIRST) | IDENTITY[source] | {"known_from": day("2005-01-01")}]
        if source == "sirene_histo":
            return [self._period(FIRST, is_active=True), self._period(self.closing_month, is_active=False)]
        if source in TOLD_EVERY_MONTH:
            return [self.world.row(source, RETURNING, month) for month in range(FIRST, START)]
        return []

    def _period(self, month: int, *, is_active: bool) -> Row:
        """A period of its one establishment."""
        row = self.world.row("sirene_histo", RETURNING, month)
        return row | {"siret": f"{RETURNING}00011", "is_active": is_active, "known_from": known_at_end_of(month)}

    def _entry(self, source: str, siren: str, month: int) -> list[Row]:
        """The whole past of a company, learnt now."""
        now = {"known_from": known_at_end_of(month)}
        if source in IDENTITY:
            return [self.world.row(source, siren, FIRST) | IDENTITY[source] | now]
        if source in TOLD_EVERY_MONTH:
            return [self.world.row(source, siren, past) | now for past in range(month - 30, month - 1)]
        return []

    def _deliver(self, source: str, month: int, rows: list[Row], gone: list[tuple[int, int]]) -> None:
        stage(self.lake, source, month, rows, gone)
        kept = [key for key in self.standing.get(source, []) if key not in gone]
        self.standing[source] = kept + [(month, rank) for rank in range(len(rows))]
