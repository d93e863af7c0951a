"""Individual annual accounts: the latest exercise known, and the two before it.

Consolidated accounts describe a group, not the company that may fail: they only say that there is a group.

The source gives closings, not lengths. An exercise is as long as the months since the closing before it, when one is
known and not older than an exercise may be long; else it is taken to be of twelve months.
"""

from __future__ import annotations

from signaux_faibles.panel.as_of import NEVER, Step, best_alive, interval_deltas, month_of_sql, pointer
from signaux_faibles.panel.states.declare import Family, Latest, Sums
from signaux_faibles.panel.states.ties import highest_first
from signaux_faibles.schema import Column, Kind

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

PREVIOUS = (
    "chiffre_d_affaires_cents",
    "ebe_cents",
    "resultat_net_cents",
    "autonomie_financiere_pct",
    "credit_fournisseurs_days",
)
"""Columns kept of the exercise before."""

BEFORE_PREVIOUS = ("chiffre_d_affaires_cents", "resultat_net_cents", "autonomie_financiere_pct")
"""Columns kept of the exercise before that."""

MAX_EXERCICE_MONTHS = 23
"""A gap of two years is a missing year of accounts, not an exercise of twenty-four months."""

USUAL_MONTHS = 12
CONSOLIDATED = "K"
GROUP_MONTHS = 36
"""Months during which the closing of consolidated accounts says that there is a group."""

MAX_AGE_MONTHS = 30
PLACES = {1: "first", 2: "second", 3: "third"}
"""Exercises before one: the third only says how long the second is."""


def steps(absent: frozenset[str]) -> list[Step]:
    """Exercises as known, and the latest of them."""
    individual = Step(
        "comptes_individuels",
        f"SELECT *, {month_of_sql('date_cloture')} AS cloture_month FROM v_comptes"
        " WHERE COALESCE(type_bilan, '') <> 'K'",
    )
    first = f"o.known_month DESC, o.date_cloture DESC, o.type_bilan, {highest_first(COMPTES_COLUMNS)}"
    return [
        individual,
        *best_alive(
            "s_comptes", "comptes_individuels", key=("siren", "cloture_month"), columns=COMPTES_COLUMNS,
            best_first=first,
        ),
        *_neighbours(),
        *pointer("d_comptes", "s_comptes", month="cloture_month"),
        interval_deltas(
            "d_comptes_consolides",
            "v_comptes",
            start="known_month",
            stop=f"{month_of_sql('date_cloture')} + {GROUP_MONTHS}",
            amounts={"comptes_consolides_36m_count": "1"},
            where=f"type_bilan = '{CONSOLIDATED}'",
        ),
    ]  # fmt: skip


def _neighbours() -> list[Step]:
    """Exercises with what was known, at the same months, of those before each.

    An exercise is told again each time that one before it is learnt or withdrawn: most often never.
    """
    oldest = len(PLACES) * MAX_EXERCICE_MONTHS
    reach = f"p.cloture_month < c.cloture_month AND p.cloture_month >= c.cloture_month - {oldest}"
    own = "c.siren AS siren, c.cloture_month AS cloture_month, c.known_month AS start_t, c.until_month AS stop_t"
    moments = f"SELECT {own}, c.known_month AS t FROM s_comptes AS c"
    for moment in ("known_month", "until_month"):
        moments += f"""
        UNION SELECT {own}, p.{moment} AS t
        FROM s_comptes AS c JOIN s_comptes AS p ON p.siren = c.siren AND {reach}
        WHERE p.{moment} > c.known_month AND p.{moment} < c.until_month"""
    values = ", ".join(f"p.{name} AS {name}" for name in PREVIOUS)
    of_exercise = "PARTITION BY c.siren, c.cloture_month, c.t ORDER BY p.cloture_month DESC"
    before = f"""
        SELECT c.siren AS siren, c.cloture_month AS cloture_month, c.t AS t, {values},
            ROW_NUMBER() OVER ({of_exercise}) AS place,
            COALESCE(LAG(p.cloture_month, 1) OVER ({of_exercise}), c.cloture_month) - p.cloture_month AS gap
        FROM exercices_moments AS c JOIN s_comptes AS p
            ON p.siren = c.siren AND {reach} AND p.known_month <= c.t AND p.until_month > c.t"""
    return [
        Step("exercices_moments", moments),
        Step("exercices_avant", before),
        Step("exercices_deux", _two_before()),
        Step("s_exercices", _with_neighbours()),
    ]


