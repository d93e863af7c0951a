"""A lake that several files of tests start from: made once, copied by each, never changed."""

from __future__ import annotations

from pathlib import Path

import pytest

from commands import done
from lakes import m
from signaux_faibles.synthetic import simulate

FIRST, LAST = "2026-07", "2026-10"


@pytest.fixture(scope="session")
def two_months(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A lake of 600 companies: two batches and their panels, a model of the first month, and its list."""
    folder = tmp_path_factory.mktemp("two_months")
    simulate(folder / "fake", companies=600, seed=5, first_month=m("2014-01"), until_month=m(LAST))
    lake = folder / "lake"
    for batch in ("2607", "2610"):
        done("import", folder / "fake/raw", "--batch", batch, "--lake", lake)
    for month in (FIRST, LAST):
        done("panel", "--as-of", month, "--lake", lake)
    done("train", "boosting", "--as-of", FIRST, "--lake", lake)
    done("list", "--as-of", FIRST, "--lake", lake)
    return lake
