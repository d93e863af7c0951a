"""Runs restricted to a territory: codes as people write them, and sentences that name the territory."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

from lakes import new_lake, stage
from signaux_faibles.cli.options import of_part, open_part
from signaux_faibles.cli.panel import check_panel
from signaux_faibles.cli.target import target
from signaux_faibles.cli.vintage import vintage
from signaux_faibles.domain.errors import InputError, StageError
from signaux_faibles.domain.periode import parse_month
from signaux_faibles.lake import Lake

MONTH = "2026-08"


@pytest.fixture
def lake(tmp_path: Path) -> Lake:
    """A lake that has the panel of the nation only."""
    made = new_lake(tmp_path / "lake")
    stage(made, "ccsf", parse_month(MONTH), [])
    folder = made.panel(parse_month(MONTH))
    folder.mkdir(parents=True)
    (folder / "manifest.json").write_text("{}", encoding="utf-8")
    return made


@pytest.mark.parametrize(("written", "meant"), [("2a", "2A"), ("1", "01"), (" 69", "69"), ("971", "971")])
def test_a_departement_is_read_as_people_write_it(lake: Lake, written: str, meant: str) -> None:
    territory = open_part(lake.root, "", written).territory
    assert territory is not None
    assert territory.name == f"departement={meant}"


def test_a_code_that_is_none_is_refused(lake: Lake) -> None:
    with pytest.raises(InputError, match="Unknown departement: found '99'"):
        open_part(lake.root, "", "99")


@pytest.mark.parametrize("command", [target, vintage])
def test_the_command_to_run_first_is_that_of_the_territory(lake: Lake, command: Callable[..., None]) -> None:
    with pytest.raises(StageError) as error:
        command(lake=lake.root, as_of=MONTH, region="11", departement="")
    assert error.value.message == f"No panel of Île-de-France as of {MONTH} in {lake.root}."
    assert error.value.todo == f"Build it with `signaux panel --as-of {MONTH} --region 11`."


def test_the_panel_of_the_nation_is_there_for_the_nation(lake: Lake) -> None:
    check_panel(lake, parse_month(MONTH))
    with pytest.raises(StageError, match=r"No panel as of 2026-07 .* `signaux panel --as-of 2026-07`\."):
        check_panel(lake, parse_month("2026-07"))


def test_a_result_names_its_territory(lake: Lake) -> None:
    assert of_part(lake) == ""
    assert of_part(open_part(lake.root, "", "69")) == " of Rhône"
