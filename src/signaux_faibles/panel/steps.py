"""The states of a company, source by source, as SQL steps over the version logs of one bucket of companies.

The version logs are the tables `v_<source>`; the grid is `spine` (siren, t), every month of every company.
"""

from __future__ import annotations

from collections.abc import Sequence

from signaux_faibles.domain.procol import ACTIONS, PLAN_YEARS, STAGE_IGNORED, STAGE_PLAN, STAGES_END
from signaux_faibles.panel.as_of import (
    NEVER,
    Step,
    best_alive,
    first_known,
    interval_deltas,
    latest_state_deltas,
    month_of_sql,
    superseded,
)

DEBT = ("siret", "compte", "numero_ecart", "start_month", "end_month")
"""What names a debt, beside the company."""

LAST_OPERATION_FIRST = (
    "o.numero_historique DESC NULLS LAST, o.date_traitement DESC, o.part_ouvriere_cents, o.part_patronale_cents"
)
"""Order of the operations `o` of a debt; one without a number comes before those that have one."""

WINDOWS_MONTHS = (3, 12)
"""Windows of the sums of contributions and short-time work: the last 3 and 12 months of data, known or not."""

DELAI_GRANTED = "APPROB"
MEMORY_MONTHS = 24
PUBLICATION_MONTHS = 1
"""Months between an event at the Urssaf and the file that tells it."""
ETP_CENTI_HOURS = 15167
"""Hundredths of hours of one full-time equivalent in a month (151.67 h)."""


def etablissements(*, has_history: bool = True) -> list[Step]:
    """Active establishments: the last known period of each, from Sirene's history, or else from its stock.

    The stock names the current period only: an establishment is then open from its creation to the start of the period
    in which it is closed.
    """
    periods = """
        SELECT siren, siret, COALESCE(date_debut, DATE '1900-01-01') AS debut, CAST(is_active AS INTEGER) AS active,
            known_month, until_month
        FROM v_sirene_histo"""
    if not has_history:
        closed = f"{month_of_sql('date_debut')} + {PUBLICATION_MONTHS}"
        periods = f"""
        SELECT siren, siret, COALESCE(date_creation, DATE '1900-01-01') AS debut, 1 AS active,
            known_month, until_month
        FROM v_sirene
        UNION ALL
        SELECT siren, siret, COALESCE(date_debut, date_creation, DATE '1900-01-01') AS debut, 0 AS active,
            CASE WHEN date_debut IS NULL THEN known_month ELSE GREATEST(known_month, {closed}) END AS known_month,
            until_month
        FROM v_sirene WHERE NOT is_active"""
    deltas = latest_state_deltas(
        "d_etablissements",
        "histo",
        entity=("siret",),
        latest_first="o.debut DESC, o.active DESC" if has_history else "o.debut DESC, o.active",
        values={"etablissements_actifs_count": "o.active"},
    )
    return [Step("histo", f"SELECT * FROM ({periods}) AS periods WHERE known_month < until_month"), *deltas]


def effectif() -> list[Step]:
    """Headcount of the company: value of the latest month known, and which month that is."""
    return [
        superseded(
            "s_effectif",
            "v_effectif_ent",
            key=("siren", "month"),
            columns=("effectif_count",),
            first="effectif_count DESC",
        ),
        first_known("d_effectif", "s_effectif", pointer="effectif_month", month="month"),
    ]


def cotisation() -> list[Step]:
    """Contributions called over the last 3 and 12 months of data."""
    monthly = Step("cotisation_monthly", monthly_cotisation("v_cotisation", "months"))
    return [monthly, *_windowed_sums("cotisation", "cotisation_monthly", "du_cents", "cotisation_{n}m_cents")]


