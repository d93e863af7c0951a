"""The method of a panel: all but its inputs that its rows depend on, down to the nomenclatures and the series."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest

from lakes import a_company, m, new_lake, stage_all
from signaux_faibles.domain import code
from signaux_faibles.domain.code import code_hash
from signaux_faibles.lake import Lake
from signaux_faibles.panel.plan import make_plan
from signaux_faibles.perimeter import read_rules

AS_OF = m("2021-12")


@pytest.fixture
def package(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Path]:
    """A copy of what the panel is made by, hashed in its place."""
    copy = tmp_path / "package"
    for part in ("domain", "engine", "ingest", "panel", "perimeter"):
        shutil.copytree(code.PACKAGE / part, copy / part, ignore=shutil.ignore_patterns("__pycache__"))
    monkeypatch.setattr(code, "PACKAGE", copy)
    yield copy
    code_hash.cache_clear()


@pytest.fixture
def lake(tmp_path: Path) -> Lake:
    lake = new_lake(tmp_path / "lake")
    stage_all(lake, AS_OF, a_company())
    return lake


def _method(lake: Lake) -> str:
    code_hash.cache_clear()
    return make_plan(lake, AS_OF, read_rules().at(AS_OF), {}).method


@pytest.mark.parametrize(
    "name",
    [
        "domain/procol.py",
        "domain/tranche_effectif.py",
        "domain/nomenclature/naf_rev2.csv",
        "panel/states/series/ipi_nace4.csv",
        "panel/grid.py",
        "perimeter/rules.yaml",
    ],
)
def test_what_the_rows_depend_on_changes_the_method(lake: Lake, package: Path, name: str) -> None:
    before = _method(lake)
    assert before == _method(lake)
    with (package / name).open("a", encoding="utf-8") as stream:
        stream.write("\n")
    assert before != _method(lake)
