"""Quality gates: refuse a delivery that is too far from the one before it."""

from __future__ import annotations

import math
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, fields, replace
from importlib.resources import files
from pathlib import Path
from typing import Any

import yaml

from signaux_faibles.domain.errors import InputError
from signaux_faibles.domain.periode import parse_month
from signaux_faibles.domain.yaml_text import read_yaml
from signaux_faibles.ingest.manifest import Breach, SourceReport
from signaux_faibles.lake import Lake
from signaux_faibles.sources import SOURCES

GATES_NAME = "gates.yaml"


@dataclass(frozen=True)
class Thresholds:
    """Limits of the gates of a source; None closes one. The shipped file says what each is."""

    few_rows_count: int
    few_values_count: int
    few_departement_rows_count: int
    rows_max_drop_ratio: float | None
    rows_max_rise_ratio: float | None
    rejects_max_ratio: float | None
    rejects_max_rise_ratio: float | None
    withdrawn_max_ratio: float | None
    nulls_max_rise_ratio: float | None
    codes_max_new_ratio: float | None
    dates_max_back_months: int | None
    dates_max_lost_ratio: float | None
    departements_max_drop_ratio: float | None
    departements_max_rise_ratio: float | None


NAMES = frozenset(field.name for field in fields(Thresholds))


def read_thresholds(lake: Lake, given: Path | None = None) -> dict[str, Thresholds]:
    """Thresholds of every source: those shipped, changed by those of the lake, then by those of a file.

    Raises
    ------
    InputError
        If a file cannot be read, or names something unknown.
    """
    shipped = read_yaml((files("signaux_faibles.ingest") / GATES_NAME).read_text(encoding="utf-8"))
    layers = [shipped]
    if (own := lake.root / GATES_NAME).is_file():
        layers.append(_load(own))
    if given is not None:
        layers.append(_load(given))
    defaults: dict[str, Any] = {}
    by_source: dict[str, dict[str, Any]] = {name: {} for name in SOURCES}
    for layer in layers:
        defaults |= layer.get("defaults") or {}
        for name, changes in (layer.get("sources") or {}).items():
            by_source[name] |= changes
    shared = Thresholds(**defaults)
    return {name: replace(shared, **changes) for name, changes in by_source.items()}


def _load(path: Path) -> dict[str, Any]:
    try:
        content = read_yaml(path.read_text(encoding="utf-8"))
    except OSError as error:
        raise InputError(f"{path}: cannot be read ({error.strerror}).", todo="Check --gates.") from None
    except (ValueError, RecursionError, yaml.YAMLError):
        raise InputError(f"{path}: found no YAML.", todo="Correct the thresholds.") from None
    if not isinstance(content, dict) or not set(content) <= {"defaults", "sources"}:
        raise InputError(f"{path}: expected `defaults` and `sources`.", todo="Correct the thresholds.")
    sources = content.get("sources") or {}
    if not isinstance(sources, dict) or not set(sources) <= set(SOURCES):
        raise InputError(f"{path}: found an unknown source.", todo=f"Choose among {', '.join(SOURCES)}.")
    for changes in (content.get("defaults") or {}, *sources.values()):
        _check(path, changes)
    return content


def _check(path: Path, changes: object) -> None:
    if not isinstance(changes, Mapping) or not set(changes) <= NAMES:
        raise InputError(f"{path}: found an unknown threshold.", todo=f"Choose among {', '.join(sorted(NAMES))}.")
    for name, value in changes.items():
        is_number = isinstance(value, int | float) and not isinstance(value, bool) and 0 <= value < math.inf
        if not is_number and (value is not None or name.startswith("few_")):
            raise InputError(
                f"{path}: found {value!r} for {name}, expected a number from 0.", todo="Correct the thresholds."
            )