def monthly_cotisation(source: str, months: str) -> str:
    """Query that shares each amount between its months, to the cent: the first months get the odd cents.

    Parameters
    ----------
    source, months : str
        Tables of contributions, and of the months (t) wanted.
    """
    share = "du_cents // (end_month - start_month)"
    rest = f"(du_cents - ({share}) * (end_month - start_month))"
    odd = f"CASE WHEN m.t - start_month < ABS({rest}) THEN SIGN({rest}) ELSE 0 END"
    return f"""
        SELECT c.siren AS siren, m.t AS month, CAST(({share}) + {odd} AS BIGINT) AS du_cents,
            c.known_month AS known_month, c.until_month AS until_month
        FROM {source} AS c JOIN {months} AS m ON m.t >= c.start_month AND m.t < c.end_month
        WHERE c.du_cents IS NOT NULL AND c.end_month > c.start_month"""


def debit() -> list[Step]:
    """Unpaid contributions (*debits*): balance of the last operation of every debt.

    The account is part of a debt's name: two accounts of one establishment may reuse a number.
    """
    return latest_state_deltas(
        "d_debit",
        "v_debit",
        entity=DEBT,
        latest_first=LAST_OPERATION_FIRST,
        values={
            "debit_ouvriere_cents": "o.part_ouvriere_cents",
            "debit_patronale_cents": "o.part_patronale_cents",
            "debit_open_count": "CASE WHEN o.part_ouvriere_cents + o.part_patronale_cents > 0 THEN 1 ELSE 0 END",
        },
    )


def delai() -> list[Step]:
    """Payment plans (*delais*) granted and running, plans granted in two years, CCSF plans in two years.

    Ages run from the event, not from the month it was known: a correction does not make an old plan new.
    """
    granted = f"stade = '{DELAI_GRANTED}'"
    return [
        interval_deltas(
            "d_delai",
            "v_delai",
            start="known_month",
            stop=f"{month_of_sql('date_echeance')} + 1",
            amounts={"delai_cents": "COALESCE(montant_cents, 0)", "delai_count": "1"},
            where=f"{granted} AND date_echeance IS NOT NULL",
        ),
        interval_deltas(
            "d_delai_24m",
            "v_delai",
            start="known_month",
            stop=f"{month_of_sql('date_creation')} + {PUBLICATION_MONTHS + MEMORY_MONTHS}",
            amounts={"delai_24m_count": "1"},
            where=f"{granted} AND date_creation IS NOT NULL",
        ),
        interval_deltas(
            "d_ccsf",
            "v_ccsf",
            start="known_month",
            stop=f"{month_of_sql('date_traitement')} + {PUBLICATION_MONTHS + MEMORY_MONTHS}",
            amounts={"ccsf_24m_count": "1"},
            where="date_traitement IS NOT NULL",
        ),
    ]


def activite_partielle() -> list[Step]:
    """Short-time work: hours consumed over 3 and 12 months, hours authorised this month, requests of the year."""
    months_count = f"({month_of_sql('date_fin')} - {month_of_sql('date_debut')} + 1)"
    valid = "date_fin >= date_debut AND heures_centi IS NOT NULL"
    return [
        *_windowed_sums("ap", "v_apconso", "COALESCE(heures_centi, 0)", "ap_{n}m_centi_h"),
        interval_deltas(
            "d_ap_autorise",
            "v_apdemande",
            start=month_of_sql("date_debut"),
            stop=f"{month_of_sql('date_fin')} + 1",
            amounts={"ap_autorise_centi_h": f"heures_centi // {months_count}"},
            where=valid,
        ),
        interval_deltas(
            "d_ap_demande",
            "v_apdemande",
            start="known_month",
            stop=f"{month_of_sql('date_statut')} + 12",
            amounts={"ap_demande_12m_count": "1"},
            where="date_statut IS NOT NULL",
        ),
    ]


def comptes() -> list[Step]:
    """Individual annual accounts: the latest exercise known, and the one a year before it.

    Consolidated accounts describe a group, not the company that may fail: they are shown, not learnt from.
    """
    individual = Step(
        "comptes_individuels",
        f"SELECT *, {month_of_sql('date_cloture')} AS cloture_month FROM v_comptes"
        " WHERE COALESCE(type_bilan, '') <> 'K'",
    )
    return [
        individual,
        superseded(
            "s_comptes", "comptes_individuels", key=("siren", "cloture_month"), columns=COMPTES_COLUMNS,
            first=f"date_cloture DESC, type_bilan, {_highest_first(COMPTES_COLUMNS)}",
        ),
        first_known("d_comptes", "s_comptes", pointer="cloture_month", month="cloture_month"),
    ]  # fmt: skip


