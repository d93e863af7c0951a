"""Import a batch of raw files into the lake.

Each source is whole or absent: its folder appears at once, when everything in it is on the disk. One that cannot be
read, or that the quality gates refuse, stops none of the others. A run that was killed is taken up by running it again:
sources already staged from the same files are left as they are.
"""

from __future__ import annotations

import errno
import shutil
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import asdict, dataclass, replace
from pathlib import Path

from signaux_faibles.domain.delivery import Delivery, as_delivery
from signaux_faibles.domain.errors import InputError, LakeError, MachineError
from signaux_faibles.domain.periode import format_month
from signaux_faibles.ingest.batch import Batch, BatchFile, find_batch, is_synthetic
from signaux_faibles.ingest.gates import Thresholds, judge, new_codes, read_thresholds
from signaux_faibles.ingest.inputs import described, read_inputs, seen_before
from signaux_faibles.ingest.layout import check_layout
from signaux_faibles.ingest.manifest import (
    MANIFEST_NAME,
    ImportReport,
    IncompleteImportError,
    InputFile,
    Refusal,
    SourceReport,
    read_manifest,
    schema_hash,
)
from signaux_faibles.ingest.profile import Heads, make_profile
from signaux_faibles.ingest.quarantine import quarantine, settle
from signaux_faibles.ingest.stage import Reading, Tell, read_source
from signaux_faibles.ingest.versions import staged_deliveries
from signaux_faibles.lake import Lake, open_lake, write_folder
from signaux_faibles.lake.journal import append_journal
from signaux_faibles.lake.layout import CARD_NAME, OPEN
from signaux_faibles.lake.lock import writable, writing
from signaux_faibles.lake.writing import recover_folder
from signaux_faibles.schema.source import Source
from signaux_faibles.sources import SOURCES

SENTENCES_IN_MESSAGE = 3


@dataclass(frozen=True)
class Progress:
    """Where an import stands, for a progress bar: bytes of the raw files of one source."""

    source: str
    file: str
    done_bytes: int
    total_bytes: int
    rows: int


@contextmanager
def _disk_errors() -> Iterator[None]:
    """Say in one sentence that the disk is full; any other error goes through."""
    try:
        yield
    except OSError as error:
        if error.errno not in (errno.ENOSPC, errno.EDQUOT, errno.EFBIG):
            raise
        raise MachineError("The disk refuses to write any more.", todo="Free some space, then run again.") from None


def open_lake_for(root: Path, raw: Path, *, profile: str | None = None, is_compat: bool = False) -> Lake:
    """Open or create the lake that raw files go to: of invented data when they carry the simulator's marker.

    Parameters
    ----------
    profile : str, optional
        `partners` or `open`; that of the lake by default, `partners` for a new one.
    is_compat : bool
        Create a lake whose rows are read as the importer before ours did.
    """
    with _disk_errors(), writable(root):
        if not (root / CARD_NAME).exists():
            # A run killed while it created the lake left only this; anything else in the folder is not ours.
            (root / f".{CARD_NAME}.tmp").unlink(missing_ok=True)
        return open_lake(root, create_synthetic=is_synthetic(raw), profile=profile, is_compat=is_compat)


