"""What is said beside a level: recent creation, running plan, nothing known."""

from __future__ import annotations

import numpy as np
import pytest

from signaux_faibles.domain.data_class import DataClass
from signaux_faibles.domain.theme import Theme
from signaux_faibles.lists.flags import EVIDENCE, Exclusion, Flag, flags_of, is_unknown, unknown_flags

NAN = float("nan")

SILENT = {
    "debit_eur": 0.0,
    "debit_par_effectif_change_3m_eur": NAN,
    "cotisation_par_effectif_eur": 0.0,
    "cotisation_3m_sur_12m_ratio": NAN,
    "delai_count": 0.0,
    "ccsf_24m_count": 0.0,
    "ap_24m_count": 0.0,
    "ap_12m_ratio": 0.0,
    "chiffre_d_affaires_eur": NAN,
    "pertes_3_exercices_count": NAN,
    "retard_days": NAN,
    "fournisseurs_count": NAN,
    "effectif_count": 20.0,
    "effectif_change_12m_ratio": -0.25,
    "etablissements_actifs_count": 1.0,
    "age_years": 12.0,
    "section_naf_rank": 3.0,
    "departement_ouvertures_12m_ratio": 0.02,
}
"""A company named by the register and the headcounts only, where every source is imported."""


def flags(age: float, plans: float, *, is_unknown: bool = False) -> list[Flag]:
    values = {"age_years": np.array([age]), "delai_count": np.array([plans])}
    return flags_of(values, np.array([is_unknown]))[0]


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


def test_little_known_is_told_after_the_others() -> None:
    assert flags(1.0, 0.0, is_unknown=True) == [Flag.CREATION_RECENTE, Flag.PEU_D_INFORMATIONS]


def unknown(**known: float) -> bool:
    values = np.array([list((SILENT | known).values())], np.float32)
    (found,) = is_unknown(tuple(SILENT), values).tolist()
    return bool(found)


def test_identity_sector_age_and_headcount_are_not_knowing_something() -> None:
    assert unknown()
    assert unknown(age_years=NAN, section_naf_rank=NAN, effectif_count=NAN)
    assert unknown(effectif_count=900.0, effectif_change_12m_ratio=-0.9, departement_ouvertures_12m_ratio=0.5)
    assert unknown(debit_eur=NAN, cotisation_par_effectif_eur=NAN, ap_24m_count=NAN), "sources not imported"


@pytest.mark.parametrize(
    "known",
    [
        {"cotisation_par_effectif_eur": 310.0},
        {"cotisation_3m_sur_12m_ratio": 1.0},
        {"debit_eur": 0.01},
        {"debit_par_effectif_change_3m_eur": -40.0},
        {"delai_count": 1.0},
        {"ccsf_24m_count": 1.0},
        {"ap_24m_count": 2.0},
        {"ap_12m_ratio": 0.001},
        {"chiffre_d_affaires_eur": 0.0},
        {"pertes_3_exercices_count": 0.0},
        {"retard_days": 0.0},
        {"fournisseurs_count": 3.0},
    ],
    ids=lambda known: next(iter(known)),
)
def test_one_fact_of_the_urssaf_the_accounts_or_the_suppliers_is_knowing_something(known: dict[str, float]) -> None:
    assert not unknown(**known)


def test_each_company_is_told_of_by_its_own_values() -> None:
    values = np.array([[0.0, NAN], [5.0, NAN], [0.0, 0.0], [NAN, NAN]], np.float32)
    assert is_unknown(("debit_eur", "retard_days"), values).tolist() == [True, False, False, True]
    assert set(EVIDENCE) == set(Theme), "every feature proves something or nothing, by its theme"


def test_a_flag_whose_feature_the_panel_lacks_is_unknown_not_absent() -> None:
    assert unknown_flags(["age_years", "debit_eur"]) == (Flag.DELAI_EN_COURS,)
    assert unknown_flags(["age_years", "delai_count"]) == ()
    young = flags_of({"age_years": np.array([1.0, 9.0])}, np.zeros(2, np.bool_))
    assert young == [[Flag.CREATION_RECENTE], []]


def test_every_code_has_a_french_label_and_a_plan_is_of_the_class_of_urssaf() -> None:
    assert all(code.label for code in (*Flag, *Exclusion))
    assert {flag: flag.data_class for flag in Flag} == {
        Flag.CREATION_RECENTE: DataClass.PUBLIC,
        Flag.DELAI_EN_COURS: DataClass.URSSAF,
        Flag.PEU_D_INFORMATIONS: DataClass.SCORE,
    }
