"""Labels of the rows of a panel that exists: as a query to join to features, counted, or written to a file."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from signaux_faibles.domain.errors import InputError, StageError
from signaux_faibles.domain.periode import format_month
from signaux_faibles.engine import Engine, SqlEngine, parquet_sql
from signaux_faibles.lake import Lake
from signaux_faibles.panel.origins import events_known_at
from signaux_faibles.panel.store import rows_sql
from signaux_faibles.target.coverage import proceedings_coverage
from signaux_faibles.target.incidence import cumulative_incidence, exits_sql
from signaux_faibles.target.labels import HORIZON_MONTHS, LONGEST_HORIZON_MONTHS, label_sql


@dataclass(frozen=True)
class LabelSummary:
    """What the labels of a panel say, as counts and shares.

    Parameters
    ----------
    horizon_months, rows_count : int
    positives_count, negatives_count, unknown_count : int
        Rows whose company opens a proceeding within the horizon, does not, or nobody knows yet.
    in_proceeding_count : int
        Rows of companies in a proceeding, without label.
    incidence : dict of str to dict of int to float or None
        Probability of each event within each number of months, the first event of a company leaving no other.
    """

    horizon_months: int
    rows_count: int
    positives_count: int
    negatives_count: int
    unknown_count: int
    in_proceeding_count: int
    incidence: dict[str, dict[int, float | None]]


def panel_labels_sql(
    engine: SqlEngine,
    lake: Lake,
    as_of: int,
    rows: str,
    *,
    horizon: int = HORIZON_MONTHS,
    keep: Sequence[str] = (),
    known_at: int | None = None,
) -> str:
    """Query that labels rows of a panel (see `labels.label_sql`).

    Parameters
    ----------
    known_at : int, optional
        Month whose knowledge the labels stop at, when it is before that of the panel.

    Raises
    ------
    InputError
        If the horizon is out of bounds.
    StageError
        If the panel was not built, or no file of proceedings is known.
    """
    if not 1 <= horizon <= LONGEST_HORIZON_MONTHS:
        raise InputError(
            f"Bad horizon: found {horizon} months, expected 1 to {LONGEST_HORIZON_MONTHS}.",
            todo="Give --horizon a number of months between them.",
        )
    known = as_of if known_at is None else min(known_at, as_of)
    files = events_known_at(lake, as_of, known)
    if not files:
        raise StageError(
            f"No events in the panel as of {format_month(as_of)} of {lake.root}.",
            todo=f"Build it again with `signaux panel --as-of {format_month(as_of)}`.",
        )
    first, last = proceedings_coverage(engine, lake, as_of)
    return label_sql(
        rows, parquet_sql(files), last_month=min(last, known), covered_from=first, horizon=horizon, keep=keep
    )


def read_labels(lake: Lake, as_of: int, *, horizon: int = HORIZON_MONTHS, out: Path | None = None) -> LabelSummary:
    """Count the labels of the rows in perimeter of a panel, and write them if asked.

    Parameters
    ----------
    out : Path, optional
        Parquet file to write: the columns of `labels.LABELS`, sorted by company and month.

    Raises
    ------
    InputError
        If the horizon is out of bounds, or the folder of the file does not exist.
    StageError
        If the panel was not built, or no file of proceedings is known.
    MachineError
        If the system refuses to write the file.
    """
    if out is not None and not out.parent.is_dir():
        raise InputError(f"No folder {out.parent}.", todo="Make it, or give --out another path.")
    rows = f"({rows_sql(lake, as_of)})"
    with Engine(lake.scratch / "target") as engine:
        labels = f"({panel_labels_sql(engine, lake, as_of, rows, horizon=horizon)})"
        if out is not None:
            temporary = out.with_name(f".{out.name}.tmp")
            engine.write_parquet(f"SELECT * FROM {labels} AS labels ORDER BY siren, month", temporary)
            temporary.rename(out)
            labels = parquet_sql([out])
        return _summary(engine, labels, horizon)


def _summary(engine: Engine, labels: str, horizon: int) -> LabelSummary:
    counts = ", ".join(
        f"CAST(COALESCE(SUM(CASE WHEN {condition} THEN 1 ELSE 0 END), 0) AS BIGINT)"
        for condition in ("failure = 1", "failure = 0", "failure IS NULL AND NOT is_in_proceeding", "is_in_proceeding")
    )
    ((rows, positives, negatives, unknown, running),) = engine.rows(f"SELECT COUNT(*), {counts} FROM {labels} AS l")
    incidence = cumulative_incidence((str(e), int(m), int(n)) for e, m, n in engine.rows(exits_sql(labels)))
    return LabelSummary(horizon, rows, positives, negatives, unknown, running, incidence)
