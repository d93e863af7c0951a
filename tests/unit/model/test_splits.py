from __future__ import annotations

from pathlib import Path

import numpy as np
import pyarrow as pa
import pytest

from signaux_faibles.domain.errors import StageError
from signaux_faibles.domain.periode import FIRST_PANEL_MONTH, parse_month
from signaux_faibles.engine import Engine
from signaux_faibles.model.splits import EMBARGO_MONTHS, SHARES, make_origin, sample_sql, share_of
from signaux_faibles.target.labels import HORIZON_MONTHS

ORIGIN = parse_month("2021-01")


def test_the_last_year_learnt_from_is_calibrated_on() -> None:
    origin = make_origin(ORIGIN)
    assert origin.train.last_month + EMBARGO_MONTHS == ORIGIN, "no month is lost beyond the embargo"
    assert EMBARGO_MONTHS > HORIZON_MONTHS, "what is published a month late is not known at once"
    assert origin.calibration.last_month == origin.train.last_month
    assert origin.calibration.months_count == 12
    assert origin.train.first_month == FIRST_PANEL_MONTH


def test_companies_are_shared_out_evenly_and_for_ever() -> None:
    number = np.array([900_000_000 + i * 13 for i in range(3000)])
    sizes = np.bincount(share_of(number), minlength=SHARES)
    assert len(sizes) == SHARES
    assert sizes.min() > 900
    assert share_of(number[:3]).tolist() == share_of(number)[:3].tolist()


@pytest.mark.parametrize("wanted", [50, 100, 1_000])
def test_a_sample_takes_months_of_every_company(tmp_path: Path, wanted: int) -> None:
    siren = [f"{900_000_000 + i * 13}" for i in range(50)]
    rows = [(one, month) for one in siren for month in range(24_000, 24_024)]
    with Engine(tmp_path) as engine:
        engine.register(
            "rows", pa.table({"siren": [r[0] for r in rows], "month": pa.array([r[1] for r in rows], pa.int32())})
        )
        kept = engine.rows(f"SELECT siren, month FROM rows WHERE {sample_sql(len(rows), wanted)}")
    assert len(kept) <= wanted
    assert len(kept) > wanted * 0.5
    assert len({siren for siren, _ in kept}) == 50
    assert len({month for _, month in kept}) > 1, "not the same month of all"


def test_a_sample_of_few_rows_is_all_of_them() -> None:
    assert sample_sql(10, 10) == "TRUE"


def test_a_history_too_short_is_refused_with_the_month_to_use() -> None:
    with pytest.raises(StageError) as caught:
        make_origin(parse_month("2018-01"))
    found = str(caught.value).split("Use ")[1].split(" ")[0]
    make_origin(parse_month(found))
    with pytest.raises(StageError):
        make_origin(parse_month(found) - 1)
