"""The documents are whole: links lead somewhere, generated pages are up to date, packages say what they are."""

from __future__ import annotations

import ast
import re
from pathlib import Path

import pytest

from signaux_faibles.cli.catalogue_page import catalogue_markdown

ROOT = Path(__file__).parents[2]
PACKAGE = ROOT / "src/signaux_faibles"
PAGES = [*ROOT.glob("*.md"), *(ROOT / "docs").rglob("*.md")]


@pytest.mark.parametrize("page", PAGES, ids=lambda p: str(p.relative_to(ROOT)))
def test_links_lead_somewhere(page: Path) -> None:
    targets = re.findall(r"\]\(([^)#\s]+)(?:#[^)]*)?\)", page.read_text(encoding="utf-8"))
    broken = [t for t in targets if "://" not in t and not t.startswith("mailto:") and not (page.parent / t).exists()]
    assert broken == []


def test_the_page_of_the_features_is_up_to_date() -> None:
    page = ROOT / "docs/transparence/variables.md"
    assert page.read_text(encoding="utf-8") == catalogue_markdown(), "run `signaux features --markdown` on it"


def test_the_readme_holds_on_one_screen_and_names_the_two_commands() -> None:
    text = (ROOT / "README.md").read_text(encoding="utf-8")
    assert len(text.splitlines()) <= 80
    assert "make demo" in text
    assert "make test" in text


def test_every_decision_is_listed() -> None:
    folder = ROOT / "docs/adr"
    listed = (folder / "README.md").read_text(encoding="utf-8")
    decisions = sorted(path.name for path in folder.glob("[0-9]*.md"))
    assert len(decisions) >= 10
    assert [name for name in decisions if name not in listed] == []
    for name in decisions:
        text = (folder / name).read_text(encoding="utf-8")
        for part in ("Status", "Context", "Options", "Decision", "Consequences", "change"):
            assert part in text, f"{name} lacks {part}"


@pytest.mark.parametrize(
    "path", [p for p in PACKAGE.rglob("*.py") if "migrations" not in p.parts], ids=lambda p: str(p.relative_to(PACKAGE))
)
def test_every_module_says_what_it_holds(path: Path) -> None:
    text = path.read_text(encoding="utf-8")
    assert ast.get_docstring(ast.parse(text)) or not text.strip()


def test_every_source_says_where_it_comes_from() -> None:
    for path in (PACKAGE / "sources").rglob("*.py"):
        if path.name != "__init__.py":
            text = ast.get_docstring(ast.parse(path.read_text(encoding="utf-8"))) or ""
            for line in ("Producer:", "Access:", "Grain:", "Cadence:", "Known from:", "Traps:"):
                assert line in text, f"{path.name} lacks {line}"
