"""Lists on a fake France: flags, expert rules and their trail, comparison, JSON for today's consumers."""

from __future__ import annotations

import hashlib
import json
import shutil
from pathlib import Path
from typing import Any

import pyarrow.parquet as pq
import pytest

from commands import done, refused, run
from lakes import m
from signaux_faibles.domain.errors import InputError, ReleaseError, StageError
from signaux_faibles.features.build import current_features
from signaux_faibles.lake import Lake, open_lake
from signaux_faibles.lists.places import Capacity
from signaux_faibles.lists.rules import CONFIDENTIEL, RULES
from signaux_faibles.lists.store import read_list_card
from signaux_faibles.release.reader import read_table, verify_release

FIRST, LAST = "2026-07", "2026-10"
RANK = {"eleve": 2, "modere": 1, "aucun": 0}


@pytest.fixture(scope="module")
def lake(two_months: Path, tmp_path_factory: pytest.TempPathFactory) -> Lake:
    """A lake of 600 companies with two lists, the second with every rule in force, and its release."""
    folder = tmp_path_factory.mktemp("lists")
    shutil.copytree(two_months, folder / "lake")
    done("list", "--as-of", LAST, "--expert-rule", "all", "--lake", folder / "lake")
    done("release", "--as-of", LAST, "--lake", folder / "lake")
    return open_lake(folder / "lake")


def entries(lake: Lake, list_id: str) -> dict[str, dict[str, Any]]:
    return {row["siren"]: row for row in pq.read_table(lake.list(list_id) / "scores.parquet").to_pylist()}


def features(lake: Lake, month: str, *names: str) -> dict[str, dict[str, Any]]:
    files = current_features(lake, m(month), names=names, first=m(month), last=m(month))
    rows = [row for path in files for row in pq.read_table(path, columns=["siren", "month", *names]).to_pylist()]
    return {row["siren"]: row for row in rows if row["month"] == m(month)}


def digests(folder: Path) -> dict[str, str]:
    return {path.name: hashlib.sha256(path.read_bytes()).hexdigest() for path in sorted(folder.iterdir())}


def release_of(lake: Lake) -> Path:
    return next(lake.releases.glob(f"{LAST}-*"))


@pytest.mark.parametrize("list_id", [FIRST, LAST])
def test_flags_are_what_the_features_of_the_month_say_and_take_no_level_away(lake: Lake, list_id: str) -> None:
    facts = features(lake, list_id, "age_years", "delai_count")
    found = {siren: row for siren, row in entries(lake, list_id).items() if row["exclusion"] != "hors_perimetre"}
    assert found.keys() == facts.keys()
    young = {siren for siren, fact in facts.items() if fact["age_years"] is not None and fact["age_years"] < 3}
    with_plan = {siren for siren, fact in facts.items() if fact["delai_count"]}
    assert {siren for siren, row in found.items() if "creation_recente" in row["flags"]} == young
    assert {siren for siren, row in found.items() if "delai_en_cours" in row["flags"]} == with_plan
    assert young, "nobody to speak of"
    assert with_plan, "nobody to speak of"
    assert all(found[siren]["niveau"] for siren in young | with_plan if not found[siren]["exclusion"])
    counts = read_list_card(lake, list_id).counts
    scored = {siren for siren, row in found.items() if row["exclusion"] is None}
    assert (counts["creation_recente"], counts["delai_en_cours"]) == (len(young & scored), len(with_plan & scored))


def test_without_rules_the_level_is_the_model_s(lake: Lake) -> None:
    rows = entries(lake, FIRST).values()
    assert all(row["niveau_avant_regles"] == row["niveau"] and not row["redressements"] for row in rows)
    card = read_list_card(lake, FIRST)
    assert card.rules == ()
    assert "raised_by_rules" not in card.counts


def test_with_rules_a_level_moves_by_one_step_and_the_trail_says_why(lake: Lake) -> None:
    card = read_list_card(lake, LAST)
    moves = {}
    for siren, row in entries(lake, LAST).items():
        if row["exclusion"]:
            assert (row["niveau"], row["niveau_avant_regles"], row["redressements"]) == (None, None, [])
            continue
        thresholds = (card.threshold_modere, card.threshold_eleve)
        assert RANK[row["niveau_avant_regles"]] == sum(row["probability_18m"] >= value for value in thresholds)
        move = RANK[row["niveau"]] - RANK[row["niveau_avant_regles"]]
        assert move in (0, 1), "no rule that lowers is in force"
        if move:
            moves[siren] = [name for name in row["redressements"] if RULES[name].effect]
        assert len(row["redressements"]) == len(row["redressements_data_class"])
    assert moves
    assert all(moves.values()), "a level moves by a rule"
    assert card.counts["raised_by_rules"] == len(moves)


