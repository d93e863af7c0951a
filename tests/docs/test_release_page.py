"""The page of the release is the one its declarations make."""

from __future__ import annotations

import importlib.util
from pathlib import Path
from types import ModuleType

import pytest

from signaux_faibles.release.tables import TABLES

ROOT = Path(__file__).parents[2]


@pytest.fixture
def script() -> ModuleType:
    spec = importlib.util.spec_from_file_location("release_page", ROOT / "tools/release_page.py")
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


def test_the_page_is_up_to_date(script: ModuleType) -> None:
    assert script.PAGE.read_text(encoding="utf-8") == script.page(), "run tools/release_page.py"


def test_the_page_names_every_column_of_every_table(script: ModuleType) -> None:
    sections = dict(part.split("`", 1) for part in script.page().split("\n## `")[1:])
    assert list(sections) == list(TABLES)
    for name, table in TABLES.items():
        assert [column for column in table.names if f"`{column}`" not in sections[name]] == []


def test_check_refuses_an_old_page(script: ModuleType, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(script, "PAGE", tmp_path / "release.md")
    monkeypatch.setattr("sys.argv", ["release_page.py", "--check"])
    assert script.main() == 1
    monkeypatch.setattr("sys.argv", ["release_page.py"])
    assert script.main() == 0
    monkeypatch.setattr("sys.argv", ["release_page.py", "--check"])
    assert script.main() == 0
