"""Contributions called, unpaid contributions (*debits*), payment plans (*delais*, CCSF)."""

from __future__ import annotations

from signaux_faibles.domain.data_class import DataClass
from signaux_faibles.panel.as_of import (
    NEVER,
    Step,
    best_alive,
    interval_deltas,
    latest_state_deltas,
    month_of_sql,
    window_deltas,
)
from signaux_faibles.panel.states.cotisation import FIRST_MONTH, first_month_deltas
from signaux_faibles.panel.states.declare import Family, Sums
from signaux_faibles.schema import Column, Kind

DEBT = ("siret", "compte", "numero_ecart", "start_month", "end_month")
"""What names a debt, beside the company: two accounts of one establishment may reuse a number."""

LAST_OPERATION_FIRST = (
    "o.numero_historique DESC NULLS LAST, o.date_traitement DESC, o.part_ouvriere_cents, o.part_patronale_cents"
)
"""Order of the operations `o` of a debt; one without a number comes before those that have one."""

RECENT_MONTHS = 12
"""Months after the beginning of its period during which an unpaid contribution is recent."""

DELAI_GRANTED = "APPROB"
DELAI_REFUSED = ("REFUS", "REJ")
PLAN = ("siren", "compte", "numero_contentieux", "unnumbered_creation", "unnumbered_echeance")
"""What names a plan: its number in an account, or its dates when it has none. The file has a row for each of its stages
and actions."""

CCSF_OPENED = "DEBUT"
MEMORY_MONTHS = 24
PUBLICATION_MONTHS = 1
"""Months between an event at the Urssaf and the file that tells it."""

CONTRIBUTION_WINDOWS = {"cotisation_1m_cents": 1, "cotisation_3m_cents": 3, "cotisation_12m_cents": 12}


