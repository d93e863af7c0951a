"""Import a batch of raw files into the lake.

Each source is whole or absent: its folder appears at once, when everything in it is on the disk. A run that was killed
is taken up by running it again: sources already staged from the same files are left as they are.
"""

from __future__ import annotations

import errno
import shutil
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import asdict, dataclass
from pathlib import Path

from signaux_faibles.domain.errors import InputError, LakeError, MachineError
from signaux_faibles.domain.periode import batch_key, format_month
from signaux_faibles.ingest.batch import find_batch, is_synthetic
from signaux_faibles.ingest.manifest import (
    MANIFEST_NAME,
    ImportReport,
    InputFile,
    SourceReport,
    read_manifest,
    schema_hash,
)
from signaux_faibles.ingest.opening import file_sha256
from signaux_faibles.ingest.stage import Reading, Tell, read_source
from signaux_faibles.ingest.versions import staged_batches
from signaux_faibles.lake import Lake, open_lake, write_folder
from signaux_faibles.lake.journal import append_journal
from signaux_faibles.lake.layout import CARD_NAME
from signaux_faibles.lake.lock import writing
from signaux_faibles.lake.writing import recover_folder
from signaux_faibles.schema.source import Source
from signaux_faibles.sources import SOURCES

MAX_REJECTED_SHARE = 0.5
MAX_WITHDRAWN_SHARE = 0.5
FEW_ROWS = 10
"""Under so many rows a share means nothing."""


@dataclass(frozen=True)
class Progress:
    """Where an import stands, for a progress bar: bytes of the raw files of one source."""

    source: str
    file: str
    done_bytes: int
    total_bytes: int
    rows: int


def open_lake_for(root: Path, raw: Path) -> Lake:
    """Open or create the lake that raw files go to: of invented data when they carry the simulator's marker."""
    if not (root / CARD_NAME).exists():
        # A run killed while it created the lake left only this; anything else in the folder is not ours.
        (root / f".{CARD_NAME}.tmp").unlink(missing_ok=True)
    return open_lake(root, create_synthetic=is_synthetic(raw))


def import_batch(
    lake: Lake,
    raw: Path,
    *,
    batch: int,
    only: Sequence[str] | None = None,
    force: bool = False,
    dry_run: bool = False,
    accept: str = "",
    progress: Callable[[Progress], None] | None = None,
) -> ImportReport:
    """Import the files of a batch.

    Parameters
    ----------
    raw : Path
        Folder of the batches, or of this batch.
    batch : int
        Month of the batch.
    only : sequence of str, optional
        Sources to import, all those present by default.
    force : bool
        Replace a batch already staged from other files.
    dry_run : bool
        Read and count, write nothing.
    accept : str
        Reason why a file most of whose rows are wrong, or that withdraws most of the lake, is imported all the same.
    progress : callable, optional
        Called as files are read.

    Raises
    ------
    InputError
        If a file or the batch cannot be used; sources staged before it stay.
    LakeError
        If the lake is of the other nature, or used by another run.
    """
    if is_synthetic(raw) != lake.is_synthetic:
        found, given = ("synthetic", "real") if lake.is_synthetic else ("real", "synthetic")
        raise LakeError(f"{lake.root} is a lake of {found} data; the files are {given}.", todo="Use another --lake.")
    found_batch = find_batch(raw, batch, only=only)
    with writing(lake):
        _clean_up(lake)
        run = _Run(lake, batch, force, dry_run, accept, progress)
        plan = [(SOURCES[name], files, _hashed(files)) for name, files in found_batch.files.items()]
        unchanged = {
            source.name: report for source, _, inputs in plan if (report := run.staged_already(source, inputs))
        }
        imported = [run.stage(source, files, inputs) for source, files, inputs in plan if source.name not in unchanged]
        shutil.rmtree(lake.scratch, ignore_errors=True)
    return ImportReport(batch_key(batch), tuple(imported), tuple(unchanged.values()), found_batch.unknown, dry_run)


def _clean_up(lake: Lake) -> None:
    """Remove what a killed run left behind."""
    shutil.rmtree(lake.scratch, ignore_errors=True)
    lake.journal.with_name(".journal.tmp").unlink(missing_ok=True)
    for folder in sorted((lake.root / "staged").glob("*/.batch=*")):
        final = folder.with_name(folder.name.removeprefix(".").rsplit(".", 1)[0])
        recover_folder(final)
        shutil.rmtree(folder, ignore_errors=True)


def _hashed(files: tuple[Path, ...]) -> tuple[InputFile, ...]:
    return tuple(InputFile(path.name, file_sha256(path), path.stat().st_size) for path in files)


