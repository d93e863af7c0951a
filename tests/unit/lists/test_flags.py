"""What is said beside a level: recent creation, running plan, nothing known."""

from __future__ import annotations

import numpy as np
import pytest

from signaux_faibles.domain.data_class import DataClass
from signaux_faibles.lists.flags import Exclusion, Flag, flags_of, unknown_flags

NAMES = ("debit_eur", "effectif_count", "age_years")
NAN = float("nan")


def flags(age: float, plans: float, known: tuple[bool, bool, bool] = (True, True, True)) -> list[Flag]:
    values = {"age_years": np.array([age]), "delai_count": np.array([plans])}
    return flags_of(values, NAMES, np.array([known]))[0]


@pytest.mark.parametrize(
    ("age", "plans", "expected"),
    [
        (3.0, 0.0, []),
        (35 / 12, 0.0, [Flag.CREATION_RECENTE]),
        (0.0, 2.0, [Flag.CREATION_RECENTE, Flag.DELAI_EN_COURS]),
        (40.0, 1.0, [Flag.DELAI_EN_COURS]),
        (NAN, NAN, []),
    ],
)
def test_age_and_plans_raise_their_flags_and_the_unknown_raises_none(
    age: float, plans: float, expected: list[Flag]
) -> None:
    assert flags(age, plans) == expected


@pytest.mark.parametrize(
    ("known", "is_raised"),
    [((False, False, True), True), ((False, False, False), True), ((True, False, False), False)],
)
def test_a_company_of_which_only_the_identity_is_known_is_said_to_be_little_known(
    known: tuple[bool, bool, bool], is_raised: bool
) -> None:
    assert (Flag.PEU_D_INFORMATIONS in flags(10.0, 0.0, known)) is is_raised


def test_a_flag_whose_feature_the_panel_lacks_is_unknown_not_absent() -> None:
    assert unknown_flags(["age_years", "debit_eur"]) == (Flag.DELAI_EN_COURS,)
    assert unknown_flags(["age_years", "delai_count"]) == ()
    young = flags_of({"age_years": np.array([1.0, 9.0])}, NAMES, np.ones((2, 3), np.bool_))
    assert young == [[Flag.CREATION_RECENTE], []]


def test_every_code_has_a_french_label_and_a_plan_is_of_the_class_of_urssaf() -> None:
    assert all(code.label for code in (*Flag, *Exclusion))
    assert {flag: flag.data_class for flag in Flag} == {
        Flag.CREATION_RECENTE: DataClass.PUBLIC,
        Flag.DELAI_EN_COURS: DataClass.URSSAF,
        Flag.PEU_D_INFORMATIONS: DataClass.SCORE,
    }
