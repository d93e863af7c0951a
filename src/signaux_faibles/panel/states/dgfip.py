"""Accounts declared to the tax administration: the fifteen ratios of production, of the latest exercise known.

Ratios are computed from integer cents, once for a declaration. None is divided by the days of its exercise, and a
denominator that is missing, zero or negative gives no ratio: with negative equity, a need for funds over equity would
change sign and read as its contrary.
"""

from __future__ import annotations

from signaux_faibles.domain.data_class import DataClass
from signaux_faibles.panel.as_of import Step, best_alive, month_of_sql, pointer
from signaux_faibles.panel.states.declare import Family, Latest
from signaux_faibles.panel.states.ties import highest_first
from signaux_faibles.schema import Column, Kind

INDMAP = (
    "d_dvs_376_nbr_pers_count",
    "d_cr_250_expl_salaire_cents",
    "d_cr_252_expl_ch_soc_cents",
    "d_cr_260_expl_dt_syndic_cents",
    "d_actf_stk_march_net_cents",
    "d_passf_142_k_propres_cents",
    "d_passf_120_k_cents",
    "rto_invest_ca_ratio",
    "rto_af_solidite_financiere_ratio",
)
AF = (
    "mnt_af_ca_cents",
    "mnt_af_sig_va_ret_cents",
    "mnt_af_sig_ebe_ret_cents",
    "mnt_af_endettement_net_cents",
    "mnt_af_bfonc_actif_circ_expl_cents",
    "mnt_af_bfonc_actif_circ_h_expl_cents",
    "mnt_af_bfonc_passif_circ_expl_cents",
    "mnt_af_bfonc_passif_circ_h_expl_cents",
    "mnt_af_bfonc_tresorerie_cents",
    "mnt_af_bfonc_bfr_cents",
    "rto_af_endettement_a_terme_ratio",
    "rto_af_rent_eco_ratio",
    "nbr_af_jours_reglt_fourn_days",
    "nbr_af_jours_creance_cli_days",
)
DIRCO = ("rto_6_ratio", "rto_56_ratio")
EXERCICE = ("siren", "date_debut_exercice", "date_cloture")
DECLARATION = (*EXERCICE, "no_ocfi", "annee_exercice")
MAX_AGE_MONTHS = 30


def _over(numerator: str, denominator: str) -> str:
    """Quotient of two amounts, or nothing."""
    return f"CASE WHEN ({denominator}) > 0 THEN CAST({numerator} AS DOUBLE) / CAST({denominator} AS DOUBLE) END"


_CURRENT_ASSETS = "mnt_af_bfonc_actif_circ_expl_cents + mnt_af_bfonc_actif_circ_h_expl_cents"
_CURRENT_LIABILITIES = "mnt_af_bfonc_passif_circ_expl_cents + mnt_af_bfonc_passif_circ_h_expl_cents"
_STAFF_COSTS = "d_cr_250_expl_salaire_cents + d_cr_252_expl_ch_soc_cents + d_cr_260_expl_dt_syndic_cents"
_CAF_CENTS = "(rto_6_ratio * 100)"

RATIOS: dict[str, tuple[str, str, str]] = {
    "dgfip_dette_nette_sur_caf_ratio": (
        _over("mnt_af_endettement_net_cents", _CAF_CENTS),
        "Endettement net sur capacité d'autofinancement",
        "",
    ),
    "dgfip_dette_a_terme_sur_k_propres_ratio": (
        _over("1", "rto_af_endettement_a_terme_ratio"),
        "Dette à terme sur capitaux propres",
        "",
    ),
    "dgfip_ebe_sur_ca_ratio": (
        _over("mnt_af_sig_ebe_ret_cents", "mnt_af_ca_cents"),
        "Excédent brut d'exploitation sur chiffre d'affaires",
        "",
    ),
    "dgfip_va_par_effectif_eur": (
        _over("mnt_af_sig_va_ret_cents", "(d_dvs_376_nbr_pers_count * 100)"),
        "Valeur ajoutée par salarié",
        "€",
    ),
    "dgfip_charges_personnel_sur_va_ratio": (
        _over(f"({_STAFF_COSTS})", "mnt_af_sig_va_ret_cents"),
        "Charges de personnel sur valeur ajoutée",
        "",
    ),
    "dgfip_stocks_sur_ca_ratio": (
        _over("d_actf_stk_march_net_cents", "mnt_af_ca_cents"),
        "Stocks de marchandises sur chiffre d'affaires",
        "",
    ),
    "dgfip_liquidite_absolue_ratio": (
        _over(f"({_CURRENT_ASSETS})", _CURRENT_LIABILITIES),
        "Actif circulant sur passif circulant",
        "",
    ),
    "dgfip_liquidite_generale_ratio": (
        _over("mnt_af_bfonc_tresorerie_cents", _CURRENT_ASSETS),
        "Trésorerie nette sur actif circulant",
        "",
    ),
    "dgfip_liquidite_reduite_ratio": ("rto_56_ratio", "Liquidité réduite", ""),
    "dgfip_reglement_sur_encaissement_ratio": (
        _over("nbr_af_jours_reglt_fourn_days", "nbr_af_jours_creance_cli_days"),
        "Délai de règlement des fournisseurs sur délai d'encaissement des clients",
        "",
    ),
    "dgfip_k_propres_sur_k_social_ratio": (
        _over("d_passf_142_k_propres_cents", "d_passf_120_k_cents"),
        "Capitaux propres sur capital social",
        "",
    ),
    "dgfip_bfr_sur_k_propres_ratio": (
        _over("mnt_af_bfonc_bfr_cents", "d_passf_142_k_propres_cents"),
        "Besoin en fonds de roulement sur capitaux propres",
        "",
    ),
    "dgfip_taux_investissement_ratio": ("rto_invest_ca_ratio", "Taux d'investissement", ""),
    "dgfip_rentabilite_economique_ratio": ("rto_af_rent_eco_ratio", "Rentabilité économique", ""),
    "dgfip_solidite_financiere_ratio": ("rto_af_solidite_financiere_ratio", "Solidité financière", ""),
}
"""Column of the panel: expression over a declaration, label, unit."""