@contextmanager
def _disk_errors() -> Iterator[None]:
    """Say in one sentence that the disk is full; any other error goes through."""
    try:
        yield
    except OSError as error:
        if error.errno not in (errno.ENOSPC, errno.EDQUOT, errno.EFBIG):
            raise
        raise MachineError("The disk refuses to write any more.", todo="Free some space, then run again.") from None


@dataclass(frozen=True)
class _Run:
    """An import under way."""

    lake: Lake
    batch: int
    force: bool
    dry_run: bool
    accept: str
    progress: Callable[[Progress], None] | None

    def staged_already(self, source: Source, inputs: tuple[InputFile, ...]) -> SourceReport | None:
        """Report of the batch when it is staged from the same files; None when it is to be imported."""
        staged = staged_batches(self.lake, source.name)
        key = batch_key(self.batch)
        if self.batch in staged:
            report = read_manifest(self.lake.staged(source.name, self.batch))
            if report.files == inputs and report.schema_hash == schema_hash(source):
                return report
            if not self.force:
                raise InputError(
                    f"{source.name}: batch {key} is already staged, from other files or by other code.",
                    todo="Import under another key, or replace it with --force.",
                )
        later = [batch_key(month) for month in staged if month > self.batch]
        if later:
            raise InputError(
                f"{source.name}: batch {key} comes before {len(later)} batch(es) already staged (first {later[0]}).",
                todo="Import batches in order, into a new lake if an old one is to be changed.",
            )
        return None

    def stage(self, source: Source, files: tuple[Path, ...], inputs: tuple[InputFile, ...]) -> SourceReport:
        """Read the files of a source and put the batch in the lake."""
        start = time.monotonic()
        scratch = self.lake.scratch / source.name
        scratch.mkdir(parents=True, exist_ok=True)
        try:
            with _disk_errors():
                report = self._stage(source, files, inputs, scratch)
                if not self.dry_run:
                    details = {k: v for k, v in asdict(report).items() if k not in ("source", "batch")}
                    what, seconds = f"{source.name} {report.batch}", time.monotonic() - start
                    append_journal(self.lake, "import", what, seconds=seconds, details=details)
        finally:
            shutil.rmtree(scratch, ignore_errors=True)
        return report

    def _stage(
        self, source: Source, files: tuple[Path, ...], inputs: tuple[InputFile, ...], scratch: Path
    ) -> SourceReport:
        with read_source(
            self.lake, source, files, batch=self.batch, scratch=scratch, tell=self._teller(source, inputs)
        ) as reading:
            report = self._report(reading, inputs)
            if not self.dry_run:
                with write_folder(self.lake.staged(source.name, self.batch)) as folder:
                    reading.write(folder)
                    (folder / MANIFEST_NAME).write_text(report.to_json(), encoding="utf-8")
        return report

    def _teller(self, source: Source, inputs: tuple[InputFile, ...]) -> Tell:
        total = sum(item.bytes for item in inputs)

        def tell(path: Path, done: int, rows: int) -> None:
            if self.progress is not None:
                before = sum(item.bytes for item in inputs if item.name < path.name)
                self.progress(Progress(source.name, path.name, before + done, total, rows))

        return tell

    def _report(self, reading: Reading, inputs: tuple[InputFile, ...]) -> SourceReport:
        source, counts, moved = reading.source, reading.counts, reading.moved
        is_forced = self._is_over(source, counts["rejected"], counts["read"], MAX_REJECTED_SHARE, "rows are wrong")
        alive, gone = moved["alive"], moved["withdrawn"]
        is_forced |= self._is_over(source, gone, alive, MAX_WITHDRAWN_SHARE, "known rows would be withdrawn")
        last = reading.freshness_month
        return SourceReport(
            source=source.name,
            batch=batch_key(self.batch),
            files=inputs,
            schema_hash=schema_hash(source),
            read=counts["read"],
            accepted=counts["accepted"],
            rejected=counts["rejected"],
            filtered=counts["filtered"],
            staged=moved["staged"],
            appeared=moved["appeared"],
            withdrawn=gone,
            repeated=moved["repeated"],
            fakes=counts["fakes"],
            transcoded=counts["transcoded"],
            freshness_month=None if last is None else format_month(last),
            rejects_by_class=reading.rejected_rows(),
            cells_by_class=reading.emptied_cells(),
            filtered_by_reason=reading.filtered_rows(),
            accepted_reason=self.accept if is_forced else "",
        )

    def _is_over(self, source: Source, part: int, whole: int, limit: float, what: str) -> bool:
        """Whether a share is above its limit, which only a reason lets pass."""
        if whole < FEW_ROWS or part <= limit * whole:
            return False
        if self.accept:
            return True
        raise InputError(
            f"{source.name}: {part} of {whole} {what}, more than {limit:.0%}.",
            todo="See the faults with a dry run, ask for the file again, or accept it with a reason.",
        )
