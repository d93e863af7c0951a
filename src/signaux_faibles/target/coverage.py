"""Which months the files of proceedings tell: there is no label beyond them."""

from __future__ import annotations

from signaux_faibles.domain.errors import StageError
from signaux_faibles.domain.periode import format_month
from signaux_faibles.engine import SqlEngine
from signaux_faibles.ingest.versions import staged_batches, versions_sql
from signaux_faibles.lake import Lake
from signaux_faibles.lake.layout import OPEN
from signaux_faibles.panel.as_of import month_of_sql


def proceedings_coverage(engine: SqlEngine, lake: Lake, as_of: int) -> tuple[int | None, int]:
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