def paydex() -> list[Step]:
    """Supplier payment delays: the latest monthly value known."""
    monthly = Step("paydex_monthly", f"SELECT *, {month_of_sql('date_valeur')} AS month FROM v_paydex")
    return [
        monthly,
        superseded(
            "s_paydex", "paydex_monthly", key=("siren", "month"), columns=PAYDEX_COLUMNS,
            first=f"date_valeur DESC, {_highest_first(PAYDEX_COLUMNS)}",
        ),
        first_known("d_paydex", "s_paydex", pointer="paydex_month", month="month"),
    ]  # fmt: skip


def identite() -> list[Step]:
    """Legal unit, and where it is: its head office when one is known at the time, else its oldest establishment.

    Sirene's stock names the head office of today only: the months before a move would otherwise have none.
    """
    located = Step("located", "SELECT *, CASE WHEN is_siege THEN 0 ELSE 1 END AS siege_rank FROM v_sirene")
    return [
        *best_alive(
            "s_unite",
            "v_sirene_ul",
            columns=("categorie_juridique", "code_naf", "date_creation", "tranche_effectif", "annee_effectif"),
            best_first="o.known_month DESC, o.code_naf, o.categorie_juridique, o.date_creation, o.tranche_effectif,"
            " o.annee_effectif",
        ),
        located,
        *best_alive(
            "s_siege",
            "located",
            columns=("departement",),
            best_first="o.siege_rank, o.known_month, o.siret, o.departement",
        ),
    ]


PROCOL_CODES = {
    ("sauvegarde", False): 10,
    ("sauvegarde", True): 11,
    ("redressement", False): 20,
    ("redressement", True): 21,
    ("liquidation", False): 30,
    ("liquidation", True): 30,
}
"""Code of a state: (action, in a plan) -> integer that grows with gravity; 0 is in bonis."""


STAGE_ABANDONED, STAGE_INCLUDED = "abandon_procedure", "inclusion_autre_procedure"
NOTICE_CANCELLED = "annulation"


def discarded_notices(notices: str) -> Step:
    """Notices that a later one annuls or puts right, and the month in which that was known.

    The later notice may name another company than the one it discards: this is made over all of them at once.

    Parameters
    ----------
    notices : str
        SQL of every notice known, whatever the company.
    """
    return Step(
        "discarded",
        f"SELECT annonce_precedente AS annonce, MIN(known_month) AS month FROM ({notices}) AS notices"
        " WHERE annonce_precedente IS NOT NULL GROUP BY annonce_precedente",
    )


def procol() -> list[Step]:
    """Collective proceedings: state known at t, and state in force at t as known at the end of the run.

    Urssaf and the Bodacc tell the same events; each counts from the first month in which one of them told it.
    """
    events = Step(
        "procol_events",
        f"""
        SELECT DISTINCT siren, action, stade, date_effet, {month_of_sql("date_effet")} AS effet_month,
            known_month, until_month
        FROM (
            SELECT siren, action, COALESCE(stade, '') AS stade, date_effet, known_month, until_month FROM v_procol
            UNION ALL
            SELECT siren, action, stade, date_effet, known_month, until_month FROM bodacc_events
        ) AS told
        WHERE action IN ({_quoted(ACTIONS)}) AND stade <> '{STAGE_IGNORED}' AND known_month < until_month""",
    )
    known = Step("procol_known", _procol_state("e.known_month <= s.t AND e.until_month > s.t"))
    in_force = Step("procol_in_force", _procol_state(f"e.effet_month <= s.t AND e.until_month = {NEVER}"))
    return [_bodacc_events(), events, known, in_force]


