"""Explanations of a list on a fake France: they add up to what the list displays, and say what the features say."""

from __future__ import annotations

import re
import shutil
from pathlib import Path
from typing import Any

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.parquet as pq
import pytest

from commands import done
from lakes import m
from signaux_faibles.explain.comparison import DIVISION, MIN_DIVISION_COUNT, MIN_KNOWN_COUNT, SECTION
from signaux_faibles.explain.explain import UNKNOWN
from signaux_faibles.explain.similar import SimilarBin
from signaux_faibles.features.build import current_features
from signaux_faibles.features.catalogue import BY_NAME
from signaux_faibles.lake import Lake, open_lake
from signaux_faibles.lists.build import build_list, check_list_is_current
from signaux_faibles.lists.store import read_list_card
from signaux_faibles.model.train import read_model

FIRST, LAST = "2026-07", "2026-10"
SIMILAR = (SimilarBin(0.0, 900, 300, 0.01), SimilarBin(0.1, 400, 100, 0.18))

Row = dict[str, Any]


@pytest.fixture(scope="module")
def lake(two_months: Path, tmp_path_factory: pytest.TempPathFactory) -> Lake:
    """A lake of 600 companies with two lists, the second told beside past cases."""
    folder = tmp_path_factory.mktemp("explanations")
    shutil.copytree(two_months, folder / "lake")
    made = open_lake(folder / "lake")
    model = read_model(made, read_list_card(made, FIRST).model_id)
    build_list(made, model, m(LAST), similar=SIMILAR)
    return made


def rows_of(lake: Lake, name: str) -> list[Row]:
    rows: list[Row] = pq.read_table(lake.list(LAST) / name).to_pylist()
    return rows


def by_siren(rows: list[Row], *natures: str) -> dict[str, list[Row]]:
    found: dict[str, list[Row]] = {}
    for row in rows:
        if row["nature"] in natures:
            found.setdefault(row["siren"], []).append(row)
    return found


def features(lake: Lake, month: str) -> pa.Table:
    files = current_features(lake, m(month), first=m(month), last=m(month))
    table = pa.concat_tables([pq.read_table(path) for path in files], promote_options="default")
    return table.filter(pc.equal(table["month"], m(month)))


def test_changes_lead_from_the_risk_displayed_before_to_that_of_today(lake: Lake) -> None:
    scores = {row["siren"]: row for row in rows_of(lake, "scores.parquet")}
    told = by_siren(rows_of(lake, "explications.parquet"), "evolution")
    assert told, "nobody changed"
    for siren, rows in told.items():
        total = scores[siren]["probability_precedente"] + sum(row["points"] for row in rows)
        assert total == pytest.approx(scores[siren]["probability_18m"], abs=1e-12)
    alerts = ("modere", "eleve")
    expected = {
        siren
        for siren, row in scores.items()
        if row["niveau"] and row["probability_precedente"] is not None
        and (row["niveau"] in alerts or row["niveau_precedent"] in alerts)
    }  # fmt: skip
    assert told.keys() == expected
    assert not any(row["feature"] == "modele" for rows in told.values() for row in rows), "one model, the same data"


def test_a_passage_says_the_two_values_of_the_features(lake: Lake) -> None:
    names = ("siren", "debit_eur")
    then, now = (
        dict(zip(*(features(lake, month)[n].to_pylist() for n in names), strict=True)) for month in (FIRST, LAST)
    )
    told = [
        row for row in rows_of(lake, "explications.parquet")
        if row["nature"] == "evolution_variable" and row["told_by"] == "debit_eur" and "passée de" in row["sentence"]
    ]  # fmt: skip
    assert told
    for row in told:
        numbers = [int(re.sub(r"\D", "", text)) for text in re.findall(r"([\d\u202f]+)\u202f€", row["sentence"])]
        if "moins de" not in row["sentence"]:
            assert numbers == [round(then[row["siren"]]), round(now[row["siren"]])]


def test_a_comparison_is_what_anyone_would_count(lake: Lake) -> None:
    table = features(lake, LAST)
    section, division = (table[name].to_numpy() for name in (SECTION, DIVISION))
    rank = {siren: place for place, siren in enumerate(table["siren"].to_pylist())}
    told = [row for row in rows_of(lake, "explications.parquet") if row["comparison"] and row["nature"] == "variable"]
    assert told
    for row in told:
        place, values = rank[row["siren"]], table[row["told_by"]].to_numpy().astype(float)
        is_division = np.sum(division == division[place]) >= MIN_DIVISION_COUNT
        cohort = values[division == division[place] if is_division else section == section[place]]
        known = cohort[~np.isnan(cohort)]
        assert len(known) >= MIN_KNOWN_COUNT
        assert ("de la branche" in row["comparison"]) is bool(is_division)
        is_high = row["comparison"].startswith(("plus que", "hausse"))
        count = np.sum(known < values[place]) if is_high else np.sum(known > values[place])
        assert f" {int(100 * count / len(known) + 1e-9)}\u202f%" in row["comparison"]
        assert row["data_class"] == BY_NAME[row["told_by"]].data_class.value


def test_alerts_alone_are_detailed_compared_and_told_beside_past_cases(lake: Lake) -> None:
    scores = {row["siren"]: row for row in rows_of(lake, "scores.parquet")}
    alerts = {siren for siren, row in scores.items() if row["niveau"] in ("modere", "eleve")}
    rows = rows_of(lake, "explications.parquet")
    assert by_siren(rows, "variable").keys() == by_siren(rows, "similaires").keys() == alerts
    for siren, (row,) in by_siren(rows, "similaires").items():
        expected = SIMILAR[int(scores[siren]["probability_18m"] >= SIMILAR[1].least)]
        assert row["value"] == pytest.approx(100 * expected.rate)
    marked = by_siren([row for row in rows if row["selection"]], "variable")
    for found in marked.values():
        for mark in ("preoccupant", "rassurant"):
            assert sum(row["selection"] == mark for row in found) <= 5