def import_batch(
    lake: Lake,
    raw: Path,
    *,
    batch: int | Delivery,
    only: Sequence[str] | None = None,
    config: Path | None = None,
    force: bool = False,
    dry_run: bool = False,
    accept: str = "",
    gates: Path | None = None,
    progress: Callable[[Progress], None] | None = None,
) -> ImportReport:
    """Import the files of a batch.

    Parameters
    ----------
    raw : Path
        Folder of the batches, or of this batch.
    batch : int or Delivery
        Month of the batch, or the key of a sub-batch.
    only : sequence of str, optional
        Sources to import, all those present by default; an explicit perimeter is imported besides.
    config : Path, optional
        File that lists the files by source.
    force : bool
        Replace a batch already staged, from the same files or not, when no later one was compared with it.
    dry_run : bool
        Read, count and judge, write nothing.
    accept : str
        Reason why deliveries that do not pass the quality gates are imported all the same.
    gates : Path, optional
        Thresholds to use instead of those of the lake.
    progress : callable, optional
        Called as files are read.

    Raises
    ------
    IncompleteImportError
        If at least one source was not replaced; the others are imported, and the error says which.
    InputError
        If the batch itself cannot be found or read.
    LakeError
        If the lake is of the other nature, or used by another run.
    """
    if is_synthetic(raw) != lake.is_synthetic:
        found, given = ("synthetic", "real") if lake.is_synthetic else ("real", "synthetic")
        raise LakeError(f"{lake.root} is a lake of {found} data; the files are {given}.", todo="Use another --lake.")
    delivery = as_delivery(batch)
    thresholds = read_thresholds(lake, gates)
    found_batch = find_batch(raw, delivery, only=only, config=config, is_open=lake.profile == OPEN)
    with _disk_errors(), writing(lake):
        _clean_up(lake)
        run = _Run(lake, delivery, force, dry_run, accept, thresholds, Heads(lake, delivery), progress)
        try:
            report = run.report(found_batch)
        finally:
            shutil.rmtree(lake.scratch, ignore_errors=True)
    if report.refused:
        raise IncompleteImportError(report)
    return report


def _clean_up(lake: Lake) -> None:
    """Remove what a killed run left behind."""
    shutil.rmtree(lake.scratch, ignore_errors=True)
    lake.journal.with_name(".journal.tmp").unlink(missing_ok=True)
    for folder in sorted((lake.root / "staged").glob("*/.batch=*")):
        final = folder.with_name(folder.name.removeprefix(".").rsplit(".", 1)[0])
        recover_folder(final)
        shutil.rmtree(folder, ignore_errors=True)
    settle(lake)


