"""Nothing of the future: adding or altering raw rows known after month t changes no feature at t.

A lake of a few random companies is built twice: as it is, then with random rows added, replaced or withdrawn in every
source, all of them first known after t. The features up to t must be the same to the last bit.
"""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from deep import examples
from future_pairs import staged_pair
from signaux_faibles.ingest import versions
from signaux_faibles.lake import Lake
from signaux_faibles.lake.layout import OPEN
from signaux_faibles.panel import inputs as panel_inputs


@pytest.mark.parametrize("seed", range(examples(12, deep=150)))
def test_rows_known_after_a_month_change_no_feature_at_it(tmp_path: Path, seed: int) -> None:
    assert staged_pair(tmp_path, seed).altered_months() == []


@pytest.mark.parametrize("seed", range(examples(8, deep=100)))
def test_open_data_known_after_a_month_change_no_feature_at_it(tmp_path: Path, seed: int) -> None:
    assert staged_pair(tmp_path, seed, profile=OPEN).altered_months() == []


@pytest.fixture
def leaking_versions(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """A planted fault: every row is believed known half a year too early."""

    def too_early(lake: Lake, source: str, as_of: int) -> str:
        honest = versions.versions_sql(lake, source, as_of)
        return f"SELECT * REPLACE (known_month - 6 AS known_month) FROM ({honest}) AS v"

    monkeypatch.setattr(panel_inputs, "versions_sql", too_early)
    return


@pytest.mark.usefixtures("leaking_versions")
def test_a_planted_leak_is_caught(tmp_path: Path) -> None:
    assert any(staged_pair(tmp_path, seed).altered_months() for seed in range(3))
    assert any(staged_pair(tmp_path / "open", seed, profile=OPEN).altered_months() for seed in range(3))
