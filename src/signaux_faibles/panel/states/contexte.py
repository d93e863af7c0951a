"""What surrounds a company: how often its trade and its département fail, and how its industry goes.

Base rates are made once for a run, over the whole nation whatever the territory of the run, and from the past only: at
month t, the openings that were known in the last twelve months, over the companies known that month to be active and of
the size of the perimeter. They are made from intervals, so that no table of one row per company and month is needed.

A small sector says little by itself: its rate is brought towards that of the nation, as if `PRIOR_COMPANIES` companies
at the national rate were added to it.
"""

from __future__ import annotations

from collections.abc import Sequence

from signaux_faibles.panel.as_of import NEVER, Step
from signaux_faibles.panel.states.declare import Family, Lookup
from signaux_faibles.panel.states.procol import PROCOL
from signaux_faibles.panel.states.sirene import SIRENE
from signaux_faibles.schema import Column, Kind

PRIOR_COMPANIES = 200
MEMORY_MONTHS = 12

READS = ("sirene", "sirene_ul", "sirene_histo", "procol", "bodacc")
"""Sources whose versions, of the whole nation, the steps below read as `v_<source>`."""

GROUPS = {"division": ("s_unite", "SUBSTRING(code_naf, 1, 2)"), "departement": ("s_siege", "departement")}
"""Group: table of its versions by company, expression of its code."""

NATION = "nation"


def contexte_steps(absent: frozenset[str], *, first_month: int, last_month: int) -> list[Step]:
    """Rates of the sectors and of the départements, at every month of a run.

    They read the version logs of `READS`, `discarded` and `reached` (siren, month: first month at which the size of a
    company was known to be that of the perimeter), all of the nation.

    Parameters
    ----------
    absent : frozenset of str
        Optional sources that no batch brought.
    first_month, last_month : int
        Of the run.

    Returns
    -------
    list of Step
        The tables `contexte_division` and `contexte_departement` (code, t, `ouvertures_12m_ratio`,
        `ouvertures_change_12m_ratio`) are among them.
    """
    start = first_month - MEMORY_MONTHS
    made = [*SIRENE.steps(absent), *(step for step in PROCOL.steps(absent) if step.name != "procol_known")]
    months = Step("contexte_months", f"SELECT CAST(range AS INTEGER) AS t FROM range({start}, {last_month + 1})")
    everyone = f"SELECT siren, 'FR' AS code, 0 AS known_month, {NEVER} AS until_month FROM reached"
    counts = _counts(NATION, everyone, start)
    rates = []
    for group, (table, code) in GROUPS.items():
        counts += _counts(group, f"SELECT siren, {code} AS code, known_month, until_month FROM {table}", start)
        rates.append(_rates(group, first_month))
    return [*made, months, _active(), _openings(), *counts, *rates]


def _active() -> Step:
    """Months during which each company is active and known to have reached the size of the perimeter."""
    running = (
        "SUM(etablissements_actifs_count) OVER"
        " (PARTITION BY siren ORDER BY t ROWS BETWEEN UNBOUNDED PRECEDING AND CURRENT ROW)"
    )
    return Step(
        "contexte_active",
        f"""
        SELECT a.siren AS siren, GREATEST(a.t, r.month) AS start_t, a.next_t AS stop_t
        FROM (
            SELECT siren, t, {running} AS actifs,
                COALESCE(LEAD(t, 1) OVER (PARTITION BY siren ORDER BY t), {NEVER}) AS next_t
            FROM d_etablissements
        ) AS a JOIN reached AS r ON r.siren = a.siren
        WHERE a.actifs > 0 AND GREATEST(a.t, r.month) < a.next_t""",
    )


def _openings() -> Step:
    """Months in which a proceeding was learnt of a company that was in none, once it had reached the size.

    The month is that of the knowledge, not that of the judgment: a judgment told late counts from when it was told.
    """
    return Step(
        "contexte_openings",
        """
        SELECT k.siren AS siren, k.t AS t FROM (
            SELECT m.siren AS siren, m.t AS t, COALESCE(s.etat_procol_code, 0) AS code,
                COALESCE(LAG(COALESCE(s.etat_procol_code, 0), 1) OVER (PARTITION BY m.siren ORDER BY m.t), 0) AS before
            FROM procol_moments AS m LEFT JOIN procol_states AS s ON s.siren = m.siren AND s.t = m.t
        ) AS k JOIN reached AS r ON r.siren = k.siren AND r.month <= k.t
        WHERE k.code > 0 AND k.before = 0""",
    )