def _two_before() -> str:
    """The two exercises before each, side by side, with the months between closings, that of a third included."""
    first = ", ".join(f"MAX(CASE WHEN place = 1 THEN {name} END) AS first_{name}" for name in PREVIOUS)
    second = ", ".join(f"MAX(CASE WHEN place = 2 THEN {name} END) AS second_{name}" for name in BEFORE_PREVIOUS)
    gaps = ", ".join(f"MAX(CASE WHEN place = {place} THEN gap END) AS {word}_gap" for place, word in PLACES.items())
    return f"""
        SELECT siren, cloture_month, t, {first}, {second}, {gaps}
        FROM exercices_avant WHERE place <= {len(PLACES)} GROUP BY siren, cloture_month, t"""


def _with_neighbours() -> str:
    """Values of an exercise and of those before it that follow each other without a missing year."""
    is_first, is_second, is_third = (f"a.{place}_gap <= {MAX_EXERCICE_MONTHS}" for place in PLACES.values())
    own = ", ".join(f"c.{name} AS {name}" for name in COMPTES_COLUMNS)
    first = ", ".join(f"CASE WHEN {is_first} THEN a.first_{name} END AS previous_{name}" for name in PREVIOUS)
    second = ", ".join(
        f"CASE WHEN {is_first} AND {is_second} THEN a.second_{name} END AS before_previous_{name}"
        for name in BEFORE_PREVIOUS
    )
    return f"""
        SELECT m.siren AS siren, m.cloture_month AS cloture_month, {own}, {first}, {second},
            CASE WHEN {is_first} THEN a.first_gap ELSE {USUAL_MONTHS} END AS exercice_months,
            CASE WHEN {is_first} AND {is_second} THEN a.second_gap WHEN {is_first} THEN {USUAL_MONTHS} END
                AS previous_exercice_months,
            CASE WHEN {is_first} AND {is_second} AND {is_third} THEN a.third_gap
                WHEN {is_first} AND {is_second} THEN {USUAL_MONTHS} END AS before_previous_exercice_months,
            m.t AS known_month,
            LEAST(m.stop_t, COALESCE(LEAD(m.t, 1) OVER (PARTITION BY m.siren, m.cloture_month ORDER BY m.t), {NEVER}))
                AS until_month
        FROM exercices_moments AS m
        JOIN s_comptes AS c ON c.siren = m.siren AND c.cloture_month = m.cloture_month AND c.known_month = m.start_t
        LEFT JOIN exercices_deux AS a ON a.siren = m.siren AND a.cloture_month = m.cloture_month AND a.t = m.t"""


UNITS = {"cents": "centimes", "pct": "%", "days": "jours", "ratio": ""}


def _columns(prefix: str, names: tuple[str, ...], what: str) -> tuple[Column, ...]:
    return tuple(
        Column(
            f"{prefix}{name}",
            Kind.BIGINT if name.endswith("_cents") else Kind.DOUBLE,
            f"{what} : {name.rsplit('_', 1)[0].replace('_', ' ')}",
            UNITS[name.rsplit("_", 1)[1]],
        )
        for name in names
    )


COMPTES = Family(
    name="comptes",
    reads={"comptes": "siren, date_cloture, type_bilan, " + ", ".join(COMPTES_COLUMNS)},
    steps=steps,
    columns=(
        Column("cloture_month", Kind.INTEGER, "Mois de clôture des derniers comptes connus", "mois"),
        *_columns("", COMPTES_COLUMNS, "Derniers comptes"),
        *_columns("previous_", PREVIOUS, "Exercice d'avant"),
        *_columns("before_previous_", BEFORE_PREVIOUS, "Deux exercices avant"),
        Column("exercice_months", Kind.INTEGER, "Durée du dernier exercice connu", "mois"),
        Column("previous_exercice_months", Kind.INTEGER, "Durée de l'exercice d'avant", "mois"),
        Column("before_previous_exercice_months", Kind.INTEGER, "Durée de l'exercice d'avant celui-ci", "mois"),
        Column("comptes_consolides_36m_count", Kind.BIGINT, "Comptes consolidés clos en 36 mois", "exercices"),
    ),
    latest=(
        Latest(
            pointer="cloture_month",
            deltas="d_comptes",
            table="s_exercices",
            month="cloture_month",
            columns=(
                *COMPTES_COLUMNS,
                *(f"previous_{name}" for name in PREVIOUS),
                *(f"before_previous_{name}" for name in BEFORE_PREVIOUS),
                "exercice_months",
                "previous_exercice_months",
                "before_previous_exercice_months",
            ),
            max_age_months=MAX_AGE_MONTHS,
        ),
    ),
    sums=(Sums("d_comptes_consolides", ("comptes_consolides_36m_count",), "comptes"),),
)