def judge(report: SourceReport, previous: SourceReport | None, limits: Thresholds) -> tuple[Breach, ...]:
    """Gates that a delivery does not pass.

    Parameters
    ----------
    report : SourceReport
        The delivery, with its profile; `withdrawn` is compared with the rows alive before it.
    previous : SourceReport or None
        What stands now; None for a first delivery, which only the gates without comparison judge.
    """
    breaches = [*_rejects(report, previous, limits), *_withdrawn(report, limits)]
    if previous is not None:
        if previous.mode == report.mode:
            breaches += _rows(report, previous, limits)
            breaches += _departements(report, previous, limits)
        breaches += _nulls(report, previous, limits)
        breaches += _codes(report, previous, limits)
        breaches += _dates(report, previous, limits)
    return tuple(breaches)


def _rejects(report: SourceReport, previous: SourceReport | None, limits: Thresholds) -> Iterator[Breach]:
    if report.read < max(limits.few_rows_count, 1):
        return
    share = report.rejected / report.read
    if limits.rejects_max_ratio is not None and share > limits.rejects_max_ratio:
        yield _share("rejects", "rows rejected", share, limits.rejects_max_ratio, of=report.read)
    if previous is None or limits.rejects_max_rise_ratio is None or not _is_enough(previous.read, limits):
        return
    before = previous.rejected / previous.read
    if _is_enough(report.read, limits) and share > before + limits.rejects_max_rise_ratio:
        limit = before + limits.rejects_max_rise_ratio
        yield _share("rejects_rise", "rows rejected", share, limit, of=report.read, before=(before, previous.batch))


def _is_enough(count: int, limits: Thresholds) -> bool:
    """Whether a share of so many rows means something; a share of nothing never does."""
    return count >= max(limits.few_values_count, 1)


def _withdrawn(report: SourceReport, limits: Thresholds) -> Iterator[Breach]:
    limit = limits.withdrawn_max_ratio
    if limit is not None and report.alive >= limits.few_rows_count and report.withdrawn > limit * report.alive:
        share = report.withdrawn / report.alive
        yield _share("withdrawn", "known rows withdrawn", share, limit, of=report.alive)


def _rows(report: SourceReport, previous: SourceReport, limits: Thresholds) -> Iterator[Breach]:
    before, found = _by_month(previous.accepted, previous), _by_month(report.accepted, report)
    if before and before >= limits.few_rows_count:
        unit = "rows a month" if report.mode == "flow" else "rows"
        yield from _volume(
            "rows", "", unit, found, before, previous.batch, limits.rows_max_drop_ratio, limits.rows_max_rise_ratio
        )


def _departements(report: SourceReport, previous: SourceReport, limits: Thresholds) -> Iterator[Breach]:
    earlier, now = previous.profile.departements, report.profile.departements
    if not now:
        return
    for code, count in earlier.items():
        before = _by_month(count, previous)
        if before >= limits.few_departement_rows_count:
            yield from _volume(
                "departements",
                code,
                f"rows of department {code}",
                _by_month(now.get(code, 0), report),
                before,
                previous.batch,
                limits.departements_max_drop_ratio,
                limits.departements_max_rise_ratio,
            )


def _by_month(count: int, report: SourceReport) -> float:
    """Rows of a stock; rows by month covered of a flow, whose first delivery often brings years at once."""
    if report.mode != "flow":
        return count
    spans = report.profile.spans.values()
    months = max((parse_month(span.last) - parse_month(span.first) + 1 for span in spans), default=1)
    return count / months


def _volume(
    gate: str, subject: str, unit: str, found: float, before: float, batch: str, drop: float | None, rise: float | None
) -> Iterator[Breach]:
    least = None if drop is None else before * (1 - drop)
    most = None if rise is None else before * (1 + rise)
    limit, word, excess = None, "", ""
    if least is not None and found < least:
        limit, word, excess = least, "least", f"{least - found:,.0f} too few"
    elif most is not None and found > most:
        limit, word, excess = most, "most", f"{found - most:,.0f} too many"
    if limit is not None:
        change = f"{(found - before) / before:+.0%}"
        sentence = (
            f"{gate}: found {found:,.0f} {unit}, expected at {word} {limit:,.0f} "
            f"({before:,.0f} in batch {batch}, {change}): {excess}"
        )
        yield Breach(gate, subject, round(found, 6), round(limit, 6), round(abs(found - limit), 6), sentence)