def steps(absent: frozenset[str]) -> list[Step]:
    """Every state of the family."""
    return [*_cotisation(), *_debit(), *_recent_debit(), *_plans(), *_delai(), *_echeancier(), _ccsf()]


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
        SELECT siren, start_month AS month, du_cents, known_month, until_month
        FROM {source} WHERE du_cents IS NOT NULL AND end_month = start_month + 1
        UNION ALL
        SELECT c.siren AS siren, m.t AS month, CAST(({share}) + {odd} AS BIGINT) AS du_cents,
            c.known_month AS known_month, c.until_month AS until_month
        FROM {source} AS c JOIN {months} AS m ON m.t >= c.start_month AND m.t < c.end_month
        WHERE c.du_cents IS NOT NULL AND c.end_month > c.start_month + 1"""


def _cotisation() -> list[Step]:
    """Contributions called over the last months of data, and the first month of them.

    Every row may tell the first month; few may still count in the first sums of the grid.
    """
    longest = max(CONTRIBUTION_WINDOWS.values())
    in_reach = (
        "(SELECT c.* FROM v_cotisation AS c"
        f" JOIN spans AS p ON p.siren = c.siren AND c.end_month >= p.first_t - {longest})"
    )
    return [
        Step("cotisation_monthly", monthly_cotisation(in_reach, "months")),
        *window_deltas("d_cotisation", "cotisation_monthly", amount="du_cents", columns=CONTRIBUTION_WINDOWS),
        *first_month_deltas("d_cotisation_first", "v_cotisation"),
    ]


def _debit() -> list[Step]:
    """Balance of the last operation of every debt."""
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


def _recent_debit() -> list[Step]:
    """Balance of the debts whose period began in the last twelve months.

    A debt gets one more operation, which settles it for good the month it ceases to be recent.
    """
    keys = ", ".join(("siren", *DEBT))
    recent = f"known_month < start_month + {RECENT_MONTHS}"
    source = Step(
        "debit_recent",
        f"""
        SELECT {keys}, 0 AS is_over, numero_historique, date_traitement, part_ouvriere_cents, part_patronale_cents,
            known_month, until_month
        FROM v_debit WHERE {recent}
        UNION ALL
        SELECT DISTINCT {keys}, 1 AS is_over, CAST(NULL AS INTEGER) AS numero_historique,
            CAST(NULL AS DATE) AS date_traitement, CAST(0 AS BIGINT) AS part_ouvriere_cents,
            CAST(0 AS BIGINT) AS part_patronale_cents, start_month + {RECENT_MONTHS} AS known_month,
            {NEVER} AS until_month
        FROM v_debit WHERE {recent}""",
    )
    return [
        source,
        *latest_state_deltas(
            "d_debit_recent",
            "debit_recent",
            entity=DEBT,
            latest_first=f"o.is_over DESC, {LAST_OPERATION_FIRST}",
            values={
                "debit_recent_cents": "o.part_ouvriere_cents + o.part_patronale_cents",
                "debit_recent_count": "CASE WHEN o.part_ouvriere_cents + o.part_patronale_cents > 0 THEN 1 ELSE 0 END",
            },
        ),
    ]


def _plans() -> list[Step]:
    """Plans granted, and plans refused: of each, the row last created of those alive."""
    made = []
    for name, stages in (("delai_accorde", (DELAI_GRANTED,)), ("delai_refuse", DELAI_REFUSED)):
        told = ", ".join(f"'{stage}'" for stage in stages)
        rows = f"""
        SELECT *, CASE WHEN numero_contentieux IS NULL THEN date_creation END AS unnumbered_creation,
            CASE WHEN numero_contentieux IS NULL THEN date_echeance END AS unnumbered_echeance
        FROM v_delai WHERE stade IN ({told})"""
        made += [
            Step(f"{name}_rows", rows),
            *best_alive(
                name,
                f"{name}_rows",
                key=PLAN,
                columns=("date_creation", "date_echeance", "montant_cents"),
                best_first="o.date_creation DESC NULLS LAST, o.known_month DESC, o.date_echeance DESC NULLS LAST,"
                " o.montant_cents DESC NULLS LAST",
            ),
        ]
    return made


def _echeancier() -> list[Step]:
    """What remains to be paid by the schedule of the plans running, as a line: instalment, and instalment times end.

    At month t, the schedule leaves the sum of instalments times (end - t): two sums that do not depend on t.
    """
    first, last = month_of_sql("date_creation"), month_of_sql("date_echeance")
    instalment = f"COALESCE(montant_cents, 0) // GREATEST({last} - {first}, 1)"
    plan = "date_creation IS NOT NULL AND date_echeance IS NOT NULL"
    return [
        interval_deltas(
            "d_echeancier",
            "delai_accorde",
            start="known_month",
            stop=f"{last} + 1",
            amounts={
                "delai_mensualite_cents": instalment,
                "delai_terme_cents": f"({instalment}) * {last}",
            },
            where=plan,
        ),
        interval_deltas(
            "d_delai_refuse",
            "delai_refuse",
            start="known_month",
            stop=f"{first} + {PUBLICATION_MONTHS + MEMORY_MONTHS}",
            amounts={"delai_refuse_24m_count": "1"},
            where="date_creation IS NOT NULL",
        ),
    ]


def _delai() -> list[Step]:
    """Payment plans granted and running, plans granted in two years.

    Ages run from the event, not from the month it was known: a correction does not make an old plan new.
    """
    return [
        interval_deltas(
            "d_delai",
            "delai_accorde",
            start="known_month",
            stop=f"{month_of_sql('date_echeance')} + 1",
            amounts={"delai_cents": "COALESCE(montant_cents, 0)", "delai_count": "1"},
            where="date_echeance IS NOT NULL",
        ),
        interval_deltas(
            "d_delai_24m",
            "delai_accorde",
            start="known_month",
            stop=f"{month_of_sql('date_creation')} + {PUBLICATION_MONTHS + MEMORY_MONTHS}",
            amounts={"delai_24m_count": "1"},
            where="date_creation IS NOT NULL",
        ),
    ]


def _ccsf() -> Step:
    """Files opened before the commission in two years: its other stages (*APPROB*, *FIN*...) are those of a file."""
    return interval_deltas(
        "d_ccsf",
        "v_ccsf",
        start="known_month",
        stop=f"{month_of_sql('date_traitement')} + {PUBLICATION_MONTHS + MEMORY_MONTHS}",
        amounts={"ccsf_24m_count": "1"},
        where=f"stade = '{CCSF_OPENED}' AND date_traitement IS NOT NULL",
    )


def _column(name: str, label: str, unit: str) -> Column:
    return Column(name, Kind.BIGINT, label, unit, DataClass.URSSAF)


URSSAF = Family(
    name="urssaf",
    reads={
        "cotisation": "siren, start_month, end_month, du_cents",
        "debit": "siren, siret, compte, numero_ecart, numero_historique, date_traitement, start_month, end_month,"
        " part_ouvriere_cents, part_patronale_cents",
        "delai": "siren, compte, numero_contentieux, date_creation, date_echeance, montant_cents, stade",
        "ccsf": "siren, date_traitement, stade",
    },
    steps=steps,
    columns=(
        _column("cotisation_1m_cents", "Cotisations du dernier mois", "centimes"),
        _column("cotisation_3m_cents", "Cotisations des 3 derniers mois", "centimes"),
        _column("cotisation_12m_cents", "Cotisations des 12 derniers mois", "centimes"),
        Column(
            FIRST_MONTH,
            Kind.INTEGER,
            "Premier mois de cotisations jamais connu, 0 si aucun",
            "mois",
            DataClass.URSSAF,
        ),
        _column("debit_ouvriere_cents", "Dette restante, part salariale", "centimes"),
        _column("debit_patronale_cents", "Dette restante, part patronale", "centimes"),
        _column("debit_open_count", "Dettes non soldées", "dettes"),
        _column("debit_recent_cents", "Dette restante sur des périodes ouvertes depuis 12 mois", "centimes"),
        _column("debit_recent_count", "Dettes non soldées sur ces périodes", "dettes"),
        _column("delai_cents", "Délais de paiement en cours", "centimes"),
        _column("delai_count", "Délais de paiement en cours", "délais"),
        _column("delai_24m_count", "Délais accordés en 24 mois", "délais"),
        _column("delai_refuse_24m_count", "Délais refusés ou rejetés en 24 mois", "délais"),
        _column("delai_mensualite_cents", "Mensualités des délais en cours", "centimes"),
        _column("delai_terme_cents", "Mensualités multipliées par le mois de la dernière échéance", "centimes x mois"),
        _column("ccsf_24m_count", "Dossiers ouverts devant la CCSF en 24 mois", "dossiers"),
    ),
    sums=(
        Sums("d_cotisation", tuple(CONTRIBUTION_WINDOWS), "cotisation", is_sparse=False),
        Sums("d_cotisation_first", (FIRST_MONTH,), "cotisation", is_sparse=False),
        Sums("d_debit", ("debit_ouvriere_cents", "debit_patronale_cents", "debit_open_count"), "debit"),
        Sums("d_debit_recent", ("debit_recent_cents", "debit_recent_count"), "debit"),
        Sums("d_delai_refuse", ("delai_refuse_24m_count",), "delai"),
        Sums("d_echeancier", ("delai_mensualite_cents", "delai_terme_cents"), "delai"),
        Sums("d_delai", ("delai_cents", "delai_count"), "delai"),
        Sums("d_delai_24m", ("delai_24m_count",), "delai"),
        Sums("d_ccsf", ("ccsf_24m_count",), "ccsf"),
    ),
    needs_months={"debit": "until_month > {since}"},
)