def test_the_same_request_makes_the_same_list_and_another_another(lake: Lake) -> None:
    before = digests(lake.list(LAST))
    moment = (lake.list(LAST) / "card.json").stat().st_mtime_ns
    done("list", "--as-of", LAST, "--expert-rule", "all", "--lake", lake.root)
    assert (lake.list(LAST) / "card.json").stat().st_mtime_ns == moment, "read back"
    done("list", "--as-of", LAST, "--expert-rule", "all", "--force", "--lake", lake.root)
    assert digests(lake.list(LAST)) == before
    done("list", "--as-of", LAST, "--lake", lake.root)
    assert read_list_card(lake, LAST).rules == (), "rules are asked for at each list"
    done("list", "--as-of", LAST, "--expert-rule", "all", "--lake", lake.root)
    assert digests(lake.list(LAST)) == before


def test_the_release_tells_no_fiscal_rule(lake: Lake) -> None:
    own, told = entries(lake, LAST), read_table(release_of(lake), "scores").to_pylist()
    hidden = 0
    for row in told:
        kept = own[row["siren"]]
        pairs = list(zip(kept["redressements"], kept["redressements_data_class"], strict=True))
        expected = [name for name, data_class in pairs if data_class != "dgfip"]
        if len(expected) < len(pairs):
            expected, hidden = [*expected, CONFIDENTIEL], hidden + 1
        assert row["redressements"] == expected
        assert (row["flags"], row["niveau_avant_regles"]) == (kept["flags"], kept["niveau_avant_regles"])
    assert hidden, "nothing was hidden: the test proves nothing"


def test_the_dictionary_names_every_code_of_the_scores_with_its_class(lake: Lake) -> None:
    known = {(row["table"], row["column"]): row for row in read_table(release_of(lake), "dictionnaire").to_pylist()}
    for row in read_table(release_of(lake), "scores").to_pylist():
        codes = [("flags", code) for code in row["flags"]] + [("redressements", code) for code in row["redressements"]]
        codes += [("exclusion", row["exclusion"])] if row["exclusion"] else []
        assert all(known[code]["label"] for code in codes)
    assert known["flags", "delai_en_cours"]["data_class"] == "urssaf"
    assert known["redressements", "activite_partielle_elevee"]["data_class"] == "dgefp"


def test_two_lists_are_compared_company_by_company(lake: Lake) -> None:
    before, after = entries(lake, FIRST), entries(lake, LAST)
    rank = {siren: [RANK.get(rows.get(siren, {}).get("niveau"), 0) for rows in (before, after)] for siren in after}
    entered = sum(bool(now and not then) for then, now in rank.values())
    firsts = sum(row["is_first_alert"] for row in after.values())
    said = done("list", "--as-of", LAST, "--against", FIRST, "--lake", lake.root)
    assert f"{entered:,} entree ({firsts:,} first alerts)" in said
    both = sum(bool(then and now) for then, now in rank.values())
    either = sum(bool(then or now) for then, now in rank.values())
    assert f"{both:,} in both (Jaccard {both / either:.3f})" in said
    assert "The expert rules are not the same: none then" in said
    assert "Another model" not in said


def test_a_comparison_makes_nothing_and_says_what_it_lacks(lake: Lake) -> None:
    before = digests(lake.list(LAST))
    assert isinstance(run("list", "--against", LAST, "--lake", lake.root).exception, InputError)
    assert isinstance(run("list", "--against", "2026-01", "--lake", lake.root).exception, StageError)
    assert run("list", "--against", FIRST, "--force", "--lake", lake.root).exit_code == 2
    assert digests(lake.list(LAST)) == before


def test_the_json_files_hold_every_company_that_has_a_level(lake: Lake, tmp_path: Path) -> None:
    said = done("export", tmp_path / "liste", "--list-json", "--as-of", LAST, "--lake", lake.root)
    own = {siren: row for siren, row in entries(lake, LAST).items() if row["niveau"]}
    assert f"{len(own):,} companies" in said
    index = json.loads((tmp_path / "liste/index.json").read_text(encoding="utf-8"))
    found = digests(tmp_path / "liste")
    assert {name: file["sha256"] for name, file in index["files"].items()} == {
        name: found[name] for name in (f"liste-{LAST}-api.json", f"liste-{LAST}-front.json")
    }
    front = json.loads((tmp_path / f"liste/liste-{LAST}-front.json").read_text(encoding="utf-8"))
    assert [entry["siren"] for entry in front] == sorted(own)
    alerted = [entry for entry in front if own[entry["siren"]]["niveau"] != "aucun"]
    assert alerted
    assert [entry for entry in front if "macroExpl" in entry] == alerted
    for entry in alerted:
        assert sum(round(v * 1e4) for v in entry["macroExpl"].values()) == round(entry["Risque de défaillance"] * 1e4)
        assert entry["Risque de défaillance"] == pytest.approx(100 * own[entry["siren"]]["probability_18m"], abs=1e-4)
        assert entry["microExpl"].keys() == entry["macroExpl"].keys()


