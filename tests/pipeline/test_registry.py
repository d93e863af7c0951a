"""Which model serves a list, and what a release says of it: on a fake France, by the command line."""

from __future__ import annotations

import json
import shutil
from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from commands import done, refused
from lakes import day, m, new_lake, stage
from signaux_faibles.domain.errors import InputError, StageError
from signaux_faibles.engine import Engine
from signaux_faibles.evaluation.backtest import Backtest
from signaux_faibles.evaluation.kept import kept_backtests
from signaux_faibles.lake import Lake, open_lake
from signaux_faibles.lake.journal import read_journal
from signaux_faibles.lists.rules import RULES
from signaux_faibles.lists.store import read_list_card
from signaux_faibles.model.card import DECISIVE
from signaux_faibles.model.registry import read_registry
from signaux_faibles.pipeline.publish.documents import drift_warning, head_offices
from signaux_faibles.release.reader import verify_release
from signaux_faibles.synthetic import simulate
from unit.evaluation.backtest_rows import siren

MONTH, ORIGIN = "2026-10", "2023-01"
WHY = "meilleur sur les mêmes lignes"


@pytest.fixture(scope="module")
def judged(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A lake of 600 companies, two models, two recipes judged from one origin."""
    folder = tmp_path_factory.mktemp("registry")
    simulate(folder / "fake", companies=600, seed=5, first_month=m("2014-01"), until_month=m(MONTH))
    lake = folder / "lake"
    done("import", folder / "fake/raw", "--batch", "2610", "--lake", lake)
    done("panel", "--as-of", MONTH, "--lake", lake)
    for recipe in ("boosting", "logistique"):
        done("train", recipe, "--as-of", MONTH, "--lake", lake)
    done("backtest", "boosting", "foret", "--as-of", MONTH, "--origins", ORIGIN, "--lake", lake)
    return lake


@pytest.fixture
def lake(judged: Path, tmp_path: Path) -> Lake:
    """A copy of it."""
    shutil.copytree(judged, tmp_path / "lake")
    return open_lake(tmp_path / "lake")


def names(lake: Lake) -> tuple[str, str]:
    """The two models: boosting, logistic."""
    one, two = sorted(path.parent.name for path in lake.model("*").parent.glob("*/card.json"))
    return one, two


def test_the_champion_scores_the_list_until_a_rollback(lake: Lake) -> None:
    boosting, logistique = names(lake)
    at = ("--lake", lake.root)
    assert "was not judged as of 2026-10" in str(refused("model", "promote", logistique, "--reason", WHY, *at))
    assert isinstance(refused("model", "promote", boosting, "--reason", "  ", *at), InputError)
    assert read_registry(lake).champion is None
    done("model", "promote", boosting, "--reason", WHY, *at)
    done("model", "promote", logistique, "--reason", "essai", "--unjudged", *at)
    assert logistique in done("list", "--as-of", MONTH, *at)
    assert read_list_card(lake, MONTH).model_id == logistique
    assert boosting in done("list", "--as-of", MONTH, "--recipe", "boosting", *at)
    assert f"Champion: {boosting}, again" in done("model", "rollback", "--reason", "trop d'alertes", *at)
    assert boosting in done("list", "--as-of", MONTH, *at)
    said = done("model", "list", *at)
    assert ("champion" in said, "retired" in said, "not judged" in said) == (True, True, True)
    assert "rollback" in said
    actions = [line["action"] for line in read_journal(lake).select(["action"]).to_pylist()]
    assert [name for name in actions if name in ("promote", "rollback")] == ["promote", "promote", "rollback"]


def test_recipes_are_compared_on_the_backtest_that_both_have(lake: Lake) -> None:
    made = [backtest.backtest_id for backtest in kept_backtests(lake)]
    said = done("model", "compare", "boosting", "--markdown", "--lake", lake.root)
    lines = [line.split(" | ") for line in said.splitlines() if line.startswith("| ")]
    assert [line[0] for line in lines[2:]] == ["| boosting", "| foret"]
    assert lines[3][6].startswith(("+", "-"))
    assert [backtest.backtest_id for backtest in kept_backtests(lake)] == made
    error = refused("model", "compare", "boosting", "logistique", "--lake", lake.root)
    assert isinstance(error, StageError)
    assert "No backtest of logistique on the origins of" in error.message
    assert ORIGIN in error.todo


def test_the_report_says_what_each_expert_rule_would_have_changed(lake: Lake, tmp_path: Path) -> None:
    """The figures are those of the rules applied to the rows of the backtest, as anyone would count them."""
    boosting, _ = names(lake)
    done("model", "report", tmp_path / "out", "--model", boosting, "--lake", lake.root)
    found = json.loads((tmp_path / "out/rapport.json").read_text(encoding="utf-8"))["rules"]
    (kept,) = lake.backtest("*").parent.glob("boosting-*")
    rows = pq.read_table(kept / "rows.parquet").to_pandas().dropna(subset=["failure"])
    files = [str(path) for path in (lake.panel(m(MONTH)) / "features").rglob("*.parquet")]
    table = pa.concat_tables([pq.read_table(path) for path in files], promote_options="default").to_pandas()
    both = rows.merge(table[["siren", "month", "debit_change_3m_months"]], on=["siren", "month"], how="left")
    fires = both["debit_change_3m_months"] > 1.2
    rule = next(one for one in found["by_rule"] if one["name"] == "hausse_dette_urssaf_recente")
    assert rule["fired_count"] == fires.sum() > 0
    assert rule["fired_failures_count"] == both["failure"][fires].sum()
    assert rule["raised_count"] == (fires & (both["level"] < 2)).sum()
    after = both["level"] + (fires & (both["level"] < 2))
    eleve = rule["alone"]["eleve"]
    assert (eleve["alerts_count"], eleve["found_count"]) == ((after == 2).sum(), both["failure"][after == 2].sum())
    assert found["none"]["eleve"]["alerts_count"] == (both["level"] == 2).sum()
    tables, page = ((tmp_path / "out" / name).read_text() for name in ("rapport_details.md", "rapport.md"))
    assert all(f"| {rule.label} |" in tables for rule in RULES.values())
    assert f"- alertes élevées : {(both['level'] == 2).sum()} sans règle, " in page


def test_a_backtest_made_otherwise_than_the_model_is_told(lake: Lake, tmp_path: Path) -> None:
    boosting, _ = names(lake)
    at = ("--as-of", MONTH, "--lake", lake.root)
    (card,) = lake.backtest("*").parent.glob("boosting-*/card.json")
    content, model = json.loads(card.read_text()), json.loads((lake.model(boosting) / "card.json").read_text())
    assert {name: content["inputs"][name] for name in DECISIVE} == {name: model["inputs"][name] for name in DECISIVE}
    assert content["inputs"]["origins"] == [ORIGIN]
    done("model", "report", tmp_path / "same", "--model", boosting, *at)
    assert "*" not in done("model", "list", "--lake", lake.root)
    done("list", *at)
    assert read_list_card(lake, MONTH).similar
    assert "Warning" not in done("model", "compare", "--lake", lake.root)
    assert "n'a pas été fait comme ce modèle" not in "".join(p.read_text() for p in (tmp_path / "same").iterdir())
    changed = content | {"inputs": content["inputs"] | {"panel": "another", "catalogue": "another"}}
    without = {name: value for name, value in content.items() if name != "inputs"}
    for name, other, said in (
        ("other", changed, "les données, la définition des variables."),
        ("old", without, "la déclaration de la recette, les données, la définition des variables, le code."),
    ):
        card.write_text(json.dumps(other))
        done("model", "report", tmp_path / name, "--model", boosting, *at)
        for page in ("rapport.md", "fiche_algorithme.md"):
            text = (tmp_path / name / page).read_text()
            assert f"n'a pas été fait comme ce modèle. Ne sont pas les mêmes, ou ne sont pas consignés : {said}" in text
    told = str(refused("model", "promote", boosting, "--reason", WHY, "--lake", lake.root))
    assert "was made from another recipe and another panel and another catalogue and another code." in told
    assert "signaux backtest boosting --as-of 2026-10" in told
    assert "* by a backtest made from other inputs" in done("model", "list", "--lake", lake.root)
    done("list", *at)
    assert read_list_card(lake, MONTH).similar == (), "past companies of another score"
    assert "was made from another recipe and another panel" in done("model", "compare", "--lake", lake.root)


def test_what_differs_between_two_models_is_told(lake: Lake) -> None:
    boosting, logistique = names(lake)
    said = done("model", "diff", boosting, logistique, "--lake", lake.root)
    assert "inputs.recipe.learner" in said
    assert "say the same" in done("model", "diff", boosting, boosting, "--lake", lake.root)


def test_a_release_holds_the_report_the_drift_and_the_sheet(lake: Lake) -> None:
    boosting, _ = names(lake)
    at = ("--lake", lake.root)
    done("list", "--as-of", MONTH, *at)
    done("release", "--as-of", MONTH, *at)
    before = {path.parent.name for path in lake.releases.glob("*/manifest.json")}
    done("model", "promote", boosting, "--reason", WHY, *at)
    done("release", "--as-of", MONTH, *at)
    (found,) = {path.parent.name for path in lake.releases.glob("*/manifest.json")} - before
    assert verify_release(lake.releases / found).capacity == {}
    folder = lake.releases / found / "rapport"
    sheet = (folder / "fiche_algorithme.md").read_text(encoding="utf-8")
    assert f"{boosting}, en service. Motif de sa mise en service : {WHY}." in sheet
    assert done("fiche-algorithme", *at) == sheet
    told = json.loads((folder / "derive.json").read_text(encoding="utf-8"))
    assert (told["now"], told["rows_now_count"] > 100, told["rows_before_count"] > 100) == (MONTH, True, True)
    assert all(one["psi"] >= 0 for one in told["features"])
    card = (folder / "fiche_modele.md").read_text(encoding="utf-8")
    assert "- Statut au registre : en service." in card
    assert json.loads((folder / "modele.json").read_text(encoding="utf-8"))["inputs"]["panel"][:16] in card
    report = json.loads((folder / "rapport.json").read_text(encoding="utf-8"))
    assert report["has_attributes"]
    assert set(report["figures"]) == set(report["slices"]) == set(report["capacity"])
    assert report["capacity"]["without_known"][0]["unplaced_share"] < 0.05
    assert "Avec les procédures déjà connues" in (folder / "rapport.md").read_text(encoding="utf-8")


def test_a_month_that_drifted_is_warned_of(tmp_path: Path) -> None:
    """The warning of the command names the features; a month that stayed has none."""
    (tmp_path / "rapport").mkdir()
    told = {"now": MONTH, "score_psi": 0.31, "is_alarming": True, "features": [{"name": "debit_eur", "psi": 0.9}]}
    (tmp_path / "rapport/derive.json").write_text(json.dumps(told))
    assert "stability index of the score 0.31, 1 of 1 features above 0.2 (debit_eur)" in drift_warning(tmp_path)
    (tmp_path / "rapport/derive.json").write_text(json.dumps(told | {"is_alarming": False}))
    assert drift_warning(tmp_path) == ""


def test_a_report_is_made_once_then_read(lake: Lake, tmp_path: Path) -> None:
    at = ("--as-of", MONTH, "--lake", lake.root)
    done("model", "report", tmp_path / "one", *at)
    (kept,) = lake.backtest("*").parent.glob("boosting-*/report.json")
    written = kept.stat().st_mtime_ns
    done("model", "report", tmp_path / "two", *at)
    assert kept.stat().st_mtime_ns == written
    one, two = ({p.name: p.read_bytes() for p in (tmp_path / name).iterdir()} for name in ("one", "two"))
    assert one == two
    assert isinstance(refused("model", "report", tmp_path / "two", *at), InputError)


def test_a_model_without_backtest_has_its_sheet_alone(lake: Lake, tmp_path: Path) -> None:
    _, logistique = names(lake)
    said = done("model", "report", tmp_path / "out", "--model", logistique, "--lake", lake.root)
    assert "was not judged" in said
    assert [path.name for path in (tmp_path / "out").iterdir()] == ["fiche_algorithme.md"]
    assert "n'a pas été évalué" in (tmp_path / "out/fiche_algorithme.md").read_text(encoding="utf-8")


def test_the_departement_is_that_of_the_head_office_as_last_known(tmp_path: Path) -> None:
    lake = new_lake(tmp_path / "lake")
    common = {"is_active": True, "known_from": None}
    rows = [
        {"siren": siren(1), "siret": siren(1) + "00011", "is_siege": False, "departement": "75"},
        {"siren": siren(1), "siret": siren(1) + "00029", "is_siege": True, "departement": "21"},
        {"siren": siren(2), "siret": siren(2) + "00011", "is_siege": False, "departement": "58"},
        {"siren": siren(3), "siret": siren(3) + "00011", "is_siege": True, "departement": ""},
        {"siren": siren(4), "siret": siren(4) + "00011", "is_siege": True, "departement": "89"},
    ]
    stage(lake, "sirene", m("2026-07"), [{**common, **row, "known_from": day("2026-07-31")} for row in rows])
    made = Backtest("essai", "boosting", "", m("2026-07"), ())
    lake.backtest("essai").mkdir(parents=True)
    pq.write_table(pa.table({"siren": [siren(1), siren(2), siren(3)]}), lake.backtest("essai") / "rows.parquet")
    with Engine(lake.scratch / "essai") as engine:
        assert head_offices(engine, lake, made) == {siren(1): "21", siren(2): "58"}