def _bodacc_events() -> Step:
    """Events of the notices: what each says of its own kind of proceeding, and of the lighter ones that it replaces.

    A company is in one proceeding at a time: a notice about a graver one, be it an extension or its closing, ends the
    others, unless a court undoes the graver one. A notice of end that does not say of what ends them all. One whose
    stage is unknown says nothing.
    """
    kinds = " UNION ALL ".join(f"SELECT '{action}' AS action, {rank} AS rank" for rank, action in enumerate(ACTIONS))
    return Step(
        "bodacc_events",
        f"""
        SELECT b.siren AS siren, k.action AS action,
            CASE WHEN b.action IS NULL OR b.action = k.action THEN b.stade ELSE '{STAGE_INCLUDED}' END AS stade,
            COALESCE(b.date_jugement, b.date_parution) AS date_effet, b.known_month AS known_month,
            LEAST(b.until_month, COALESCE(d.month, {NEVER})) AS until_month
        FROM v_bodacc AS b
        LEFT JOIN discarded AS d ON d.annonce = b.annonce
        LEFT JOIN ({kinds}) AS own ON own.action = b.action
        JOIN ({kinds}) AS k ON k.action = b.action
            OR (b.action IS NULL AND b.stade IN ({_quoted(STAGES_END)}))
            OR (b.stade <> '{STAGE_ABANDONED}' AND k.rank > own.rank)
        WHERE b.stade IS NOT NULL AND COALESCE(b.type_avis, '') <> '{NOTICE_CANCELLED}'""",
    )


def _quoted(words: Sequence[str]) -> str:
    return ", ".join(f"'{word}'" for word in words)


def _procol_state(alive: str) -> str:
    ends = _quoted(STAGES_END)
    is_plan = f"stade = '{STAGE_PLAN}'"
    codes = " ".join(
        f"WHEN action = '{action}' AND {'' if plan else 'NOT '}({is_plan}) THEN {code}"
        for (action, plan), code in PROCOL_CODES.items()
    )
    return f"""
        SELECT siren, t, MAX(CASE
            WHEN stade IN ({ends}) THEN 0
            WHEN {is_plan} AND t - effet_month >= {PLAN_YEARS * 12} THEN 0
            {codes} ELSE 0 END) AS etat_procol_code
        FROM (
            SELECT s.siren AS siren, s.t AS t, e.action AS action, COALESCE(e.stade, '') AS stade,
                e.effet_month AS effet_month,
                ROW_NUMBER() OVER (
                    PARTITION BY s.siren, s.t, e.action
                    ORDER BY e.date_effet DESC, CASE WHEN e.stade IN ({ends}) THEN 0 ELSE 1 END, e.stade
                ) AS rank
            FROM spine AS s JOIN procol_events AS e ON e.siren = s.siren AND {alive}
        ) AS latest WHERE rank = 1 GROUP BY siren, t"""


def _highest_first(columns: tuple[str, ...]) -> str:
    """ORDER BY terms that settle ties between rows of one key by their values."""
    return ", ".join(f"{column} DESC NULLS LAST" for column in columns)


def _windowed_sums(name: str, source: str, amount: str, column: str) -> list[Step]:
    """Sums over the months of data t-n to t-1, of the rows alive at t: exact even when a row is late or corrected."""
    return [
        interval_deltas(
            f"d_{name}_{n}m",
            source,
            start="month + 1",
            stop=f"month + {n + 1}",
            amounts={column.format(n=n): amount},
        )
        for n in WINDOWS_MONTHS
    ]


COMPTES_COLUMNS = (
    "chiffre_d_affaires_cents",
    "marge_brute_cents",
    "ebe_cents",
    "ebit_cents",
    "resultat_net_cents",
    "taux_d_endettement_pct",
    "ratio_de_liquidite_pct",
    "ratio_de_vetuste_pct",
    "autonomie_financiere_pct",
    "poids_bfr_exploitation_sur_ca_pct",
    "couverture_des_interets_pct",
    "caf_sur_ca_pct",
    "capacite_de_remboursement_ratio",
    "poids_bfr_exploitation_sur_ca_days",
    "rotation_des_stocks_days",
    "credit_clients_days",
    "credit_fournisseurs_days",
)
PAYDEX_COLUMNS = ("retard_days", "fournisseurs_count", "encours_cents", "fpi_30_pct", "fpi_90_pct")
