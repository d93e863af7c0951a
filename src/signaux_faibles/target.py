"""The event to foresee: first opening of a collective proceeding within the horizon.

A label at t is positive when the next opening after t falls within the horizon, negative when none does and the
horizon, plus the delay with which proceedings are published, is over at `as_of`; otherwise nobody knows yet and it is
null, even when an opening is already known: counting early positives among unknown negatives would bend the base rate.
A company in a proceeding, known or not at the time, is not at risk of entering one: its months are flagged, and
learning and evaluation leave them out.
"""

from __future__ import annotations

import json
from pathlib import Path

from signaux_faibles.domain.errors import StageError
from signaux_faibles.domain.periode import FIRST_PANEL_MONTH, format_month
from signaux_faibles.engine import Engine, parquet_sql
from signaux_faibles.ingest.versions import staged_batches, versions_sql
from signaux_faibles.lake import Lake, write_folder
from signaux_faibles.lake.layout import OPEN
from signaux_faibles.lake.writing import recover_folder
from signaux_faibles.panel.as_of import month_of_sql
from signaux_faibles.panel.build import panel_fingerprint

HORIZON_MONTHS = 18
PUBLICATION_DELAY_MONTHS = 1
"""A proceeding of month m is in Urssaf's file of month m + 1, and in the Bodacc by the end of that month."""


def target_folder(lake: Lake, as_of: int) -> Path:
    """Folder of the labels of a panel."""
    return lake.panel(as_of) / "target"


def target_sql(
    panel: str, proceedings: str, *, as_of: int, horizon: int = HORIZON_MONTHS, covered_from: int | None = None
) -> str:
    """Query that labels a panel.

    Parameters
    ----------
    panel, proceedings : str
        SQL of the two tables of a panel, the same companies in both.
    as_of, horizon : int
        Months; `as_of` is the last month whose file of proceedings is known.
    covered_from : int, optional
        First month of which proceedings are told; without it, they are told since always.

    Returns
    -------
    str
        (siren, month, is_in_proceeding, failure, months_to_opening), for the months in perimeter, sorted. `failure` is
        1, 0 or null (unknown, or in a proceeding).
    """
    is_unknown = f"month + {horizon + PUBLICATION_DELAY_MONTHS} > {as_of}"
    if covered_from is not None:
        is_unknown += f" OR month < {covered_from}"
    return f"""
        SELECT siren, month, is_in_proceeding,
            CAST(CASE WHEN is_in_proceeding OR {is_unknown} THEN NULL
                WHEN next_opening <= month + {horizon} THEN 1 ELSE 0 END AS INTEGER) AS failure,
            CAST(next_opening - month AS INTEGER) AS months_to_opening
        FROM (
            SELECT p.siren AS siren, p.month AS month, MIN(o.month) AS next_opening,
                COUNT(r.siren) > 0 AS is_in_proceeding
            FROM (
                SELECT siren, month FROM {panel} WHERE exclusion IS NULL AND month >= {FIRST_PANEL_MONTH}
            ) AS p
            LEFT JOIN (SELECT siren, month FROM {proceedings} WHERE is_opening) AS o
                ON o.siren = p.siren AND o.month > p.month
            LEFT JOIN (SELECT siren, month FROM {proceedings}) AS r ON r.siren = p.siren AND r.month = p.month
            GROUP BY p.siren, p.month
        ) AS labelled ORDER BY siren, month"""


def proceedings_coverage(engine: Engine, lake: Lake, as_of: int) -> tuple[int | None, int]:
    """First month (None: since always) and last one that the proceedings known at `as_of` tell: no label beyond.

    Urssaf's file decides where there is one: it holds the whole past, and notices of the Bodacc may be an extract. With
    open data alone, the notices do: an export holds the months that were asked for, whatever its batch.

    Raises
    ------
    StageError
        If there is none.
    """
    source = "bodacc" if lake.profile == OPEN else "procol"
    known = [batch for batch in staged_batches(lake, source) if batch <= as_of]
    if not known:
        raise StageError(
            f"No file of proceedings ({source}) at or before {format_month(as_of)} in {lake.root}.",
            todo="Import one with `signaux import`.",
        )
    if lake.profile != OPEN:
        return None, max(known)
    published = month_of_sql("date_parution")
    notices = f"({versions_sql(lake, source, as_of)}) AS notices WHERE known_month <= {as_of}"
    ((first, last),) = engine.rows(f"SELECT MIN({published}), MAX({published}) FROM {notices}")
    if first is None:
        raise StageError(
            f"No notice of the Bodacc published at or before {format_month(as_of)} in {lake.root}.",
            todo="Import an export that holds some: without them nobody would ever fail.",
        )
    return int(first), min(int(last), max(known))


def build_target(lake: Lake, as_of: int, *, force: bool = False) -> int:
    """Label a panel that exists; returns the number of rows."""
    folder = target_folder(lake, as_of)
    recover_folder(folder)
    with Engine(lake.scratch / "target") as engine:
        first, last = proceedings_coverage(engine, lake, as_of)
    query = target_sql("panel", "proceedings", as_of=last, covered_from=first)
    fingerprint = f"{panel_fingerprint(lake, as_of)} {query}"
    card = folder / "manifest.json"
    if not force and card.is_file() and (done := json.loads(card.read_text()))["fingerprint"] == fingerprint:
        return int(done["rows_count"])
    rows = 0
    with Engine(lake.scratch / "target") as engine, write_folder(folder) as temporary:
        for part in sorted((lake.panel(as_of) / "panel").glob("part-*.parquet")):
            proceedings = lake.panel(as_of) / "proceedings" / part.name
            sql = target_sql(parquet_sql([part]), parquet_sql([proceedings]), as_of=last, covered_from=first)
            rows += engine.write_parquet(sql, temporary / part.name)
        content = {"fingerprint": fingerprint, "rows_count": rows}
        (temporary / "manifest.json").write_text(json.dumps(content, indent=2, sort_keys=True) + "\n")
    return rows