def test_past_cases_are_kept_with_the_list_and_decide_whether_it_is_made_again(lake: Lake) -> None:
    card = read_list_card(lake, LAST)
    assert card.similar == SIMILAR
    model = read_model(lake, card.model_id)
    check_list_is_current(lake, model, m(LAST))
    assert build_list(lake, model, m(LAST), similar=SIMILAR) == card
    path = lake.list(LAST) / "card.json"
    moment = path.stat().st_mtime_ns
    build_list(lake, model, m(LAST), similar=SIMILAR)
    assert path.stat().st_mtime_ns == moment, "read back"


def test_a_month_told_again_says_what_it_said(lake: Lake, tmp_path: Path) -> None:
    """Without the scores of the previous list, or by another model, its month is read in the panel of this one."""
    shutil.copytree(lake.root, tmp_path / "lake")
    again = open_lake(tmp_path / "lake")
    model = read_model(again, read_list_card(again, LAST).model_id)
    shutil.rmtree(again.scores(model.model_id, m(FIRST)))
    build_list(again, model, m(LAST), similar=SIMILAR, force=True)
    assert pq.read_table(again.list(LAST) / "explications.parquet").equals(
        pq.read_table(lake.list(LAST) / "explications.parquet")
    )


def test_a_company_without_a_known_value_has_a_risk_a_flag_and_words(lake: Lake, tmp_path: Path) -> None:
    """Every feature of three companies is lost: they are scored, listed, and told that nothing is known of them."""
    shutil.copytree(lake.root, tmp_path / "lake")
    blind, month = open_lake(tmp_path / "lake"), m(LAST)
    scores = [row for row in rows_of(lake, "scores.parquet") if row["niveau"]]
    lost = {row["siren"] for row in (scores[0], scores[1], max(scores, key=lambda row: row["probability_18m"]))}
    for path in current_features(blind, month, first=month, last=month):
        pq.write_table(_without_values(pq.read_table(path), lost), path)
    model = read_model(blind, read_list_card(blind, LAST).model_id)
    build_list(blind, model, month, similar=SIMILAR, force=True)
    found = {row["siren"]: row for row in rows_of(blind, "scores.parquet") if row["siren"] in lost}
    assert {row["probability_18m"] for row in found.values()} == {next(iter(found.values()))["probability_18m"]}
    assert all(0 < row["probability_18m"] < 1 and row["niveau"] for row in found.values())
    assert all("peu_d_informations" in row["flags"] for row in found.values())
    listed = [row for row in rows_of(blind, "scores.parquet") if row["niveau"]]
    least, most = np.quantile([row["probability_18m"] for row in listed], [0.05, 0.95])
    assert all(row["probability_low"] <= least < most <= row["probability_high"] for row in found.values())
    assert all(row["probability_low"] <= row["probability_18m"] <= row["probability_high"] for row in listed)
    rows = by_siren(rows_of(blind, "explications.parquet"), "base", "theme", "variable")
    for siren in lost:
        assert rows[siren][0]["sentence"].startswith(UNKNOWN.split("{low}")[0])
        assert not any(np.isnan(row["points"]) for row in rows[siren])
        assert not any(row["comparison"] for row in rows[siren])
        total = sum(row["points"] for row in rows[siren] if row["nature"] != "variable")
        assert total == pytest.approx(found[siren]["probability_18m"], abs=1e-12)
    written = pa.concat_tables(
        [pq.read_table(path) for path in blind.scores(model.model_id, month).glob("part-*.parquet")]
    )
    for row in written.to_pylist():
        if row["siren"] in lost:
            assert 0 < row["probability_low"] <= row["probability_18m"] <= row["probability_high"] < 1


def _without_values(table: pa.Table, lost: set[str]) -> pa.Table:
    is_lost = pc.is_in(table["siren"], pa.array(sorted(lost)))
    for name in table.column_names:
        if name in BY_NAME:
            empty = pa.scalar(None, table[name].type)
            column = pc.if_else(is_lost, empty, table[name])
            table = table.set_column(table.column_names.index(name), name, column)
    return table


def test_with_ranks_the_month_before_is_ranked_among_its_own_companies(lake: Lake, tmp_path: Path) -> None:
    """The same model says of the month before what it said then: no line for a change of model."""
    shutil.copytree(lake.root, tmp_path / "lake")
    ranked = open_lake(tmp_path / "lake")
    for list_id in (FIRST, LAST):
        shutil.rmtree(ranked.list(list_id))
    done("train", "boosting-rangs", "--as-of", FIRST, "--lake", ranked.root)
    (model_id,) = (path.name for path in ranked.model("*").parent.glob("boosting-rangs-*"))
    model = read_model(ranked, model_id)
    for list_id in (FIRST, LAST):
        build_list(ranked, model, m(list_id))
    scores = {row["siren"]: row for row in rows_of(ranked, "scores.parquet")}
    told = by_siren(rows_of(ranked, "explications.parquet"), "evolution")
    assert told
    for siren, rows in told.items():
        assert not any(row["feature"] == "modele" for row in rows)
        total = scores[siren]["probability_precedente"] + sum(row["points"] for row in rows)
        assert total == pytest.approx(scores[siren]["probability_18m"], abs=1e-12)
