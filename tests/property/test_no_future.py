"""Nothing of the future: adding or altering raw rows known after month t changes no feature at t.

A lake of a few random companies is built twice: as it is, then with random rows added, replaced or withdrawn in every
source, all of them first known after t. The features up to t must be the same to the last bit.
"""

from __future__ import annotations

import random
from collections.abc import Iterator
from datetime import date
from pathlib import Path
from typing import Any

import duckdb
import pytest

from deep import examples
from lakes import Row, day, known_at_end_of, m, new_lake, stage
from signaux_faibles.domain.periode import first_day
from signaux_faibles.features.build import build_features, features_folder
from signaux_faibles.ingest import versions
from signaux_faibles.lake import Lake
from signaux_faibles.lake.layout import OPEN, PARTNERS
from signaux_faibles.panel import build as panel_build

FIRST, BATCH, MIDDLE, LATER = m("2014-01"), m("2021-06"), m("2021-07"), m("2021-12")
COMPANIES = ("900000004", "900000003", "900000005")

SOMETIMES = ("debit", "delai", "ccsf", "apconso", "apdemande", "comptes", "paydex", "procol", "bodacc")
"""Sources that say something of a company in some months only."""


class World:
    """Random raw rows of a few companies, source by source."""

    def __init__(self, seed: int) -> None:
        self.random = random.Random(seed)
        self.sources: tuple[str, ...] = tuple(panel_build.SOURCES)

    def row(self, source: str, siren: str, month: int) -> Row:
        """A row of a source about a month of data, with the `known_from` of its publication rule."""
        draw = self.random
        siret = f"{siren}000{draw.choice((11, 29))}"
        when = first_day(month).replace(day=draw.randint(1, 28))
        known = known_at_end_of(month + 1)
        base: Row = {"siren": siren, "siret": siret, "compte": draw.choice("12"), "known_from": known}
        specific: dict[str, Row] = {
            "effectif_ent": {
                "month": month,
                "effectif_count": draw.randint(8, 40),
                "known_from": known_at_end_of(month + 3),
            },
            "cotisation": {
                "start_month": month,
                "end_month": month + draw.choice((1, 1, 3)),
                "du_cents": draw.randint(-1000, 900000),
                "known_from": known_at_end_of(month + 3),
            },
            "debit": self._debit(when, month),
            "delai": {
                "date_creation": when,
                "date_echeance": first_day(month + draw.randint(0, 24)),
                "montant_cents": draw.randint(1, 10**6),
                "stade": draw.choice(("APPROB", "REFUS")),
            },
            "ccsf": {"date_traitement": when, "stade": "DEBUT"},
            "procol": {
                "date_effet": when,
                "action": draw.choice(("redressement", "liquidation", "sauvegarde", "")),
                "stade": draw.choice(("ouverture", "plan_continuation", "fin_procedure", "solde_procedure")),
            },
            "apconso": {"month": month, "heures_centi": draw.randint(0, 500000)},
            "apdemande": {
                "date_statut": when,
                "date_debut": when,
                "date_fin": first_day(month + draw.randint(0, 6)),
                "heures_centi": draw.randint(0, 500000),
                "known_from": known_at_end_of(month),
            },
            "comptes": self._comptes(month),
            "paydex": {"date_valeur": when, "retard_days": draw.randint(0, 90), "fpi_30_pct": draw.random() * 100},
            "bodacc": self._bodacc(when, month),
            "sirene_histo": {"date_debut": when, "is_active": draw.random() < 0.8},
            "sirene": {
                "siret": f"{siren}00011",
                "is_siege": True,
                "departement": draw.choice(("75", "69", "2A")),
                "date_creation": day("2005-01-01"),
                "is_active": draw.random() < 0.8,
                "date_debut": when,
            },
            "sirene_ul": {
                "categorie_juridique": draw.choice(("5710", "5499", "7210")),
                "code_naf": draw.choice(("25.62B", "62.01Z", "84.11Z")),
                "date_creation": when,
                "tranche_effectif": draw.choice(("NN", "03", "11", "12", "21")),
                "annee_effectif": month // 12 - 2,
            },
        }
        return base | specific[source]

    def _bodacc(self, when: date, month: int) -> Row:
        """A notice; one in three discards another, of the few that there are."""
        draw = self.random
        published = first_day(month + draw.randint(0, 1)).replace(day=28)
        return {
            "annonce": f"A{draw.randint(0, 30)}",
            "annonce_precedente": draw.choice((None, None, f"A{draw.randint(0, 30)}")),
            "date_parution": published,
            "date_jugement": draw.choice((when, when, None)),
            "action": draw.choice(("redressement", "liquidation", "sauvegarde", None)),
            "stade": draw.choice(("ouverture", "plan_continuation", "fin_procedure", "conversion", None)),
            "type_avis": draw.choice(("initial", "initial", "rectificatif", "annulation")),
            "known_from": published,
        }

    def _debit(self, when: date, month: int) -> Row:
        draw = self.random
        return {
            "numero_ecart": draw.choice(("101", "201")),
            "numero_historique": draw.choice((1, 2, 3, 4, None)),
            "date_traitement": when,
            "part_ouvriere_cents": draw.randint(0, 10**6),
            "part_patronale_cents": draw.randint(0, 10**6),
            "start_month": month // 6 * 6,
            "end_month": month // 6 * 6 + 1,
        }

    def _comptes(self, month: int) -> Row:
        draw = self.random
        year = month // 12
        return {
            "date_cloture": date(year, 12, 31),
            "type_bilan": draw.choice(("C", "S", "K")),
            "chiffre_d_affaires_cents": draw.randint(0, 10**9),
            "ebe_cents": draw.randint(-(10**7), 10**7),
            "autonomie_financiere_pct": draw.random() * 100,
            "known_from": known_at_end_of(year * 12 + 11 + 7),
        }

    def open_history(self, *, has_history: bool) -> dict[str, list[Row]]:
        """The first batch of a lake of open data, with the history of establishments or without."""
        rows = self.history()
        for siren, unit in zip(COMPANIES, rows["sirene_ul"], strict=True):
            unit |= {"tranche_effectif": "12", "annee_effectif": 2018}
            rows["bodacc"] += [self.row("bodacc", siren, month) for month in range(FIRST, BATCH, 29)]
        kept = ("sirene", "sirene_ul", "bodacc", "comptes", *(["sirene_histo"] if has_history else []))
        return {source: rows[source] for source in kept}

    def history(self) -> dict[str, list[Row]]:
        """The first batch: years of rows, and an identity that does not move."""
        rows: dict[str, list[Row]] = {name: [] for name in panel_build.SOURCES}
        for siren in COMPANIES:
            rows["sirene"].append(
                self.row("sirene", siren, FIRST)
                | {"known_from": day("2005-01-01"), "departement": "75", "is_active": True}
            )
            rows["sirene_ul"].append(
                self.row("sirene_ul", siren, FIRST)
                | {"known_from": day("2005-01-01"), "categorie_juridique": "5710", "code_naf": "25.62B"}
            )
            rows["sirene_histo"].append(self.row("sirene_histo", siren, FIRST) | {"is_active": True})
            for month in range(FIRST, BATCH):
                rows["effectif_ent"].append(self.row("effectif_ent", siren, month))
                rows["cotisation"].append(self.row("cotisation", siren, month))
                for source in (
                    "debit",
                    "delai",
                    "ccsf",
                    "apconso",
                    "apdemande",
                    "comptes",
                    "paydex",
                    "procol",
                    "bodacc",
                ):
                    if self.random.random() < {"procol": 0.01, "bodacc": 0.01, "paydex": 0.6}.get(source, 0.15):
                        rows[source].append(self.row(source, siren, month))
        return rows

    def withdrawn(self, history: dict[str, list[Row]]) -> dict[str, list[int]]:
        """Rows of the first batch that the second no longer holds; the identity stays."""
        kept = ("sirene", "sirene_ul", "sirene_histo")
        return {
            source: sorted(self.random.sample(range(len(rows)), k=min(len(rows), 2)))
            for source, rows in history.items()
            if source not in kept
        }

    def future(self, after: int, back: dict[str, list[Row]]) -> dict[str, tuple[list[Row], list[tuple[int, int]]]]:
        """Rows first known after a month, some back after a withdrawal, and rows withdrawn after it."""
        changes: dict[str, tuple[list[Row], list[tuple[int, int]]]] = {}
        for source in self.sources:
            added = [
                self.row(source, siren, self.random.randint(FIRST, LATER))
                | {"known_from": known_at_end_of(self.random.randint(after + 1, LATER))}
                for siren in COMPANIES
                for _ in range(self.random.randint(0, 4))
            ]
            added += [row | {"known_from": known_at_end_of(after + 1)} for row in back.get(source, [])]
            gone = sorted({(BATCH, self.random.randint(0, 2)) for _ in range(self.random.randint(0, 2))})
            changes[source] = (added, gone)
        return changes


