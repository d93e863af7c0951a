"""Accounts as declared to the tax administration: declared amounts, aggregates of analysis, ratios.

Producer: DGFiP (extracts `declarations_indmap`, `declarations_af` and `ratios_dirco`).
Access: confidential; the real files stay in the tax administration's own lake.
Grain: one row per declaration of an exercise of a company.
Cadence: yearly, with late declarations all year round; each extract replaces the one before.
Known from: the seventh month that follows the closing, as for published accounts: the extracts hold no date of deposit.
Traps: pipe-separated; a company may have several declarations for one exercise (two tax regimes, a correction), which
share their dates and differ by `no_ocfi`; a missing amount is unknown, not zero; the numbers inside the names are the
boxes of the simplified form, whatever the regime; the ratios are the administration's own, their formula is not public.
"""

from __future__ import annotations

from signaux_faibles.domain.data_class import DataClass
from signaux_faibles.schema.cell import date_iso_or_compact, decimal, hundredths, integer, siren, text
from signaux_faibles.schema.source import Convert, Field, RawColumn, Reference, Source

AMOUNT, RATIO, DAYS, COUNT = "cents", "ratio", "days", "count"

EXERCICE = ("siren", "date_deb_exercice", "date_fin_exercice")
DECLARATION = ("no_ocfi", "annee_exercice")

INDMAP = {
    "d_dvs_376_nbr_pers": ("Effectif moyen", COUNT),
    "d_cr_250_expl_salaire": ("Salaires et traitements", AMOUNT),
    "d_cr_252_expl_ch_soc": ("Charges sociales", AMOUNT),
    "d_cr_260_expl_dt_syndic": ("Cotisations aux organismes professionnels", AMOUNT),
    "d_actf_stk_march_net": ("Stocks de marchandises, nets", AMOUNT),
    "d_actf_stk_mat1e_net": ("Stocks de matières premières, nets", AMOUNT),
    "d_passf_142_k_propres": ("Capitaux propres", AMOUNT),
    "d_passf_120_k": ("Capital social", AMOUNT),
    "rto_invest_ca": ("Taux d'investissement", RATIO),
    "rto_af_solidite_financiere": ("Solidité financière", RATIO),
}
AF = {
    "mnt_af_ca": ("Chiffre d'affaires", AMOUNT),
    "mnt_af_sig_va_ret": ("Valeur ajoutée retraitée", AMOUNT),
    "mnt_af_sig_ebe_ret": ("Excédent brut d'exploitation retraité", AMOUNT),
    "mnt_af_endettement_net": ("Endettement net", AMOUNT),
    "mnt_af_bfonc_actif_circ_expl": ("Actif circulant d'exploitation", AMOUNT),
    "mnt_af_bfonc_actif_circ_h_expl": ("Actif circulant hors exploitation", AMOUNT),
    "mnt_af_bfonc_passif_circ_expl": ("Passif circulant d'exploitation", AMOUNT),
    "mnt_af_bfonc_passif_circ_h_expl": ("Passif circulant hors exploitation", AMOUNT),
    "mnt_af_bfonc_tresorerie": ("Trésorerie nette", AMOUNT),
    "mnt_af_bfonc_bfr": ("Besoin en fonds de roulement", AMOUNT),
    "rto_af_endettement_a_terme": ("Endettement à terme", RATIO),
    "rto_af_rent_eco": ("Rentabilité économique", RATIO),
    "nbr_af_jours_reglt_fourn": ("Délai de règlement des fournisseurs", DAYS),
    "nbr_af_jours_creance_cli": ("Délai d'encaissement des clients", DAYS),
}
DIRCO = {
    "rto_6": ("Capacité d'autofinancement (ratio 6)", RATIO),
    "rto_56": ("Liquidité réduite (ratio 56)", RATIO),
}
NOT_ALWAYS = ("d_actf_stk_mat1e_net",)
UNITS = {AMOUNT: "centimes", RATIO: "", DAYS: "jours", COUNT: "salariés"}


def _field(name: str, label: str, kind: str) -> Field:
    """A value of a declaration; one that cannot be read is left empty, the declaration kept."""
    if kind == AMOUNT:
        return hundredths(f"{name}_cents", name, label, drops_row=False)
    return decimal(f"{name}_{kind}", name, label, unit=UNITS[kind], drops_row=False)


def _source(extract: str, label: str, values: dict[str, tuple[str, str]], keys: tuple[str, ...]) -> Source:
    names = (*EXERCICE, *keys, *values)
    converts = {"date_deb_exercice": Convert.DATE_COMPACT, "date_fin_exercice": Convert.DATE_COMPACT}
    return Source(
        name=f"dgfip_{extract.rsplit('_', 1)[1]}",
        label=label,
        producer="DGFiP",
        data_class=DataClass.DGFIP,
        file_pattern=rf"{extract}\.csv",
        separator="|",
        grain="une déclaration d'un exercice d'une entreprise",
        raw_columns=tuple(RawColumn(name, is_optional=name in NOT_ALWAYS) for name in names),
        fields=(
            siren(),
            date_iso_or_compact("date_debut_exercice", "date_deb_exercice", "Premier jour de l'exercice"),
            date_iso_or_compact("date_cloture", "date_fin_exercice", "Clôture de l'exercice"),
            *((text("no_ocfi", "no_ocfi", "Numéro de la déclaration"),) if "no_ocfi" in keys else ()),
            *(
                (integer("annee_exercice", "annee_exercice", "Année de l'exercice", drops_row=False),)
                if "annee_exercice" in keys
                else ()
            ),
            *(_field(name, label, kind) for name, (label, kind) in values.items()),
        ),
        known_from="last_day(date_cloture + INTERVAL 7 MONTH)",
        freshness="year(date_cloture) * 12 + month(date_cloture) - 1",
        reference=tuple(
            Reference(name, name, name, converts.get(name, Convert.COMMA_FLOAT if name in values else Convert.TEXT))
            for name in names
            if name not in NOT_ALWAYS
        ),
    )


SOURCES = (
    _source("declarations_indmap", "Déclarations fiscales : montants", INDMAP, DECLARATION),
    _source("declarations_af", "Déclarations fiscales : analyse financière", AF, DECLARATION),
    _source("ratios_dirco", "Déclarations fiscales : ratios", DIRCO, ()),
)