def test_the_same_list_is_exported_to_the_same_bytes_and_nothing_else_is_replaced(lake: Lake, tmp_path: Path) -> None:
    for name in ("one", "two", "one"):
        done("export", tmp_path / name, "--list-json", "--as-of", LAST, "--lake", lake.root)
    assert digests(tmp_path / "one") == digests(tmp_path / "two")
    (tmp_path / "mine").mkdir()
    (tmp_path / "mine/notes.txt").write_text("à moi")
    refused = run("export", tmp_path / "mine", "--list-json", "--as-of", LAST, "--lake", lake.root)
    assert isinstance(refused.exception, InputError)
    assert (tmp_path / "mine/notes.txt").read_text() == "à moi"
    lacking = run("export", tmp_path / "three", "--list-json", "--as-of", FIRST, "--lake", lake.root)
    assert isinstance(lacking.exception, ReleaseError)
    assert run("export", tmp_path / "three", "--list-json", "--schemas").exit_code == 2
    assert not (tmp_path / "three").exists()


def test_a_list_by_capacity_fills_the_places_of_each_departement(lake: Lake, tmp_path: Path) -> None:
    """As anyone would count them, from the scores and the head offices of the release."""
    shutil.copytree(lake.root, tmp_path / "lake")
    placed = open_lake(tmp_path / "lake")
    said = done("list", "--as-of", LAST, "--capacity", "1,3", "--lake", placed.root)
    assert "Levels by places: 1 eleve and 2 modere in each departement and quarter." in said
    card = read_list_card(placed, LAST)
    assert card.capacity == Capacity(1, 3)
    done("release", "--as-of", LAST, "--lake", placed.root)
    (release,) = {path.name for path in placed.releases.glob(f"{LAST}-*")} - {release_of(lake).name}
    assert verify_release(placed.releases / release).capacity == {"eleve": 1, "alerts": 3}
    sheets = [placed.releases / name / "rapport/fiche_algorithme.md" for name in (release, release_of(lake).name)]
    by_places, by_thresholds = (" ".join(path.read_text(encoding="utf-8").split()) for path in sheets)
    assert "alerte élevée pour la première, modérée pour les 2 suivantes." in by_places
    assert ("élevée à partir de" in by_places, "élevée à partir de" in by_thresholds) == (False, True)
    offices = read_table(placed.releases / release, "entreprises").to_pylist()
    departement = {row["siren"]: row["departement"] for row in offices}
    files = placed.scores(card.model_id, m(LAST)).glob("part-*.parquet")
    score = {row["siren"]: row["score"] for path in files for row in pq.read_table(path).to_pylist()}
    found = {siren: row["niveau"] for siren, row in entries(placed, LAST).items() if row["niveau"]}
    expected = {}
    for place in {departement[siren] for siren in found}:
        of_place = sorted((s for s in found if departement[s] == place), key=lambda s: (-score[s], s))
        expected |= {siren: ("eleve", "modere", "modere")[rank] for rank, siren in enumerate(of_place[:3])}
    assert len({departement[siren] for siren in found}) > 10
    assert {siren: niveau for siren, niveau in found.items() if niveau != "aucun"} == expected
    moment = (placed.list(LAST) / "card.json").stat().st_mtime_ns
    done("list", "--as-of", LAST, "--capacity", "1,3", "--lake", placed.root)
    assert (placed.list(LAST) / "card.json").stat().st_mtime_ns == moment, "read back"
    words = done("list", "--as-of", LAST, "--against", FIRST, "--lake", placed.root)
    assert "by thresholds then by 1 eleve and 2 modere in each departement" in words


def test_a_forest_scores_a_month_and_makes_no_list(lake: Lake, tmp_path: Path) -> None:
    shutil.copytree(lake.root, tmp_path / "lake")
    planted, at = open_lake(tmp_path / "lake"), ("--lake", tmp_path / "lake")
    done("train", "foret", "--as-of", FIRST, *at)
    before = digests(planted.list(LAST))
    error = refused("list", "--as-of", LAST, "--recipe", "foret", *at)
    assert isinstance(error, StageError)
    assert "contributions of the recipe foret do not add up" in error.message
    assert "signaux train boosting" in error.todo
    (model_id,) = (path.name for path in planted.model("*").parent.glob("foret-*"))
    assert digests(planted.list(LAST)) == before
    assert not planted.scores(model_id, m(LAST)).exists(), "refused before the month is scored"
    done("score", "--as-of", LAST, "--recipe", "foret", *at)
    (part, *_) = planted.scores(model_id, m(LAST)).glob("part-*.parquet")
    assert pq.read_metadata(part).num_rows > 0


@pytest.mark.parametrize("text", ["0", "3,2", "a", "1,2,3", "-1", "1,"])
def test_a_capacity_that_makes_no_sense_is_refused(lake: Lake, text: str) -> None:
    result = run("list", "--as-of", LAST, "--capacity", text, "--lake", lake.root)
    assert isinstance(result.exception, InputError)
    assert "Bad" in str(result.exception)


def test_places_and_expert_rules_are_not_given_together(lake: Lake) -> None:
    before = digests(lake.list(LAST))
    result = run("list", "--as-of", LAST, "--capacity", "5", "--expert-rule", "all", "--lake", lake.root)
    assert result.exit_code == 2
    assert digests(lake.list(LAST)) == before