def _counts(group: str, versions: str, start: int) -> list[Step]:
    """Companies and openings of each code of a group, at every month since its first company.

    A code has no row before: whether it has one may not depend on what comes later.

    Parameters
    ----------
    versions : str
        Query (siren, code, known_month, until_month): the code of each company as known.
    start : int
        First month counted; what happened before it counts from it.
    """
    begin, end = "GREATEST(a.start_t, v.known_month)", "LEAST(a.stop_t, v.until_month)"
    joined = f"FROM contexte_active AS a JOIN contexte_{group}_codes AS v ON v.siren = a.siren"
    counted = f"v.code IS NOT NULL AND {begin} < {end}"
    opened = f"FROM contexte_openings AS o JOIN contexte_{group}_codes AS v ON v.siren = o.siren"
    known = "v.code IS NOT NULL AND v.known_month <= o.t AND v.until_month > o.t"
    moves = " UNION ALL ".join(
        (
            f"SELECT v.code AS code, {begin} AS t, 1 AS companies, 0 AS openings {joined} WHERE {counted}",
            f"SELECT v.code AS code, {end} AS t, -1 AS companies, 0 AS openings {joined} WHERE {counted}",
            f"SELECT v.code AS code, o.t AS t, 0 AS companies, 1 AS openings {opened} WHERE {known}",
            f"SELECT v.code AS code, o.t + {MEMORY_MONTHS} AS t, 0 AS companies, -1 AS openings {opened} WHERE {known}",
        )
    )
    deltas = Step(
        f"contexte_{group}_deltas",
        f"""
        SELECT code, GREATEST(t, {start}) AS t,
            CAST(SUM(companies) AS BIGINT) AS companies, CAST(SUM(openings) AS BIGINT) AS openings
        FROM ({moves}) AS moves GROUP BY code, GREATEST(t, {start})""",
    )
    running = "OVER (PARTITION BY g.code ORDER BY m.t ROWS BETWEEN UNBOUNDED PRECEDING AND CURRENT ROW)"
    counts = Step(
        f"contexte_{group}_counts",
        f"""
        SELECT g.code AS code, m.t AS t,
            CAST(SUM(COALESCE(d.companies, 0)) {running} AS BIGINT) AS companies,
            CAST(SUM(COALESCE(d.openings, 0)) {running} AS BIGINT) AS openings
        FROM (SELECT code, MIN(t) AS first_t FROM contexte_{group}_deltas GROUP BY code) AS g
        JOIN contexte_months AS m ON m.t >= g.first_t
        LEFT JOIN contexte_{group}_deltas AS d ON d.code = g.code AND d.t = m.t""",
    )
    return [Step(f"contexte_{group}_codes", versions), deltas, counts]


def _rates(group: str, first_month: int) -> Step:
    """Rate of each code brought towards that of the nation, and its change over a year; none while nobody is known."""
    national = "(CAST(n.openings AS DOUBLE) / CAST(n.companies AS DOUBLE))"
    brought = f"(CAST(c.openings AS DOUBLE) + {PRIOR_COMPANIES} * {national})"
    rate = f"CASE WHEN n.companies > 0 THEN {brought} / CAST(c.companies + {PRIOR_COMPANIES} AS DOUBLE) END"
    return Step(
        f"contexte_{group}",
        f"""
        SELECT * FROM (
            SELECT code, t, ratio AS ouvertures_12m_ratio,
                ratio - LAG(ratio, {MEMORY_MONTHS}) OVER (PARTITION BY code ORDER BY t) AS ouvertures_change_12m_ratio
            FROM (
                SELECT c.code AS code, c.t AS t, {rate} AS ratio
                FROM contexte_{group}_counts AS c JOIN contexte_{NATION}_counts AS n ON n.t = c.t
            ) AS rated
        ) AS changed WHERE t >= {first_month}""",
    )


LOOKUPS = (
    Lookup(
        "contexte_division",
        "SUBSTRING(s.code_naf, 1, 2)",
        {
            "secteur_ouvertures_12m_ratio": "ouvertures_12m_ratio",
            "secteur_ouvertures_change_12m_ratio": "ouvertures_change_12m_ratio",
        },
    ),
    Lookup(
        "contexte_departement",
        "s.departement",
        {
            "departement_ouvertures_12m_ratio": "ouvertures_12m_ratio",
            "departement_ouvertures_change_12m_ratio": "ouvertures_change_12m_ratio",
        },
    ),
    Lookup(
        "contexte_naf",
        "s.code_naf",
        {
            "ipi_change_12m_ratio": "ipi_change_12m_ratio",
            "defaillances_change_12m_ratio": "defaillances_change_12m_ratio",
        },
    ),
)
"""The last one is the table of `macro.macro_table`."""

LABELS = {
    "secteur_ouvertures_12m_ratio": "Ouvertures connues en 12 mois par entreprise, division d'activité",
    "secteur_ouvertures_change_12m_ratio": "Le même taux, moins celui d'un an avant",
    "departement_ouvertures_12m_ratio": "Ouvertures connues en 12 mois par entreprise, département",
    "departement_ouvertures_change_12m_ratio": "Le même taux, moins celui d'un an avant",
    "ipi_change_12m_ratio": "Variation en un an de la production industrielle de la branche",
    "defaillances_change_12m_ratio": "Variation en un an des défaillances de l'industrie",
}


def _no_step(absent: frozenset[str]) -> Sequence[Step]:
    """None by bucket: the tables are made once for the run."""
    return ()


CONTEXTE = Family(
    name="contexte",
    reads={},
    steps=_no_step,
    columns=tuple(Column(name, Kind.DOUBLE, label) for name, label in LABELS.items()),
    lookups=LOOKUPS,
)