@dataclass(frozen=True)
class _Run:
    """An import under way."""

    lake: Lake
    delivery: Delivery
    force: bool
    dry_run: bool
    accept: str
    thresholds: dict[str, Thresholds]
    heads: Heads
    progress: Callable[[Progress], None] | None

    def report(self, batch: Batch) -> ImportReport:
        """Import every source of the batch, whatever becomes of the others."""
        imported: list[SourceReport] = []
        unchanged: list[SourceReport] = []
        refused = [Refusal(name, error) for name, error in batch.refused.items()]
        for name, files in batch.files.items():
            try:
                source = self._source(name, batch)
                kept, inputs, warnings = read_inputs(files)
                if (staged := self._staged_already(source, inputs)) is not None:
                    unchanged.append(staged)
                    continue
                result = self._import(source, kept, inputs, warnings)
            except (InputError, LakeError) as error:
                refused.append(Refusal(name, error))
                continue
            if isinstance(result, Refusal):
                refused.append(result)
            else:
                imported.append(result)
        order = [*SOURCES, *batch.refused]
        refused.sort(key=lambda refusal: order.index(refusal.source))
        return ImportReport(
            self.delivery.key,
            tuple(imported),
            tuple(unchanged),
            batch.unknown,
            self.dry_run,
            tuple(refused),
            batch.left_out,
        )

    def _source(self, name: str, batch: Batch) -> Source:
        """The source as this batch must be read."""
        source = SOURCES[name]
        return replace(
            source,
            is_flow=batch.is_flow.get(name, source.is_flow),
            has_lazy_quotes=batch.has_lazy_quotes.get(name, source.has_lazy_quotes),
        )

    def _staged_already(self, source: Source, inputs: tuple[InputFile, ...]) -> SourceReport | None:
        """Report of the batch when it is staged from the same bytes; None when it is to be imported."""
        staged, key = staged_deliveries(self.lake, source.name), self.delivery.key
        later = [other.key for other in staged if other > self.delivery]
        if (report := self._current(source)) is not None:
            is_code_same = report.schema_hash == schema_hash(source) and report.mode == _mode(source)
            is_same = is_code_same and _is_of(report, inputs)
            if is_same and (later or not self.force):
                return _with_new_names(_left_alone(report, later) if self.force else report, inputs)
            if not self.force:
                raise InputError(
                    f"{source.name}: batch {key} is already staged, from other files or by other code.",
                    todo="Import under another key, or replace it with --force.",
                )
        if later:
            raise InputError(
                f"{source.name}: batch {key} comes before {len(later)} batch(es) already staged (first {later[0]}).",
                todo="Import batches in order, into a new lake if an old one is to be changed.",
            )
        return None

    def _import(
        self,
        source: Source,
        files: tuple[BatchFile, ...],
        inputs: tuple[InputFile, ...],
        warnings: tuple[str, ...],
    ) -> SourceReport | Refusal:
        """Read the files of a source, judge them, and put the batch in the lake or in quarantine."""
        start = time.monotonic()
        check_layout(self.lake, self.delivery, sources=[source.name])
        scratch = self.lake.scratch / source.name
        scratch.mkdir(parents=True, exist_ok=True)
        paths = [file.path for file in files]
        try:
            with read_source(
                self.lake, source, paths, batch=self.delivery, scratch=scratch, tell=self._teller(source, inputs)
            ) as reading:
                report = self._judged(reading, files, inputs, warnings)
                is_refused = bool(report.breaches) and not report.accepted_reason
                if not self.dry_run:
                    self._write(reading, report, is_refused=is_refused)
                    self._journal(report, time.monotonic() - start, is_refused=is_refused)
        finally:
            shutil.rmtree(scratch, ignore_errors=True)
        return Refusal(source.name, _refusal(report), report) if is_refused else report

    def _write(self, reading: Reading, report: SourceReport, *, is_refused: bool) -> None:
        if is_refused:
            quarantine(self.lake, report)
            return
        with write_folder(self.lake.staged(report.source, self.delivery)) as folder:
            reading.write(folder)
            (folder / MANIFEST_NAME).write_text(report.to_json(), encoding="utf-8")
        settle(self.lake)

    def _journal(self, report: SourceReport, seconds: float, *, is_refused: bool) -> None:
        hidden = ("source", "batch", "profile")
        details = {name: value for name, value in asdict(report).items() if name not in hidden}
        action = "quarantine" if is_refused else "import"
        append_journal(self.lake, action, f"{report.source} {report.batch}", seconds=seconds, details=details)

    def _teller(self, source: Source, inputs: tuple[InputFile, ...]) -> Tell:
        total = sum(item.bytes for item in inputs)
        names = [item.name for item in inputs]

        def tell(path: Path, done: int, rows: int) -> None:
            if self.progress is not None:
                before = sum(item.bytes for item in inputs[: names.index(path.name)])
                self.progress(Progress(source.name, path.name, before + done, total, rows))

        return tell

    def _judged(
        self, reading: Reading, files: tuple[BatchFile, ...], inputs: tuple[InputFile, ...], warnings: tuple[str, ...]
    ) -> SourceReport:
        """Report of what was read, with the gates that it does not pass.

        A delivery is compared with the one that it replaces; the same one made again, with what it was first.
        """
        older, current = self._older(reading.source), self._current(reading.source)
        is_again = current is not None and _is_of(current, inputs)
        earlier = older if current is None or is_again else [*older, current]
        accept = self.accept or (current.accepted_reason if current is not None and is_again else "")
        report = self._report(reading, inputs)
        breaches = judge(report, earlier[-1] if earlier else None, self.thresholds[reading.source.name])
        return replace(
            report,
            warnings=(*warnings, *seen_before(files, inputs, older), *_code_warnings(report, earlier)),
            breaches=breaches,
            accepted_reason=accept if breaches else "",
        )

    def _older(self, source: Source) -> list[SourceReport]:
        """Reports of the deliveries staged before this one."""
        staged = staged_deliveries(self.lake, source.name)
        return [read_manifest(self.lake.staged(source.name, one)) for one in staged if one < self.delivery]

    def _current(self, source: Source) -> SourceReport | None:
        """Report of this delivery as it is staged; None when it is not, or too damaged to be read and replaced."""
        if self.delivery not in staged_deliveries(self.lake, source.name):
            return None
        try:
            return read_manifest(self.lake.staged(source.name, self.delivery))
        except LakeError:
            if not self.force:
                raise
            return None

    def _report(self, reading: Reading, inputs: tuple[InputFile, ...]) -> SourceReport:
        source, counts, moved = reading.source, reading.counts, reading.moved
        last = reading.freshness_month
        return SourceReport(
            source=source.name,
            batch=self.delivery.key,
            files=tuple(described(file, found) for file, found in zip(inputs, reading.records, strict=True)),
            schema_hash=schema_hash(source),
            read=counts["read"],
            accepted=counts["accepted"],
            rejected=counts["rejected"],
            filtered=counts["filtered"],
            staged=moved["staged"],
            appeared=moved["appeared"],
            withdrawn=moved["withdrawn"],
            repeated=moved["repeated"],
            fakes=counts["fakes"],
            transcoded=counts["transcoded"],
            freshness_month=None if last is None else format_month(last),
            rejects_by_class=reading.rejected_rows(),
            cells_by_class=reading.emptied_cells(),
            filtered_by_reason=reading.filtered_rows(),
            alive=moved["alive"],
            mode=_mode(source),
            profile=make_profile(reading, self.heads),
        )