def _features(lake: Lake, until: int) -> list[tuple[Any, ...]]:
    panel_build.build_panel(lake, LATER)
    build_features(lake, LATER)
    return duckdb.sql(
        f"SELECT * FROM read_parquet('{features_folder(lake, LATER)}/*.parquet', hive_partitioning = false)"
        f" WHERE month <= {until} ORDER BY siren, month"
    ).fetchall()


def _altered_months(path: Path, seed: int, *, profile: str = PARTNERS) -> list[int]:
    """Months at or before t at which a feature changed, for one random world and t."""
    world = World(seed)
    history = world.history() if profile == PARTNERS else world.open_history(has_history=seed % 2 == 0)
    world.sources = tuple(history)
    gone = world.withdrawn(history)
    batch = m("2021-10")
    after = world.random.choice(
        (world.random.randint(m("2018-01"), batch - 1), world.random.randint(MIDDLE, batch - 1))
    )
    plain, altered = (new_lake(path / f"{name}{seed}", profile=profile) for name in ("plain", "altered"))
    for lake in (plain, altered):
        for source, rows in history.items():
            stage(lake, source, BATCH, rows)
            stage(lake, source, MIDDLE, [], [(BATCH, rank) for rank in gone.get(source, [])])
        stage(lake, "comptes", LATER, [])
    back = (
        {source: [history[source][rank] for rank in ranks] for source, ranks in gone.items()} if after >= MIDDLE else {}
    )
    for source, (added, lost) in world.future(after, back).items():
        lost = [item for item in lost if item[1] not in gone.get(source, [])]
        stage(altered, source, batch, added, lost)
    before, changed = _features(plain, after), _features(altered, after)
    assert len(before) > 20, "an empty comparison proves nothing"
    keys = {row[:2]: row for row in before}
    other = {row[:2]: row for row in changed}
    return sorted({key[1] for key in keys.keys() | other.keys() if repr(keys.get(key)) != repr(other.get(key))})


@pytest.mark.parametrize("seed", range(examples(12, deep=150)))
def test_rows_known_after_a_month_change_no_feature_at_it(tmp_path: Path, seed: int) -> None:
    assert _altered_months(tmp_path, seed) == []


@pytest.mark.parametrize("seed", range(examples(8, deep=100)))
def test_open_data_known_after_a_month_change_no_feature_at_it(tmp_path: Path, seed: int) -> None:
    assert _altered_months(tmp_path, seed, profile=OPEN) == []


@pytest.fixture
def leaking_versions(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """A planted fault: every row is believed known half a year too early."""

    def too_early(lake: Lake, source: str, as_of: int) -> str:
        honest = versions.versions_sql(lake, source, as_of)
        return f"SELECT * REPLACE (known_month - 6 AS known_month) FROM ({honest}) AS v"

    monkeypatch.setattr(panel_build, "versions_sql", too_early)
    return


@pytest.mark.usefixtures("leaking_versions")
def test_a_planted_leak_is_caught(tmp_path: Path) -> None:
    assert any(_altered_months(tmp_path, seed) for seed in range(3))
    assert any(_altered_months(tmp_path / "open", seed, profile=OPEN) for seed in range(3))
