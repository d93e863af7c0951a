"""Files stay small enough to be read at once."""

from __future__ import annotations

from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
LIMITS = [("src/signaux_faibles", 500), ("tests", 1000)]


@pytest.mark.parametrize(("folder", "limit"), LIMITS)
def test_no_module_is_longer_than_its_limit(folder: str, limit: int) -> None:
    sizes = {
        str(path.relative_to(ROOT)): len(path.read_text(encoding="utf-8").splitlines())
        for path in (ROOT / folder).rglob("*.py")
        if "migrations" not in path.parts
    }
    assert sizes, "no module was found"
    assert {name: lines for name, lines in sizes.items() if lines > limit} == {}


def test_the_spine_is_read_at_once() -> None:
    lines = (ROOT / "src/signaux_faibles/pipeline/run.py").read_text(encoding="utf-8").splitlines()
    assert len(lines) <= 200


def test_no_module_has_a_name_that_says_nothing() -> None:
    empty = {"utils", "helpers", "misc", "common", "core", "manager", "processor"}
    found = [path for path in (ROOT / "src").rglob("*") if path.stem in empty and "__pycache__" not in path.parts]
    assert found == []
