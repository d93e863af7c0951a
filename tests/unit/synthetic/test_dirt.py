from __future__ import annotations

import numpy as np
import pyarrow as pa
import pytest

from signaux_faibles.domain.siren import Identifier, siret_kind
from signaux_faibles.synthetic.arrays import NEVER
from signaux_faibles.synthetic.dirt import Weakness, soil
from signaux_faibles.synthetic.text import Lines

WEAKNESS = Weakness(";", key=0, date=1, number=2, text=3, odd_values=(4, ("INCONNU",)))
COUNT = 20_000


def _clean() -> Lines:
    rows = [f"30000000100016;15JAN2024;{row};NOM;OK".encode() for row in range(COUNT)]
    numbers = np.arange(COUNT)
    return Lines(pa.array(rows, pa.binary()), numbers // 40, numbers % 7, np.full(COUNT, NEVER))


@pytest.fixture(scope="module")
def soiled() -> tuple[Lines, int]:
    return soil(_clean(), WEAKNESS, 0.01, np.random.default_rng(1))


def test_the_rate_is_the_one_stated(soiled: tuple[Lines, int]) -> None:
    assert soiled[1] == 200 or soiled[1] == 201


def test_damaged_rows_replace_good_ones_and_forged_rows_are_added(soiled: tuple[Lines, int]) -> None:
    lines, count = soiled
    clean = _clean().text.to_pylist()
    kept = lines.text.to_pylist()[:COUNT]
    damaged = sum(one != two for one, two in zip(clean, kept, strict=True))
    assert damaged + len(lines) - COUNT == count
    assert damaged > 80
    assert len(lines) - COUNT > 40


def test_added_rows_are_delivered_with_the_row_they_copy(soiled: tuple[Lines, int]) -> None:
    lines, _ = soiled
    for row in range(COUNT, len(lines)):
        number = int(lines.text[row].as_py().split(b";")[2])
        assert (lines.company[row], lines.since[row]) == (number // 40, number % 7)


def test_every_kind_of_fault_occurs(soiled: tuple[Lines, int]) -> None:
    rows = soiled[0].text.to_pylist()
    fields = [row.split(b";") for row in rows]
    assert {len(one) for one in fields} == {4, 5, 6}
    whole = [one for one in fields if len(one) == 5]
    assert any(one[1] == b"2024-02-30" for one in whole)
    assert any(one[2] == b"n/a" for one in whole)
    assert any(one[3] == b"SOCI\xc9T\xc9 ABIM\xc9E" for one in whole)
    assert any(one[4] == b"INCONNU" for one in whole)
    assert len(rows) > len(set(rows))


def test_forged_numbers_belong_to_nobody(soiled: tuple[Lines, int]) -> None:
    keys = {row.split(b";")[0].decode() for row in soiled[0].text.to_pylist()} - {"30000000100016"}
    assert "1234567A01" in keys
    kinds = {siret_kind(key) for key in keys}
    assert kinds == {Identifier.FAKE, Identifier.MALFORMED}
    assert all(key[9] == "9" for key in keys if len(key) == 14)


def test_nothing_happens_at_rate_zero() -> None:
    lines, count = soil(_clean(), WEAKNESS, 0.0, np.random.default_rng(1))
    assert (count, lines.text.to_pylist()) == (0, _clean().text.to_pylist())