def _nulls(report: SourceReport, previous: SourceReport, limits: Thresholds) -> Iterator[Breach]:
    now, earlier = report.profile, previous.profile
    if limits.nulls_max_rise_ratio is None or not _is_enough(min(now.rows, earlier.rows), limits):
        return
    for column, count in now.nulls.items():
        if column in earlier.nulls:
            share, before = count / now.rows, earlier.nulls[column] / earlier.rows
            limit = before + limits.nulls_max_rise_ratio
            if share > limit:
                what = f"empty values of {column}"
                yield _share("nulls", what, share, limit, of=now.rows, before=(before, previous.batch), subject=column)


def _codes(report: SourceReport, previous: SourceReport, limits: Thresholds) -> Iterator[Breach]:
    now, earlier = report.profile, previous.profile
    if limits.codes_max_new_ratio is None or not _is_enough(min(now.rows, earlier.rows), limits):
        return
    for column, new in new_codes(report, previous).items():
        share = sum(new.values()) / now.rows
        if share > limits.codes_max_new_ratio:
            listed = ", ".join(list(new)[:5])
            what = f"rows of {len(new)} new code(s) of {column} ({listed})"
            yield _share("codes", what, share, limits.codes_max_new_ratio, of=now.rows, subject=column)


def new_codes(report: SourceReport, previous: SourceReport) -> dict[str, dict[str, int]]:
    """Rows by code that the delivery before did not have, by column of codes."""
    now, earlier = report.profile.codes, previous.profile.codes
    new = {
        column: {code: count for code, count in codes.items() if code not in earlier[column]}
        for column, codes in now.items()
        if column in earlier
    }
    return {column: codes for column, codes in new.items() if codes}


def _dates(report: SourceReport, previous: SourceReport, limits: Thresholds) -> Iterator[Breach]:
    now, earlier = report.profile, previous.profile
    if not _is_enough(min(now.rows, earlier.rows), limits):
        return
    for column, span in now.spans.items():
        if column not in earlier.spans:
            continue
        before = earlier.spans[column]
        back = parse_month(before.last) - parse_month(span.last)
        if limits.dates_max_back_months is not None and back > limits.dates_max_back_months:
            yield _months(column, "last", span.last, before.last, back, limits.dates_max_back_months, previous.batch)
        lost = parse_month(span.first) - parse_month(before.first)
        covered = parse_month(before.last) - parse_month(before.first) + 1
        if report.mode == "stock" and limits.dates_max_lost_ratio is not None:
            allowed = int(limits.dates_max_lost_ratio * covered)
            if lost > allowed:
                yield _months(column, "first", span.first, before.first, lost, allowed, previous.batch)


def _months(column: str, end: str, found: str, before: str, moved: int, limit: int, batch: str) -> Breach:
    way = "back" if end == "last" else "later"
    sentence = (
        f"dates: found {found} as {end} month of {column}, {moved} month(s) {way} from {before} in batch {batch}, "
        f"expected {limit} at most: {moved - limit} too many"
    )
    return Breach("dates", column, moved, limit, moved - limit, sentence)


def _share(
    gate: str,
    what: str,
    found: float,
    limit: float,
    *,
    of: int,
    before: tuple[float, str] | None = None,
    subject: str = "",
) -> Breach:
    compared = f", {before[0]:.1%} in batch {before[1]}" if before else ""
    sentence = (
        f"{gate}: found {found:.1%} of {what}, expected at most {limit:.1%} (of {of:,} rows{compared}): "
        f"{100 * (found - limit):.1f} points too many"
    )
    return Breach(gate, subject, round(found, 6), round(limit, 6), round(found - limit, 6), sentence)
