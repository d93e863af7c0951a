"""Verdicts of the perimeter on every company whose size is known, at one month or two, without a whole panel.

They come from the very queries of the panel, over the sources that the perimeter needs: the same company at the same
month has the same verdict in both.
"""

from __future__ import annotations

from collections.abc import Callable

import pyarrow as pa

from signaux_faibles.domain.errors import StageError
from signaux_faibles.domain.periode import format_month
from signaux_faibles.domain.tranche_effectif import LOWER_BOUNDS
from signaux_faibles.engine import Engine
from signaux_faibles.ingest.versions import versions_sql
from signaux_faibles.lake import Lake
from signaux_faibles.lake.layout import OPEN
from signaux_faibles.panel import grid
from signaux_faibles.panel.as_of import Step, siren_text
from signaux_faibles.panel.inputs import (
    FILTER,
    absent_sources,
    create,
    create_shared,
    has_filter,
    load_bucket,
    read_sources,
)
from signaux_faibles.perimeter import PerimeterRules, RuleBook, conditions

BUCKET_COMPANIES = 20_000


def judge(
    lake: Lake,
    as_of: int,
    book: RuleBook,
    *,
    against: int | None = None,
    progress: Callable[[int, int], None] | None = None,
) -> pa.Table:
    """Verdict on every company whose headcount, or band of headcount, is known, and on those of the filter.

    Parameters
    ----------
    as_of : int
        Month of the verdict, with what was known at its end and the rules in force then.
    against : int, optional
        Earlier month to compare with.

    Returns
    -------
    table keyed by siren, sorted
        `exclusion` (first reason, null when in); one boolean `is_<reason>` for every condition, whatever the first;
        `exclusion_before` (at `against`, by the rules of that month) and `exclusion_before_now` (at `against`, by the
        rules of `as_of`), both null without `against`.

    Raises
    ------
    StageError
        If the sources of the perimeter are missing, `against` is not before `as_of`, or nobody's size is known.
    """
    if against is not None and against >= as_of:
        raise StageError(
            f"{format_month(against)} is not before {format_month(as_of)}.", todo="Give --against an earlier month."
        )
    rules = book.at(as_of)
    earlier = rules if against is None else book.at(against)
    first_month = min(as_of, against or as_of) - max(rules.window_months, earlier.window_months) + 1
    scope = grid.Scope(
        absent=absent_sources(lake, as_of),
        is_open=lake.profile == OPEN,
        is_filtered=has_filter(lake, as_of),
        wanted=frozenset(),
    )
    every = grid.bucket_steps(rules, scope, first_month=first_month, last_month=as_of, is_every_month=True)
    steps = every[: [step.name for step in every].index("facts")]
    sources = read_sources([*steps, grid.facts(rules, scope, is_every_month=True)])
    parts = []
    with Engine(lake.scratch / "perimeter") as engine:
        companies = _companies(engine, lake, as_of)
        create_shared(engine, lake, as_of, rules, scope, first_month=first_month)
        for start in range(0, len(companies), BUCKET_COMPANIES):
            bucket = companies[start : start + BUCKET_COMPANIES]
            load_bucket(engine, lake, as_of, bucket, first_month=first_month, sources=sources)
            for step in steps:
                create(engine, step)
            parts.append(_verdicts(engine, scope, as_of, rules, against, earlier))
            if progress:
                progress(start + len(bucket), len(companies))
    return pa.concat_tables(parts)


def _companies(engine: Engine, lake: Lake, as_of: int) -> list[str]:
    """Companies judged, sorted."""
    source, is_known = "effectif_ent", "effectif_count IS NOT NULL"
    if lake.profile == OPEN:
        source, is_known = "sirene_ul", f"tranche_effectif IN ({', '.join(map(repr, LOWER_BOUNDS))})"
    known = f"SELECT siren FROM ({versions_sql(lake, source, as_of)}) AS v WHERE known_month <= {as_of} AND {is_known}"
    if has_filter(lake, as_of):
        known += f" UNION SELECT siren FROM ({versions_sql(lake, FILTER, as_of)}) AS f WHERE until_month IS NULL"
    companies = [row[0] for row in engine.rows(f"SELECT DISTINCT siren FROM ({known}) AS known ORDER BY siren")]
    if not companies:
        raise StageError(
            f"The headcount of no company is known as of {format_month(as_of)} in {lake.root}.",
            todo="Check the files imported with `signaux status`.",
        )
    return companies


def _verdicts(
    engine: Engine,
    scope: grid.Scope,
    as_of: int,
    rules: PerimeterRules,
    against: int | None,
    earlier: PerimeterRules,
) -> pa.Table:
    """Verdicts on the companies of the bucket under way, whose running states are made."""
    for name, used in (("verdict_then", earlier), ("verdict_now", rules)):
        create(engine, grid.facts(used, scope, is_every_month=True))
        create(engine, grid.verdict(used, scope))
        create(engine, Step(name, "SELECT siren, t, exclusion, effectif_max_count FROM verdict"))
    flags = ", ".join(
        f"CASE WHEN {sql} THEN TRUE ELSE FALSE END AS is_{reason}"
        for reason, sql in conditions(rules, is_filtered=scope.is_filtered).items()
    )
    before = -1 if against is None else against
    return engine.arrow(f"""
        SELECT n.* REPLACE ({siren_text("n.siren")} AS siren),
            t.exclusion AS exclusion_before, b.exclusion AS exclusion_before_now
        FROM (
            SELECT siren, exclusion, {flags} FROM (
                SELECT f.*, v.exclusion AS exclusion, v.effectif_max_count AS effectif_max_count
                FROM facts AS f JOIN verdict_now AS v ON v.siren = f.siren AND v.t = f.t WHERE f.t = {as_of}
            ) AS judged
        ) AS n
        LEFT JOIN verdict_then AS t ON t.siren = n.siren AND t.t = {before}
        LEFT JOIN verdict_now AS b ON b.siren = n.siren AND b.t = {before}
        ORDER BY siren""")
