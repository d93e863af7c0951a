"""What a lake holds of models, scores, lists and judgements, damaged by accident: a sentence, never a traceback."""

from __future__ import annotations

import json
import shutil
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest

from commands import done, run
from signaux_faibles.domain.errors import LakeError
from signaux_faibles.lake import Lake, open_lake
from signaux_faibles.lists.store import read_list_card

MONTH, ORIGIN = "2026-07", "2023-01"


@pytest.fixture(scope="module")
def judged(two_months: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A lake with a champion, its scores, its list, and a backtest of another recipe with its report."""
    folder = tmp_path_factory.mktemp("damage")
    lake = folder / "lake"
    shutil.copytree(two_months, lake)
    model_id = read_list_card(open_lake(lake), MONTH).model_id
    done("model", "promote", model_id, "--reason", "essai", "--unjudged", "--lake", lake)
    done("train", "logistique", "--as-of", MONTH, "--lake", lake)
    done("backtest", "logistique", "foret", "--as-of", MONTH, "--origins", ORIGIN, "--lake", lake)
    done(
        "model", "report", folder / "report", "--as-of", MONTH, "--model", _logistique(open_lake(lake)), "--lake", lake
    )
    return lake


@pytest.fixture
def lake(judged: Path, tmp_path: Path) -> Lake:
    """A copy of it."""
    shutil.copytree(judged, tmp_path / "lake")
    return open_lake(tmp_path / "lake")


def _logistique(lake: Lake) -> str:
    (path,) = lake.model("*").parent.glob("logistique-*")
    return path.name


def _only(lake: Lake, pattern: str) -> Path:
    (path,) = lake.root.glob(pattern)
    return path


@dataclass(frozen=True)
class Place:
    """A file, what it is, and commands that read it.

    Parameters
    ----------
    pattern : str
        The file, or several of which each is damaged in turn, from the root of the lake.
    what : str
        As its error names it.
    keys : tuple of str
        Keys, from the outermost to the innermost, of which one at a time is taken away.
    commands : tuple of tuple of str
        `MODEL` stands for the logistic model, `NEW` for a new folder.
    """

    pattern: str
    what: str
    keys: tuple[str, ...]
    commands: tuple[tuple[str, ...], ...]


LIST = ("list", "--as-of", MONTH)
REPORT = ("model", "report", "NEW", "--as-of", MONTH, "--model", "MODEL")
JUDGE = ("backtest", "logistique", "--as-of", MONTH, "--origins", ORIGIN)

PLACES = (
    Place(
        "models/boosting-*/card.json", "the card of a model", ("inputs", "inputs.recipe", "inputs.as_of"),
        (LIST, ("score", "--as-of", MONTH), ("model", "list"), ("model", "compare", "logistique"),
         ("list", "--as-of", MONTH, "--recipe", "boosting")),
    ),
    Place(
        "models/boosting-*/card.json", "the card of a model",
        ("meaning", "meaning.calibrator", "meaning.bag", "meaning.thresholds.eleve", "inputs.catalogue"),
        (("list", "--as-of", MONTH, "--recipe", "boosting"), LIST),
    ),
    Place("models/boosting-*/card.json", "the card of a model", ("training", "calibration"), (("model", "list"),)),
    Place("models/boosting-*/**/booster.json", "the trees of a model", (), (LIST,)),
    Place("models/logistique-*/logistic.json", "the line of a model", ("mean", "intercept"), (REPORT,)),
    Place("models/registry.json", "a registry of models of format 1", ("decisions",), (LIST, ("model", "list"))),
    Place(
        "scores/*/*/manifest.json", "the manifest of scores", ("fingerprint", "rows_count"),
        (("score", "--as-of", MONTH),),
    ),
    Place(
        "lists/*/card.json", "the card of a list", ("fingerprint", "counts", "model_id"),
        (LIST, ("release", "--as-of", MONTH), ("list", "--as-of", "2026-10")),
    ),
    Place(
        "backtests/logistique-*/card.json", "the card of a backtest", ("recipe", "as_of", "origins"),
        (JUDGE, ("model", "compare", "logistique"), REPORT, ("model", "list")),
    ),
    Place(
        "backtests/logistique-*/evaluation.json", "the figures of a backtest", ("without_known", "with_known.auc"),
        (JUDGE, ("model", "compare", "logistique"), REPORT, ("model", "list")),
    ),
    Place(
        "backtests/logistique-*/report.json", "the report of a backtest", ("fingerprint", "slices", "rules"), (REPORT,)
    ),
    Place("scores/*/*/part-*.parquet", "scores", (), (("list", "--as-of", "2026-10"),)),
    Place("lists/*/scores.parquet", "the table of a list", (), (("list", "--as-of", "2026-10"),)),
    Place("lists/*/explications.parquet", "the table of a list", (), (("release", "--as-of", MONTH),)),
    Place(
        "backtests/logistique-*/rows.parquet", "the rows of a backtest", (),
        (JUDGE, ("model", "compare", "logistique")),
    ),
)  # fmt: skip


def _truncated(path: Path) -> None:
    raw = path.read_bytes()
    path.write_bytes(raw[: len(raw) // 2])


def _not_json(path: Path) -> None:
    path.write_bytes(b"\xff\xfe damaged")


def _of_another_shape(path: Path) -> None:
    path.write_text("[1, 2]")


def _without(key: str) -> Callable[[Path], None]:
    def taken_away(path: Path) -> None:
        content = json.loads(path.read_text(encoding="utf-8"))
        inner: Any = content
        *outer, last = key.split(".")
        for name in outer:
            inner = inner[name]
        del inner[last]
        path.write_text(json.dumps(content))

    return taken_away


DAMAGES: dict[str, Callable[[Path], None]] = {
    "truncated": _truncated, "not JSON": _not_json, "empty": lambda path: path.write_bytes(b""),
    "of another shape": _of_another_shape,
}  # fmt: skip


def _cases() -> list[Any]:
    found = []
    for place in PLACES:
        damages = DAMAGES | {f"without {key}": _without(key) for key in place.keys}
        found += [pytest.param(place, damage, id=f"{place.pattern} {name}") for name, damage in damages.items()]
    return found


@pytest.mark.parametrize(("place", "damage"), _cases())
def test_a_damaged_file_is_named_with_what_was_found_and_what_to_do(
    lake: Lake, tmp_path: Path, place: Place, damage: Callable[[Path], None]
) -> None:
    paths = sorted(lake.root.glob(place.pattern))
    assert paths
    for path in paths:
        before = path.read_bytes()
        damage(path)
        for number, words in enumerate(place.commands):
            told = {"MODEL": _logistique(lake), "NEW": str(tmp_path / f"new-{number}")}
            error = run(*(told.get(word, word) for word in words), "--lake", lake.root).exception
            assert isinstance(error, LakeError), f"{words}: {error!r}"
            assert error.message.startswith(f"{path} cannot be read as {place.what}: found ")
            assert error.todo
            assert "\n" not in str(error)
        path.write_bytes(before)


def test_a_lost_file_of_scores_is_told_by_the_rows_that_lack(lake: Lake) -> None:
    for path in lake.root.glob("scores/*/*/part-*.parquet"):
        path.unlink()
    error = run("list", "--as-of", "2026-10", "--lake", lake.root).exception
    assert isinstance(error, LakeError)
    assert "holds 0 rows, its manifest says" in error.message
    assert "signaux score" in error.todo


@pytest.mark.parametrize(
    ("pattern", "command"),
    [
        ("scores/*/*", ("score", "--as-of", MONTH)),
        ("lists/2026-07", LIST),
        ("backtests/logistique-*", JUDGE),
        ("backtests/logistique-*/evaluation.json", JUDGE),
        ("backtests/logistique-*/report.json", REPORT),
    ],
)
def test_the_remedy_works(lake: Lake, tmp_path: Path, pattern: str, command: tuple[str, ...]) -> None:
    """What the error says to remove is made again, the same."""
    place = _only(lake, pattern)
    files = [place] if place.is_file() else [path for path in place.iterdir() if path.name != "report.json"]
    before = {path: path.read_bytes() for path in files}
    _truncated(place if place.is_file() else place / ("manifest.json" if "scores" in pattern else "card.json"))
    told = {"MODEL": _logistique(lake), "NEW": str(tmp_path / "new")}
    words = [told.get(word, word) for word in command]
    error = run(*words, "--lake", lake.root).exception
    assert isinstance(error, LakeError)
    assert f"emove {place}" in error.todo
    place.unlink() if place.is_file() else shutil.rmtree(place)
    done(*words, "--lake", lake.root)
    assert {path: path.read_bytes() for path in files} == before
