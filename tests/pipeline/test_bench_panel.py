"""The benchmarks of the panel and of the chain, on small lakes: they run, and say what they measured."""

from __future__ import annotations

from pathlib import Path

import pytest

from signaux_faibles.bench.chain import measure_chain
from signaux_faibles.bench.panels import PanelCost, measure_panels, targets
from signaux_faibles.model.recipes import find_recipe

FEW = 150


@pytest.fixture(scope="module")
def costs(tmp_path_factory: pytest.TempPathFactory) -> list[PanelCost]:
    folder = tmp_path_factory.mktemp("bench")
    return measure_panels(folder, [FEW], ["core"], engine="duckdb", repeat=1, progress=lambda title: None)


def test_a_panel_is_timed_whole_and_for_a_new_month(costs: list[PanelCost]) -> None:
    whole, month = costs
    assert (whole.run, month.run) == ("whole", "new month")
    assert whole.features_count == 60
    assert month.rows_count > whole.rows_count > FEW * 50
    assert min(cost.cpu_seconds for cost in costs) > 0
    assert min(cost.floor_cpu_seconds for cost in costs) > 0
    assert whole.peak_bytes > 50 * 2**20


def test_the_targets_are_said_in_words(costs: list[PanelCost]) -> None:
    (line,) = targets(costs)
    assert "costs" in line
    assert "of a panel made whole (at most 10 %)" in line


def test_the_chain_is_timed_stage_by_stage(tmp_path: Path) -> None:
    stages = measure_chain(
        tmp_path, 1500, find_recipe("boosting"), engine="duckdb", repeat=1, progress=lambda title: None
    )
    assert [cost.stage for cost in stages] == ["import", "panel", "train", "list", "total"]
    assert stages[-1].cpu_seconds == pytest.approx(sum(cost.cpu_seconds for cost in stages[:-1]))
