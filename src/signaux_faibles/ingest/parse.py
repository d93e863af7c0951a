"""`signaux parse`: the reference reading of one file, and its report."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path
from typing import BinaryIO, Literal

from signaux_faibles.domain.errors import InputError
from signaux_faibles.ingest.documents import flattened
from signaux_faibles.ingest.opening import PARQUET, TruncatedError, blocks_of, container_of
from signaux_faibles.ingest.parquet_records import ParquetRecords
from signaux_faibles.ingest.records import FIELD_COUNT, Record, lines_of, read_record
from signaux_faibles.ingest.reference.cells import Value, to_periode
from signaux_faibles.ingest.reference.messages import CellError, Day
from signaux_faibles.ingest.reference.render import csv_header, csv_row, json_row
from signaux_faibles.ingest.reference.rows import Outcome, reader_of
from signaux_faibles.schema.source import Source
from signaux_faibles.sources import SOURCES

MAX_TEXTS = 200
_KEYS = {"siret": re.compile("[0-9]{14}"), "siren": re.compile("[0-9]{9}")}


class FatalError(Exception):
    """The file cannot be read at all; the text is that of the report."""


@dataclass
class _Counters:
    parsed: int = 0
    rejected: int = 0
    skipped: int = 0
    texts: list[str] = field(default_factory=list)
    fatal: list[str] = field(default_factory=list)


def parse_file(
    source: str, path: Path, *, output_format: Literal["csv", "jsonl"], stream: BinaryIO, batch_key: str = ""
) -> dict[str, object]:
    """Write the tuples of a file as the importer before ours reads them, and give its report.

    Parameters
    ----------
    source : str
        Name in `sources.SOURCES`.
    output_format : {"csv", "jsonl"}
    stream : binary stream
        Receives the tuples; bytes that are not UTF-8 go through unchanged in CSV.

    Returns
    -------
    dict
        Counters and texts of the report; a file that cannot be read has `is_fatal`, and raises nothing.

    Raises
    ------
    InputError
        If the source is unknown.
    """
    if source not in SOURCES:
        raise InputError(f"Unknown source {source!r}.", todo=f"Choose among {', '.join(SOURCES)}.")
    start = _now()
    counters = _Counters()
    declared = SOURCES[source]
    writer = _Writer(declared, output_format, stream)
    try:
        _Reading(declared, path, counters, writer).run()
        writer.end()
    except (FatalError, InputError) as error:
        counters.fatal.append(f"Fatal: {error.message if isinstance(error, InputError) else error}")
    return _report(source, path, batch_key, start, counters)


def _now() -> str:
    return datetime.now().astimezone().isoformat(timespec="seconds")


def _report(source: str, path: Path, batch_key: str, start: str, counters: _Counters) -> dict[str, object]:
    valid = counters.parsed - counters.rejected - counters.skipped
    return {
        "commit": "",
        "start_date": start,
        "end_date": _now(),
        "parser": source,
        "batch_key": batch_key,
        "head_fatal": counters.fatal,
        "head_rejected": counters.texts,
        "is_fatal": bool(counters.fatal),
        "lines_parsed": counters.parsed,
        "lines_rejected": counters.rejected,
        "lines_skipped": counters.skipped,
        "lines_valid": valid,
        "summary": f"{path}: intégration terminée, {counters.parsed} lignes traitées, "
        f"{len(counters.fatal)} erreurs fatales, {counters.rejected} lignes rejetées, "
        f"{counters.skipped} lignes filtrées, {valid} lignes valides",
    }


class _Writer:
    """Tuples out; the header is written with the first one."""

    def __init__(self, source: Source, output_format: str, stream: BinaryIO) -> None:
        self.source, self.is_csv, self.stream, self.is_first = source, output_format == "csv", stream, True
        self._waiting: list[list[Value]] = []

    def write(self, values: list[Value]) -> None:
        if self.source.is_all_or_nothing:
            self._waiting.append(values)
        else:
            self._write(values)

    def end(self) -> None:
        """Write what waited for the end of the file."""
        for values in self._waiting:
            self._write(values)

    def _write(self, values: list[Value]) -> None:
        if not self.is_csv:
            self.stream.write(json_row(self.source, values))
            return
        if self.is_first:
            self.stream.write(csv_header(self.source))
            self.is_first = False
        self.stream.write(csv_row(self.source, values))


class _FileLines:
    """Lines of a file, `\\r\\n` made `\\n`, converted to UTF-8 when the source is known to be in another encoding."""

    def __init__(self, path: Path, encoding: str) -> None:
        self.number = 0
        self._lines = lines_of(blocks_of(path))
        self._encoding = encoding

    def next(self) -> bytes:
        self.number += 1
        line = next(self._lines, b"")
        return line.decode(self._encoding).encode() if self._encoding != "utf-8" else line


class _Reading:
    """One file under way."""

    def __init__(self, source: Source, path: Path, counters: _Counters, writer: _Writer) -> None:
        self.source, self.path, self.counters, self.writer = source, path, counters, writer
        self.waiting: Record | None = None
        self.lines = _FileLines(path, source.encoding)
        self.parquet: ParquetRecords | None = None
        self.trailer = re.compile(source.trailer.encode()) if source.trailer else None
        self.key = next(rank for rank, reference in enumerate(source.reference) if reference.json in ("siret", "siren"))
        self.key_kind = source.reference[self.key].json if source.name != "sirene" else "siret"

    def run(self) -> None:
        try:
            if container_of(self.path) == PARQUET:
                if PARQUET not in self.source.formats:
                    raise FatalError("found Parquet, expected text")
                self.parquet = ParquetRecords(self.path)
            if self.source.flatten is None:
                self._records()
            else:
                self._documents()
        except TruncatedError:
            raise FatalError("unexpected EOF") from None

    def _records(self) -> None:
        names = self._header()
        ranks = self._ranks(names)
        months = _month_columns(names) if self.source.is_wide else []
        ranks.update({name: names.index(name) for name, _ in months})
        read = reader_of(self.source, months)
        while (record := self._next()) is not None:
            error = record.error
            if not error and len(record.fields) != len(names):
                error = f"record on line {record.line}: {FIELD_COUNT}"
            self.counters.parsed += 1
            trailer = self.trailer.fullmatch(b";".join(record.fields)) if self.trailer is not None else None
            if trailer is not None:
                self._take(self._trailer(trailer))
            elif error:
                self._take(Outcome(errors=[error]))
            else:
                cells = {name: record.fields[rank].decode("utf-8", "surrogateescape") for name, rank in ranks.items()}
                self._take(read(self.source, cells))

    def _documents(self) -> None:
        read = reader_of(self.source, [])
        for document in flattened(self.source, self.path):
            self.counters.parsed += 1
            if document.fault is not None:
                self._take(Outcome(errors=[f"line {document.line}: {document.fault.label}"]))
            elif document.cells is None:
                self._take(Outcome(skipped="autre document"))
            else:
                self._take(read(self.source, document.cells))

    def _trailer(self, found: re.Match[bytes]) -> Outcome:
        """A closing line: no row, but the number of rows that it announces must be right."""
        read = self.counters.parsed - 1
        if found.re.groups and int(found[1]) != read:
            return Outcome(errors=[f"{found[1].decode()} lignes annoncées, {read} lues"])
        return Outcome(skipped="ligne de fin")

    def _next(self) -> Record | None:
        if self.waiting is not None:
            record, self.waiting = self.waiting, None
            return record
        if self.parquet is not None:
            return self.parquet.next()
        return read_record(self.lines, self.source.separator.encode(), is_lazy=self.source.has_lazy_quotes)

    def _header(self) -> list[str]:
        record = self._next()
        if record is None:
            raise FatalError("EOF")
        if record.error:
            raise FatalError(record.error)
        if self.source.has_optional_header:
            self.waiting = record
            return [f"column {rank}" for rank in range(len(record.fields))]
        return [name.decode("utf-8", "surrogateescape") for name in record.fields]

    def _ranks(self, names: list[str]) -> dict[str, int]:
        by_name = {name.lower(): rank for rank, name in enumerate(names)}
        used = {reference.raw for reference in self.source.reference}
        ranks: dict[str, int] = {}
        for column in self.source.raw_columns:
            rank = by_name.get(column.name.lower()) if column.position is None else column.position
            if rank is not None and rank < len(names):
                ranks[column.name] = rank
            elif column.name in used or not column.is_optional:
                raise FatalError(f"column {column.name} not found, aborting")
        return ranks

    def _take(self, outcome: Outcome) -> None:
        """Count a row and write its tuples."""
        if outcome.skipped:
            self.counters.skipped += 1
            return
        pattern = _KEYS[self.key_kind]
        errors = list(outcome.errors)
        for values in outcome.tuples:
            key = str(values[self.key])
            if self.source.name == "sirene":
                key += str(values[self.key + 1])
            if pattern.fullmatch(key):
                self.writer.write(values)
            elif not errors:
                errors.append(f"{self.key_kind} invalide : {key}")
        if errors and self.source.is_all_or_nothing:
            raise FatalError(errors[0])
        if errors:
            self.counters.rejected += 1
            room = MAX_TEXTS - len(self.counters.texts)
            self.counters.texts += [f"Line {self.counters.parsed}: {text}" for text in errors[:room]]


def _month_columns(names: list[str]) -> list[tuple[str, Day]]:
    """Month columns of a wide file: case matters, what follows the six characters of the period does not."""
    months: list[tuple[str, Day]] = []
    for name in names:
        if not name.startswith("eff"):
            continue
        if len(name) < len("effAAAAQM"):
            raise FatalError(f"column {name} is too short for a period, aborting")
        try:
            months.append((name, to_periode(name[3:9])[0]))
        except CellError:
            months.append((name, Day()))
    return months
