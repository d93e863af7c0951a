"""Les 36 variables de production, une par une, sur une entreprise calculée à la main."""

from __future__ import annotations

from pathlib import Path

import duckdb
import pytest

from lakes import (
    SIREN,
    Row,
    a_company,
    contributions,
    day,
    debt_operation,
    known_at_end_of,
    m,
    new_lake,
    stage_all,
)
from signaux_faibles.engine import parquet_sql
from signaux_faibles.features.build import build_features, current_features
from signaux_faibles.features.catalogue import BY_NAME
from signaux_faibles.features.production import FISCAL, PRODUCTION_FEATURES
from signaux_faibles.lake import Lake
from spec.test_dgfip import AF, BY_HAND, DIRCO, INDMAP

AS_OF = m("2021-12")

REFERENCES = {
    "dette_nette_sur_caf", "dette_à_terme_sur_k_propres", "ebe_sur_ca", "va_sur_effectif", "charges_personnel_sur_va",
    "stocks_sur_ca", "liquidité_absolue", "liquidité_générale", "liquidité_réduite",
    "délai_paiement_sur_délai_encaissement", "k_propres_sur_k_social", "bfr_sur_k_propres", "taux_investissement",
    "rentabilité_économique", "solidité_financière", "cotisation", "cotisation_mean12m", "dette_sociale_ouvrière",
    "dette_sociale_patronale", "dette_sur_cotisation_mean12m", "dette_par_effectif", "ap_heures_consommées", "paydex",
    "fpi_30", "fpi_90", "effectif",
} | {f"dette_sociale_{part}_lag{n}m" for part in ("ouvrière", "patronale") for n in (1, 2, 3, 6, 12)}  # fmt: skip


def _declared(row: Row, **other: object) -> Row:
    kept = {key: value for key, value in row.items() if key not in ("known_month", "until_month")}
    return kept | {"known_from": known_at_end_of(m("2020-07"))} | other


def _the_company() -> dict[str, list[Row]]:
    """One company with something in every source, written so that each variable differs from the others."""
    return {
        **a_company(),
        "cotisation": [
            *contributions(SIREN, "2018-01", "2021-04", 1_000),
            *contributions(SIREN, "2021-05", "2021-12", 1_600),
        ],
        "debit": [
            debt_operation(SIREN, 1, "2020-05-10", 1_000, 2_000),
            debt_operation(SIREN, 2, "2020-11-10", 1_100, 2_200),
            debt_operation(SIREN, 3, "2021-02-10", 1_300, 2_600),
            debt_operation(SIREN, 4, "2021-03-10", 1_700, 3_400),
            debt_operation(SIREN, 5, "2021-04-10", 2_000, 4_000),
            debt_operation(SIREN, 6, "2021-05-10", 2_500, 5_000),
            debt_operation(SIREN, 7, "2021-06-10", 9_000, 9_000),
        ],
        "apconso": [
            {"siren": SIREN, "month": month, "heures_centi": hours, "known_from": known_at_end_of(month + 1)}
            for month, hours in ((m("2021-05"), 120_50), (m("2021-06"), 999_00))
        ],
        "paydex": [
            {
                "siren": SIREN,
                "date_valeur": day("2021-05-31"),
                "retard_days": 17,
                "fpi_30_pct": 40.0,
                "fpi_90_pct": 10.0,
                "known_from": known_at_end_of(m("2021-06")),
            }
        ],
        "dgfip_indmap": [_declared(INDMAP)],
        "dgfip_af": [_declared(AF)],
        "dgfip_dirco": [_declared(DIRCO)],
    }