def steps(absent: frozenset[str]) -> list[Step]:
    """Declarations joined, the best of each exercise as known, and the latest exercise."""
    ratios = ", ".join(f"{sql} AS {name}" for name, (sql, _, _) in RATIOS.items())
    first = f"o.missing_count, o.date_debut_exercice DESC, o.annee_exercice DESC NULLS LAST, o.no_ocfi, {_VALUES}"
    return [
        *_declarations(),
        *best_alive(
            "dgfip_meilleure",
            "dgfip_declarations",
            key=("siren", "cloture_month"),
            columns=(*INDMAP, *AF, *DIRCO),
            best_first=first,
        ),
        Step("s_dgfip", f"SELECT siren, cloture_month, {ratios}, known_month, until_month FROM dgfip_meilleure"),
        *pointer("d_dgfip", "s_dgfip", month="cloture_month"),
    ]


_VALUES = highest_first((*INDMAP, *AF, *DIRCO))


def _declarations() -> list[Step]:
    """The two tables of a declaration, with the ratios of the exercise when they are known.

    A declaration stands without its ratios too: it is the one that answers as long as they are not known.
    """
    same = " AND ".join(
        f"i.{column} = a.{column}" if column in EXERCICE else f"i.{column} IS NOT DISTINCT FROM a.{column}"
        for column in DECLARATION
    )
    amounts = ", ".join([*(f"i.{c} AS {c}" for c in INDMAP), *(f"a.{c} AS {c}" for c in AF)])
    joined = f"""
        SELECT {", ".join(f"i.{c} AS {c}" for c in DECLARATION)}, {amounts},
            GREATEST(i.known_month, a.known_month) AS known_month, LEAST(i.until_month, a.until_month) AS until_month
        FROM v_dgfip_indmap AS i JOIN v_dgfip_af AS a ON {same}
        WHERE GREATEST(i.known_month, a.known_month) < LEAST(i.until_month, a.until_month)"""
    kept = ", ".join(f"d.{c} AS {c}" for c in (*DECLARATION, *INDMAP, *AF))
    with_ratios = f"""
        SELECT {kept}, {", ".join(f"r.{c} AS {c}" for c in DIRCO)},
            GREATEST(d.known_month, r.known_month) AS known_month, LEAST(d.until_month, r.until_month) AS until_month
        FROM dgfip_jointes AS d JOIN v_dgfip_dirco AS r ON {" AND ".join(f"r.{c} = d.{c}" for c in EXERCICE)}
        WHERE GREATEST(d.known_month, r.known_month) < LEAST(d.until_month, r.until_month)"""
    without = f"""
        SELECT {kept}, {", ".join(f"CAST(NULL AS DOUBLE) AS {c}" for c in DIRCO)}, d.known_month, d.until_month
        FROM dgfip_jointes AS d"""
    missing = " + ".join(f"CASE WHEN {c} IS NULL THEN 1 ELSE 0 END" for c in (*INDMAP, *AF, *DIRCO))
    return [
        Step("dgfip_jointes", joined),
        Step(
            "dgfip_declarations",
            f"SELECT *, {month_of_sql('date_cloture')} AS cloture_month, {missing} AS missing_count"
            f" FROM ({with_ratios} UNION ALL {without}) AS declared",
        ),
    ]


def _reads(values: tuple[str, ...], keys: tuple[str, ...]) -> str:
    return ", ".join((*keys, *values))


DGFIP = Family(
    name="dgfip",
    reads={
        "dgfip_indmap": _reads(INDMAP, DECLARATION),
        "dgfip_af": _reads(AF, DECLARATION),
        "dgfip_dirco": _reads(DIRCO, EXERCICE),
    },
    steps=steps,
    columns=(
        Column("dgfip_cloture_month", Kind.INTEGER, "Mois de clôture de la dernière déclaration connue", "mois"),
        *(Column(name, Kind.DOUBLE, label, unit, DataClass.DGFIP) for name, (_, label, unit) in RATIOS.items()),
    ),
    latest=(
        Latest(
            pointer="dgfip_cloture_month",
            deltas="d_dgfip",
            table="s_dgfip",
            month="cloture_month",
            columns=tuple(RATIOS),
            max_age_months=MAX_AGE_MONTHS,
        ),
    ),
)
