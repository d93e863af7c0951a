from __future__ import annotations

import numpy as np

from signaux_faibles.domain.siren import Identifier, luhn_sum, siren_kind, siret_kind
from signaux_faibles.synthetic.identifiers import MAX_COMPANIES, luhn_sums, sirens, sirets


def test_no_invented_siren_is_real() -> None:
    numbers = sirens(np.arange(0, MAX_COMPANIES, 401))
    assert {siren_kind(str(number)) for number in numbers} == {Identifier.FAKE}


def test_no_invented_siret_is_real() -> None:
    numbers = sirens(np.arange(2_000))
    for rank in (1, 2, 37, 301):
        made = sirets(numbers, np.full(len(numbers), rank))
        assert {siret_kind(str(number)) for number in made} == {Identifier.FAKE}
        assert (made // 100_000 == numbers).all()


def test_sirens_differ_up_to_the_largest_country() -> None:
    numbers = sirens(np.arange(MAX_COMPANIES))
    assert len(np.unique(numbers)) == MAX_COMPANIES
    assert numbers.min() >= 100_000_000
    assert numbers.max() <= 999_999_999


def test_a_siren_depends_on_the_index_alone() -> None:
    assert sirens(np.array([17]))[0] == sirens(np.arange(1_000))[17]


def test_luhn_sums_agree_with_the_definition() -> None:
    numbers = np.arange(100, dtype=np.int64) * 9_876_541 + 12_345_678
    assert luhn_sums(numbers, 9).tolist() == [luhn_sum(str(number)) for number in numbers]
