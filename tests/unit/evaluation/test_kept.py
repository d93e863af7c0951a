from __future__ import annotations

import json
import os
from pathlib import Path

import pytest
from tests.lakes import m, new_lake

from signaux_faibles.domain.errors import StageError
from signaux_faibles.evaluation.backtest import Backtest
from signaux_faibles.evaluation.kept import judged, kept_backtests, side_by_side
from signaux_faibles.lake import Lake


def keep(lake: Lake, name: str, origins: tuple[str, ...], made_at: int, as_of: str = "2026-07") -> None:
    """A backtest with figures, made at a second."""
    folder = lake.backtest(name)
    folder.mkdir(parents=True)
    recipe = name.rsplit("-", 1)[0]
    card = {"recipe": recipe, "title": "", "as_of": m(as_of), "origins": [{"month": month} for month in origins]}
    (folder / "card.json").write_text(json.dumps(card))
    (folder / "evaluation.json").write_text(json.dumps({"backtest_id": name, "origins": card["origins"]}))
    os.utime(folder / "card.json", (made_at, made_at))


@pytest.fixture
def lake(tmp_path: Path) -> Lake:
    made = new_lake(tmp_path / "lake")
    keep(made, "boosting-old", ("2021-01", "2022-01", "2023-01"), 10)
    keep(made, "boosting-new", ("2022-01", "2023-01"), 20)
    keep(made, "foret-old", ("2022-01", "2023-01"), 11)
    keep(made, "foret-new", ("2022-01", "2023-01"), 21)
    keep(made, "logistique-one", ("2023-01",), 30)
    keep(made, "boosting-april", ("2022-01",), 40, as_of="2026-04")
    return made


def test_reports_speak_of_the_last_backtest_made(lake: Lake) -> None:
    """The one of more origins is older: it may be of the recipe as it was declared before."""
    found = judged(lake, "boosting", m("2026-07"))
    assert found is not None
    assert found.backtest_id == "boosting-new"
    assert judged(lake, "boosting", m("2026-01")) is None
    (lake.backtest("boosting-new") / "evaluation.json").unlink()
    assert judged(lake, "boosting", m("2026-07")).backtest_id == "boosting-old"  # type: ignore[union-attr]


def test_of_backtests_that_would_be_made_the_same_now_the_one_of_most_origins_speaks(
    lake: Lake, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Whenever their files were written: a copy of a lake says what the lake says."""
    stale = {"boosting-stale"}
    keep(lake, "boosting-stale", ("2020-01", "2021-01", "2022-01", "2023-01"), 50)
    keep(lake, "boosting-short", ("2023-01",), 60)

    def told(_: Lake, made: Backtest) -> tuple[str, ...]:
        return ("code",) if made.backtest_id in stale else ()

    monkeypatch.setattr("signaux_faibles.evaluation.kept.out_of_date", told)
    assert judged(lake, "boosting", m("2026-07")).backtest_id == "boosting-old"  # type: ignore[union-attr]
    os.utime(lake.backtest("boosting-new") / "card.json", (99, 99))
    assert judged(lake, "boosting", m("2026-07")).backtest_id == "boosting-old"  # type: ignore[union-attr]


def test_recipes_are_set_side_by_side_on_the_same_origins(lake: Lake) -> None:
    assert [made.backtest_id for made in side_by_side(lake, ["boosting"])] == ["boosting-new", "foret-new"]
    with pytest.raises(StageError, match="No backtest of logistique on the origins of boosting-new"):
        side_by_side(lake, ["boosting", "logistique"])
    with pytest.raises(StageError, match="No backtest of another recipe"):
        side_by_side(lake, ["boosting"], m("2026-04"))
    with pytest.raises(StageError, match="No backtest of hasard as of 2026-07"):
        side_by_side(lake, ["hasard"], m("2026-07"))


def test_a_backtest_without_figures_is_not_kept(lake: Lake) -> None:
    before = len(kept_backtests(lake))
    (lake.backtest("foret-new") / "evaluation.json").unlink()
    assert len(kept_backtests(lake)) == before - 1
