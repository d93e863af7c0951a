"""Les quinze ratios fiscaux, à la main : leur définition, leurs dénominateurs, et le jour où ils sont connus."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from lakes import SIREN, Row, day, m
from signaux_faibles.panel.as_of import NEVER
from signaux_faibles.panel.states.dgfip import RATIOS, steps
from version_tables import made_by, version_log

DECLARED: Row = {
    "siren": SIREN,
    "date_debut_exercice": day("2019-01-01"),
    "date_cloture": day("2019-12-31"),
    "no_ocfi": "1",
    "annee_exercice": 2019,
    "known_month": m("2020-07"),
}
INDMAP: Row = DECLARED | {
    "d_dvs_376_nbr_pers_count": 20.0,
    "d_cr_250_expl_salaire_cents": 600_000_00,
    "d_cr_252_expl_ch_soc_cents": 250_000_00,
    "d_cr_260_expl_dt_syndic_cents": 50_000_00,
    "d_actf_stk_march_net_cents": 120_000_00,
    "d_passf_142_k_propres_cents": 400_000_00,
    "d_passf_120_k_cents": 100_000_00,
    "rto_invest_ca_ratio": 0.07,
    "rto_af_solidite_financiere_ratio": 0.31,
}
AF: Row = DECLARED | {
    "mnt_af_ca_cents": 2_400_000_00,
    "mnt_af_sig_va_ret_cents": 1_200_000_00,
    "mnt_af_sig_ebe_ret_cents": 180_000_00,
    "mnt_af_endettement_net_cents": 300_000_00,
    "mnt_af_bfonc_actif_circ_expl_cents": 500_000_00,
    "mnt_af_bfonc_actif_circ_h_expl_cents": 100_000_00,
    "mnt_af_bfonc_passif_circ_expl_cents": 350_000_00,
    "mnt_af_bfonc_passif_circ_h_expl_cents": 50_000_00,
    "mnt_af_bfonc_tresorerie_cents": -30_000_00,
    "mnt_af_bfonc_bfr_cents": 200_000_00,
    "rto_af_endettement_a_terme_ratio": 4.0,
    "rto_af_rent_eco_ratio": 0.09,
    "nbr_af_jours_reglt_fourn_days": 60.0,
    "nbr_af_jours_creance_cli_days": 45.0,
}
DIRCO: Row = {key: DECLARED[key] for key in ("siren", "date_debut_exercice", "date_cloture", "known_month")} | {
    "rto_6_ratio": 150_000.0,
    "rto_56_ratio": 1.4,
}

BY_HAND = {
    "dgfip_dette_nette_sur_caf_ratio": 300 / 150,
    "dgfip_dette_a_terme_sur_k_propres_ratio": 1 / 4,
    "dgfip_ebe_sur_ca_ratio": 180 / 2400,
    "dgfip_va_par_effectif_eur": 60_000.0,
    "dgfip_charges_personnel_sur_va_ratio": 900 / 1200,
    "dgfip_stocks_sur_ca_ratio": 120 / 2400,
    "dgfip_liquidite_absolue_ratio": 600 / 400,
    "dgfip_liquidite_generale_ratio": -30 / 600,
    "dgfip_liquidite_reduite_ratio": 1.4,
    "dgfip_reglement_sur_encaissement_ratio": 60 / 45,
    "dgfip_k_propres_sur_k_social_ratio": 4.0,
    "dgfip_bfr_sur_k_propres_ratio": 200 / 400,
    "dgfip_taux_investissement_ratio": 0.07,
    "dgfip_rentabilite_economique_ratio": 0.09,
    "dgfip_solidite_financiere_ratio": 0.31,
}


def _exercices(scratch: Path, indmap: list[Row], af: list[Row], dirco: list[Row]) -> list[Row]:
    """Exercises as known: one row while the answer is the same."""
    tables = {
        "v_dgfip_indmap": version_log("dgfip_indmap", indmap),
        "v_dgfip_af": version_log("dgfip_af", af),
        "v_dgfip_dirco": version_log("dgfip_dirco", dirco),
    }
    until = [step.name for step in steps(frozenset())].index("s_dgfip") + 1
    rows = made_by(scratch, steps(frozenset())[:until], tables, "s_dgfip")
    return sorted(rows, key=lambda row: (row["cloture_month"], row["known_month"]))


def _ratios(row: Row) -> dict[str, Any]:
    return {name: row[name] for name in RATIOS}


def test_chaque_ratio_suit_sa_definition(tmp_path: Path) -> None:
    (row,) = _exercices(tmp_path, [INDMAP], [AF], [DIRCO])
    assert (row["cloture_month"], row["known_month"], row["until_month"]) == (m("2019-12"), m("2020-07"), NEVER)
    assert _ratios(row) == {name: pytest.approx(value) for name, value in BY_HAND.items()}
    assert set(BY_HAND) == set(RATIOS)


@pytest.mark.parametrize("worth", [0, -5, None])
def test_un_denominateur_nul_negatif_ou_inconnu_ne_donne_pas_de_ratio(tmp_path: Path, worth: int | None) -> None:
    """With negative equity, a need for funds over equity would read as its contrary."""
    indmap = INDMAP | {"d_passf_142_k_propres_cents": worth, "d_passf_120_k_cents": worth}
    indmap |= {"d_dvs_376_nbr_pers_count": worth}
    af = AF | dict.fromkeys(
        (n for n in AF if n.startswith(("mnt_af_ca", "mnt_af_sig_va", "rto_af_end", "nbr_"))), worth
    )
    af |= {"mnt_af_bfonc_actif_circ_expl_cents": worth, "mnt_af_bfonc_actif_circ_h_expl_cents": worth}
    af |= {"mnt_af_bfonc_passif_circ_expl_cents": worth, "mnt_af_bfonc_passif_circ_h_expl_cents": worth}
    (row,) = _exercices(tmp_path, [indmap], [af], [DIRCO | {"rto_6_ratio": worth}])
    known = {name for name, value in _ratios(row).items() if value is not None}
    assert known == {
        "dgfip_liquidite_reduite_ratio", "dgfip_taux_investissement_ratio", "dgfip_rentabilite_economique_ratio",
        "dgfip_solidite_financiere_ratio",
    }  # fmt: skip


def test_un_numerateur_inconnu_n_est_pas_un_zero(tmp_path: Path) -> None:
    (row,) = _exercices(tmp_path, [INDMAP | {"d_cr_260_expl_dt_syndic_cents": None}], [AF], [DIRCO])
    assert row["dgfip_charges_personnel_sur_va_ratio"] is None
    assert row["dgfip_ebe_sur_ca_ratio"] == pytest.approx(BY_HAND["dgfip_ebe_sur_ca_ratio"])


def test_une_declaration_sans_analyse_ne_dit_rien(tmp_path: Path) -> None:
    assert _exercices(tmp_path, [INDMAP], [AF | {"no_ocfi": "2"}], [DIRCO]) == []


def test_l_exercice_est_connu_quand_ses_deux_tables_le_sont_et_ses_ratios_ensuite(tmp_path: Path) -> None:
    early, late = _exercices(
        tmp_path, [INDMAP], [AF | {"known_month": m("2020-09")}], [DIRCO | {"known_month": m("2020-11")}]
    )
    assert (early["known_month"], early["until_month"]) == (m("2020-09"), m("2020-11"))
    assert early["dgfip_dette_nette_sur_caf_ratio"] is None
    assert early["dgfip_ebe_sur_ca_ratio"] == pytest.approx(BY_HAND["dgfip_ebe_sur_ca_ratio"])
    assert late["dgfip_dette_nette_sur_caf_ratio"] == pytest.approx(2.0)


def test_la_declaration_la_plus_complete_repond_pour_l_exercice(tmp_path: Path) -> None:
    poor = {"no_ocfi": "0", "d_actf_stk_march_net_cents": None, "mnt_af_ca_cents": 9_900_000_00}
    indmap = [{k: poor.get(k, v) for k, v in INDMAP.items()}, INDMAP]
    af = [{k: poor.get(k, v) for k, v in AF.items()}, AF]
    (row,) = _exercices(tmp_path, indmap, af, [DIRCO])
    assert _ratios(row) == {name: pytest.approx(value) for name, value in BY_HAND.items()}
    (turned,) = _exercices(tmp_path, indmap[::-1], af[::-1], [DIRCO])
    assert turned == row, "the order of the file does not count"


def test_une_declaration_retiree_ne_repond_plus(tmp_path: Path) -> None:
    (row,) = _exercices(tmp_path, [INDMAP], [AF | {"until_month": m("2021-03")}], [DIRCO])
    assert row["until_month"] == m("2021-03")
