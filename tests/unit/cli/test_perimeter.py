"""`signaux perimeter` and `signaux panel --rules`: what they print, write and refuse."""

from __future__ import annotations

from pathlib import Path

import pytest
from typer.testing import CliRunner

from lakes import SIREN, a_company, day, m, new_lake, stage, stage_all
from signaux_faibles.cli.app import app
from signaux_faibles.domain.errors import InputError, StageError
from signaux_faibles.lake import open_lake

RULES = "label: essai\neffectif:\n  - {min_count: 50, window_months: 12}\n"


@pytest.fixture
def lake(tmp_path: Path) -> Path:
    root = tmp_path / "lake"
    stage_all(new_lake(root), m("2021-12"), a_company())
    return root


def _run(*arguments: object) -> str:
    result = CliRunner().invoke(app, [str(argument) for argument in arguments])
    if result.exception and not isinstance(result.exception, SystemExit):
        raise result.exception
    assert result.exit_code == 0, result.output
    return result.stdout


def test_counts_are_shown_and_nobody_is_named(lake: Path, tmp_path: Path) -> None:
    out = tmp_path / "perimetre.md"
    shown = _run("perimeter", "--lake", lake, "--against", "2020-12", "--out", out)
    assert "2021-12" in shown
    assert out.read_text(encoding="utf-8").startswith("# Périmètre de décembre 2021\n")
    assert "## Entrées depuis décembre 2020 : 0" in out.read_text(encoding="utf-8")
    assert SIREN not in shown + out.read_text(encoding="utf-8")


def test_other_rules_are_read_from_a_file(lake: Path, tmp_path: Path) -> None:
    rules = tmp_path / "regles.yaml"
    rules.write_text(RULES, encoding="utf-8")
    assert "n'a pas atteint le seuil" in _run("perimeter", "--lake", lake, "--rules", rules)
    assert "0 companies in perimeter" not in _run("panel", "--lake", lake)
    with pytest.raises(StageError, match="50 employees"):
        _run("panel", "--lake", lake, "--rules", rules)


def test_what_cannot_be_done_is_said(lake: Path, tmp_path: Path) -> None:
    with pytest.raises(InputError, match="cannot be read"):
        _run("perimeter", "--lake", lake, "--rules", tmp_path / "absent.yaml")
    with pytest.raises(InputError, match="--out"):
        _run("perimeter", "--lake", lake, "--out", tmp_path / "absent" / "p.md")
    with pytest.raises(StageError, match="not before"):
        _run("perimeter", "--lake", lake, "--against", "2021-12")


@pytest.mark.parametrize(("month", "title"), [("2021-08", "d'août 2021"), ("2021-09", "de septembre 2021")])
def test_the_title_elides_before_a_vowel(tmp_path: Path, month: str, title: str) -> None:
    lake, out = tmp_path / "lake", tmp_path / "perimetre.md"
    stage_all(new_lake(lake), m(month), a_company())
    _run("perimeter", "--lake", lake, "--out", out)
    assert out.read_text(encoding="utf-8").startswith(f"# Périmètre {title}\n")


def test_the_report_says_that_a_filter_replaces_the_headcount(lake: Path, tmp_path: Path) -> None:
    out = tmp_path / "perimetre.md"
    _run("perimeter", "--lake", lake, "--out", out)
    assert "- effectif : 10 salariés" in out.read_text(encoding="utf-8")
    stage(open_lake(lake), "filter", m("2021-12"), [{"siren": SIREN, "known_from": day("2021-12-31")}])
    _run("perimeter", "--lake", lake, "--out", out)
    assert "- effectif : sans objet, un filtre déposé le remplace" in out.read_text(encoding="utf-8")
