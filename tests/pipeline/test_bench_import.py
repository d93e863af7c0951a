"""The bench of imports counts what it says, on real processes."""

from __future__ import annotations

from pathlib import Path

import pytest

from pipeline.import_samples import CCSF_HEADER, A, siret, write_batch
from signaux_faibles.bench.imports import measure_imports
from signaux_faibles.domain.errors import StageError


def test_rows_cells_and_times_are_those_of_the_files(tmp_path: Path) -> None:
    rows = "".join(f"C;{siret(A)};12;;14\n" for _ in range(30))
    files = {
        "sigfaible_ccsf.csv": (CCSF_HEADER + f"{siret(A)};C1;1240130;DEBUT;CCSF\n" * 50 + "bad\n").encode(),
        "sigfaible_effectif_siret.csv.gz": ("compte;siret;eff202341;eff202342;eff202343\n" + rows).encode(),
    }
    write_batch(tmp_path / "raw", "2401", files)
    told: list[tuple[int, int]] = []
    ccsf, effectif = measure_imports(
        tmp_path / "raw", "2401", tmp_path, ["ccsf", "effectif"], repeat=1, progress=lambda *at: told.append(at)
    )
    assert (ccsf.rows, ccsf.units, effectif.rows, effectif.units) == (51, 51, 30, 90)
    assert told == [(1, 2), (2, 2)]
    assert 0 < ccsf.cpu_seconds < 60
    assert ccsf.peak_bytes > 10 << 20
    assert ccsf.floor_ratio == pytest.approx(ccsf.cpu_seconds / ccsf.floor_cpu_seconds)
    with pytest.raises(StageError, match=r"found 0 file\(s\) of debit"):
        measure_imports(tmp_path / "raw", "2401", tmp_path, ["debit"], repeat=1)