JUNE_2021: dict[str, float] = {
    **BY_HAND,
    "cotisation_1m_eur": 1_600,
    "cotisation_mean_12m_eur": (11 * 1_000 + 1_600) / 12,
    "debit_ouvriere_eur": 2_500,
    "debit_ouvriere_lag_1m_eur": 2_000,
    "debit_ouvriere_lag_2m_eur": 1_700,
    "debit_ouvriere_lag_3m_eur": 1_300,
    "debit_ouvriere_lag_6m_eur": 1_100,
    "debit_ouvriere_lag_12m_eur": 1_000,
    "debit_patronale_eur": 5_000,
    "debit_patronale_lag_1m_eur": 4_000,
    "debit_patronale_lag_2m_eur": 3_400,
    "debit_patronale_lag_3m_eur": 2_600,
    "debit_patronale_lag_6m_eur": 2_200,
    "debit_patronale_lag_12m_eur": 2_000,
    "debit_sur_cotisation_months": 7_500 / ((11 * 1_000 + 1_600) / 12),
    "debit_par_effectif_eur": 7_500 / 20,
    "ap_1m_h": 120.5,
    "retard_days": 17,
    "fpi_30_ratio": 0.40,
    "fpi_90_ratio": 0.10,
    "effectif_count": 20,
}
"""Each of the 36 in June 2021: an operation of a month is known in the next one, and so is a contribution."""


@pytest.fixture(scope="module")
def lake(tmp_path_factory: pytest.TempPathFactory) -> Lake:
    made = new_lake(tmp_path_factory.mktemp("production") / "lake")
    stage_all(made, AS_OF, _the_company())
    build_features(made, AS_OF)
    return made


def _at(lake: Lake, month: str) -> dict[str, float | None]:
    rows = duckdb.sql(
        f"SELECT {', '.join(PRODUCTION_FEATURES)} FROM {parquet_sql(current_features(lake, AS_OF))}"
        f" WHERE siren = '{SIREN}' AND month = {m(month)}"
    ).fetchall()
    return dict(zip(PRODUCTION_FEATURES, rows[0], strict=True))


def test_les_36_sont_celles_de_production() -> None:
    assert len(PRODUCTION_FEATURES) == len(set(PRODUCTION_FEATURES)) == 36
    assert {BY_NAME[name].reference for name in PRODUCTION_FEATURES} == REFERENCES
    assert {f.name for f in BY_NAME.values() if f.reference} == set(PRODUCTION_FEATURES)


@pytest.mark.parametrize("name", PRODUCTION_FEATURES)
def test_une_variable_suit_sa_definition(lake: Lake, name: str) -> None:
    assert set(JUNE_2021) == set(PRODUCTION_FEATURES)
    assert _at(lake, "2021-06")[name] == pytest.approx(JUNE_2021[name], rel=1e-12)


def test_les_comptes_ne_servent_pas_avant_d_etre_connus_ni_apres_trente_mois(lake: Lake) -> None:
    """Production attaches them to the months of their own exercise, and carries them a year."""
    for month, known in (("2019-12", False), ("2020-06", False), ("2020-07", True), ("2021-12", True)):
        values = _at(lake, month)
        assert all((values[name] is not None) is known for name in FISCAL), month


def test_un_decalage_anterieur_aux_donnees_reste_vide(tmp_path: Path) -> None:
    """Production fills it with the first value of the company, and its differences with a value of the future."""
    young = new_lake(tmp_path / "lake")
    company = a_company()
    company["sirene_histo"][0] |= {"date_debut": day("2021-03-10"), "known_from": day("2021-04-30")}
    company["debit"] = [debt_operation(SIREN, 1, "2021-03-20", 100, 200)]
    stage_all(young, AS_OF, company)
    build_features(young, AS_OF)
    values = _at(young, "2021-06")
    assert values["debit_ouvriere_eur"] == values["debit_ouvriere_lag_2m_eur"] == 100
    assert values["debit_ouvriere_lag_3m_eur"] is None
    assert values["debit_patronale_lag_12m_eur"] is None


def test_un_retard_inconnu_n_est_pas_une_ponctualite_parfaite(lake: Lake) -> None:
    values = _at(lake, "2021-05")
    assert (values["retard_days"], values["fpi_30_ratio"], values["fpi_90_ratio"]) == (None, None, None)


def test_une_dette_sans_cotisation_reste_dans_la_liste(tmp_path: Path) -> None:
    """Production has no value there, and drops the row."""
    plain = new_lake(tmp_path / "lake")
    stage_all(plain, AS_OF, {**a_company(), "debit": [debt_operation(SIREN, 1, "2021-03-20", 100, 200)]})
    build_features(plain, AS_OF)
    assert _at(plain, "2021-06")["debit_sur_cotisation_months"] == 36
