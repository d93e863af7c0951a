"""What the queries read: the rows that stand in the lake, the requested perimeter and the black list."""

from __future__ import annotations

from signaux_faibles.domain.errors import StageError
from signaux_faibles.domain.periode import batch_key, format_month
from signaux_faibles.domain.tranche_effectif import LOWER_BOUNDS
from signaux_faibles.engine import Engine
from signaux_faibles.ingest.versions import staged_batches, versions_sql
from signaux_faibles.lake import Lake
from signaux_faibles.lake.layout import OPEN
from signaux_faibles.perimeter import conditions
from signaux_faibles.pipeline.export.labels import quoted
from signaux_faibles.pipeline.export.reading import Reading
from signaux_faibles.sources import SOURCES

FILTER = "filter"
HEADCOUNT = "effectif_ent"
IDENTITY = ("sirene", "sirene_ul")
UNIT_REASONS = ("personne_physique", "categorie", "activite")
"""Rules of the perimeter that look at the legal unit; the others look at its head office or its headcount."""


def is_staged(lake: Lake, source: str, as_of: int) -> bool:
    """Whether a batch at or before a month brought a source."""
    return source in SOURCES and any(batch <= as_of for batch in staged_batches(lake, source))


def check_batches(lake: Lake, as_of: int) -> None:
    """Refuse a month that the lake does not reach.

    Raises
    ------
    StageError
        If nothing was imported up to it, or it is after the last batch.
    """
    months = sorted({month for source in SOURCES for month in staged_batches(lake, source)})
    if not months or as_of < months[0] or as_of > months[-1]:
        found = f"batches go from {batch_key(months[0])} to {batch_key(months[-1])}" if months else "it holds no batch"
        raise StageError(
            f"Nothing can be exported as of {format_month(as_of)} from {lake.root}: {found}.",
            todo="Import that month's batch with `signaux import`, or use another --as-of.",
        )


def make_staged(engine: Engine, lake: Lake, as_of: int, sources: set[str]) -> None:
    """Make `stg_<source>`: every row that a batch up to the month brought and none withdrew.

    A clean table shows a delivery whole. `known_from`, which keeps a row from the model until its producer would have
    published it, is not looked at.
    """
    for source in sorted(sources):
        engine.run(
            f"CREATE OR REPLACE TEMP VIEW stg_{source} AS "
            f"SELECT * FROM ({versions_sql(lake, source, as_of)}) AS versions WHERE until_month IS NULL"
        )


def make_perimeter(engine: Engine, lake: Lake, as_of: int, reading: Reading) -> None:
    """Make `requested`, `siren_blacklist` and `clean_filter`, each with a column `siren`.

    Raises
    ------
    StageError
        If nothing says which companies were requested, and the reading needs it.
    """
    if is_staged(lake, FILTER, as_of):
        make_staged(engine, lake, as_of, {FILTER})
        requested = f"SELECT DISTINCT siren FROM stg_{FILTER}"
    elif lake.profile == OPEN:
        make_staged(engine, lake, as_of, {"sirene_ul"})
        requested = _bands_sql(reading)
    elif is_staged(lake, HEADCOUNT, as_of) or not reading.has_filter:
        make_staged(engine, lake, as_of, {HEADCOUNT})
        requested = _headcount_sql(reading)
    else:
        raise StageError(
            f"The perimeter is not known as of {format_month(as_of)}: {lake.root} holds neither a filter nor the "
            "headcount of companies.",
            todo="Import a filter or effectif_ent file, or export every company with --no-filter.",
        )
    make_staged(engine, lake, as_of, set(IDENTITY))
    for name, sql in (
        ("requested", requested),
        ("siren_blacklist", _blacklist_sql(reading)),
        ("clean_filter", "SELECT siren FROM requested WHERE siren NOT IN (SELECT siren FROM siren_blacklist)"),
    ):
        engine.run(f"CREATE OR REPLACE TEMP TABLE {name} AS {sql}")


def _headcount_sql(reading: Reading) -> str:
    """Companies that reached the threshold in the window that ends with the last month of any company.

    The window is of calendar months; the earlier importer counted the columns of the file, whatever their months.
    """
    months = f"SELECT DISTINCT month FROM stg_{HEADCOUNT}"
    last = reading.rules.window_months
    window = (
        f"month IN ({months} ORDER BY month DESC LIMIT {last})"
        if reading.is_reference
        else f"month > (SELECT max(month) FROM stg_{HEADCOUNT}) - {last}"
    )
    return f"""
        SELECT DISTINCT siren FROM stg_{HEADCOUNT}
        WHERE {window} AND effectif_count >= {reading.rules.effectif_min_count}"""


def _bands_sql(reading: Reading) -> str:
    """Companies whose band of headcount begins at the threshold or above: all that open data say."""
    bands = [code for code, low in LOWER_BOUNDS.items() if low >= reading.rules.effectif_min_count]
    listed = ", ".join(quoted(code) for code in bands) or "NULL"
    return f"SELECT DISTINCT siren FROM stg_sirene_ul WHERE tranche_effectif IN ({listed})"


def _blacklist_sql(reading: Reading) -> str:
    excluded = conditions(reading.rules)
    units = " OR ".join(f"({excluded[reason]})" for reason in UNIT_REASONS if reason in excluded) or "false"
    located = "AND departement <> ''" if reading.rules.excludes_foreign_head_office else ""
    return f"""
        SELECT siren FROM requested
        WHERE siren IN (SELECT siren FROM stg_sirene_ul WHERE {units})
            OR siren NOT IN (SELECT siren FROM stg_sirene WHERE is_siege {located})"""