def _mode(source: Source) -> str:
    return "flow" if source.is_flow else "stock"


def _with_new_names(report: SourceReport, inputs: tuple[InputFile, ...]) -> SourceReport:
    """Report of a staged batch, saying which of its files came again under another name."""
    known = {file.sha256: file.name for file in report.files}
    renamed = tuple(
        f"{file.name} holds the same as {known[file.sha256]} of batch {report.batch}"
        for file in inputs
        if file.name not in {old.name for old in report.files if old.sha256 == file.sha256}
    )
    return replace(report, warnings=(*report.warnings, *renamed)) if renamed else report


def _is_of(report: SourceReport, inputs: Sequence[InputFile]) -> bool:
    """Whether a batch was staged from some files."""
    return sorted(file.sha256 for file in report.files) == sorted(file.sha256 for file in inputs)


def _left_alone(report: SourceReport, later: Sequence[str]) -> SourceReport:
    """Report of a staged batch, saying why it is not replaced although it was asked."""
    why = f"{len(later)} later batch(es) were compared with it (first {later[0]})"
    return replace(report, warnings=(*report.warnings, f"batch {report.batch} was left as it was: {why}"))


def _code_warnings(report: SourceReport, earlier: Sequence[SourceReport]) -> tuple[str, ...]:
    """A sentence for each column of codes that has new ones, few as they are."""
    if not earlier:
        return ()
    return tuple(
        f"{column}: {len(codes)} code(s) that batch {earlier[-1].batch} did not have ({', '.join(list(codes)[:5])}), "
        f"in {sum(codes.values()):,} row(s)"
        for column, codes in new_codes(report, earlier[-1]).items()
    )


def _refusal(report: SourceReport) -> InputError:
    sentences = [breach.sentence for breach in report.breaches]
    more = len(sentences) - SENTENCES_IN_MESSAGE
    told = "; ".join(sentences[:SENTENCES_IN_MESSAGE]) + (f"; and {more} more" if more > 0 else "")
    return InputError(
        f"{report.source}: batch {report.batch} is quarantined. {told}.",
        todo="See `signaux status`, ask for the file again, or accept it with --accept REASON.",
    )
