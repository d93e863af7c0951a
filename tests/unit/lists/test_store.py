"""Lists kept in a lake: what the next one reads of them."""

from __future__ import annotations

import json
import shutil
from pathlib import Path

import pyarrow.parquet as pq
import pytest

from lakes import new_lake
from signaux_faibles.domain.errors import StageError
from signaux_faibles.domain.niveau import Niveau
from signaux_faibles.lake import Lake
from signaux_faibles.lists.evolution import Evolution, Past
from signaux_faibles.lists.store import SCHEMA, list_ids, read_list_card, read_past
from written_lists import A, B, C, write

ELEVE, MODERE, AUCUN = Niveau.ELEVE, Niveau.MODERE, Niveau.AUCUN


@pytest.fixture
def lake(tmp_path: Path) -> Lake:
    """Three lists: A alerted in the second alone, B in the first and the third."""
    made = new_lake(tmp_path / "lake")
    write(made, "2026-01", {A: (AUCUN, 0.01), B: (MODERE, 0.2), C: (AUCUN, 0.02)})
    write(made, "2026-04", {A: (ELEVE, 0.4), B: (AUCUN, 0.05)})
    write(made, "2026-07", {A: (AUCUN, 0.03), B: (MODERE, 0.2), C: (None, None)})
    return made


def test_the_past_is_the_previous_list_and_every_alert_of_all(lake: Lake) -> None:
    past = read_past(lake, list_ids(lake, before="2026-10"))
    assert past.alerted == {A, B}
    assert {siren: (said.niveau, said.probability) for siren, said in past.previous.items()} == {
        A: (AUCUN, 0.03),
        B: (MODERE, 0.2),
        C: (None, None),
    }
    assert read_past(lake, []) == Past()


def test_a_company_is_alerted_for_the_first_time_once_whatever_the_lists_between(lake: Lake) -> None:
    entries = write(lake, "2026-10", {A: (MODERE, 0.2), B: (ELEVE, 0.5), C: (MODERE, 0.2)}, model_id="m2")
    assert [entries[siren].is_first_alert for siren in (A, B, C)] == [False, False, True]
    assert [entries[siren].evolution for siren in (A, B, C)] == [
        Evolution.ENTREE,
        Evolution.AGGRAVATION,
        Evolution.ENTREE,
    ]


def test_a_list_that_the_lake_lost_tells_nothing(lake: Lake) -> None:
    shutil.rmtree(lake.list("2026-04"))
    entries = write(lake, "2026-10", {A: (MODERE, 0.2), B: (AUCUN, 0.01)})
    assert entries[A].is_first_alert, "it was alerted in the lost list alone"
    assert entries[B].evolution is Evolution.SORTIE


def test_a_list_is_sorted_and_has_the_declared_columns(lake: Lake) -> None:
    write(lake, "2026-10", {C: (AUCUN, 0.01), A: (AUCUN, 0.01)})
    table = pq.read_table(lake.list("2026-10") / "scores.parquet")
    assert table.schema.equals(SCHEMA)
    assert table["siren"].to_pylist() == [A, C]
    assert table["flags"].to_pylist() == [[], []]


def test_a_card_is_read_back_and_one_made_before_the_rules_too(lake: Lake) -> None:
    write(lake, "2026-10", {A: (MODERE, 0.2)}, rules=("k_propres_negatifs",), unknown_flags=("delai_en_cours",))
    card = read_list_card(lake, "2026-10")
    assert (card.rules, card.unknown_flags) == (("k_propres_negatifs",), ("delai_en_cours",))
    assert (card.previous_id, card.counts["first_alerts"], card.counts["modere"]) == ("2026-07", 0, 1)
    path = lake.list("2026-01") / "card.json"
    content = json.loads(path.read_text())
    path.write_text(json.dumps({key: value for key, value in content.items() if key not in ("rules", "unknown_flags")}))
    assert read_list_card(lake, "2026-01").rules == ()


def test_a_list_that_was_not_made_is_named_with_its_command(lake: Lake) -> None:
    with pytest.raises(StageError, match="signaux list --as-of 2025-01"):
        read_list_card(lake, "2025-01")
