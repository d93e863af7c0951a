"""What an import did, as counts: the manifest of each staged batch and the report of a run."""

from __future__ import annotations

import hashlib
import json
from dataclasses import asdict, dataclass, field
from pathlib import Path

from signaux_faibles import __version__
from signaux_faibles.domain.errors import LakeError
from signaux_faibles.schema.source import Source

MANIFEST_NAME = "manifest.json"


@dataclass(frozen=True)
class InputFile:
    """A raw file: its name, its hash and its size."""

    name: str
    sha256: str
    bytes: int


@dataclass(frozen=True)
class SourceReport:
    """What became of the rows of one source in one batch. Counts only.

    Parameters
    ----------
    source, batch : str
    files : tuple of InputFile
    read, accepted, rejected, filtered : int
        Rows of the files; the first is the sum of the three others.
    staged, appeared, withdrawn : int
        Rows of the lake: held by this batch, new with it, gone with it.
    repeated : int
        Rows of a flow that the lake already held.
    fakes : int
        Accepted rows whose SIREN has a wrong key: a warning in a lake of real data.
    transcoded : int
        Lines read as Windows-1252 because they were not UTF-8.
    rejects_by_class, cells_by_class, filtered_by_reason : dict
        Faults that rejected a row, faults that emptied a cell, rows left out on purpose.
    freshness_month : str or None
        Last month informed, `YYYY-MM`.
    accepted_reason : str
        Why a share of rejects or of withdrawals above the limit was accepted; empty when it was not needed.
    """

    source: str
    batch: str
    files: tuple[InputFile, ...]
    schema_hash: str
    read: int
    accepted: int
    rejected: int
    filtered: int
    staged: int
    appeared: int
    withdrawn: int
    repeated: int
    fakes: int
    transcoded: int
    freshness_month: str | None
    rejects_by_class: dict[str, int] = field(default_factory=dict)
    cells_by_class: dict[str, int] = field(default_factory=dict)
    filtered_by_reason: dict[str, int] = field(default_factory=dict)
    accepted_reason: str = ""
    code_version: str = __version__

    def to_json(self) -> str:
        """Content of the manifest; the same inputs give the same bytes."""
        return json.dumps(asdict(self), ensure_ascii=False, indent=2, sort_keys=True) + "\n"


@dataclass(frozen=True)
class ImportReport:
    """What a run did.

    Parameters
    ----------
    batch : str
    imported, unchanged : tuple of SourceReport
        Sources read by this run (in a dry run, that would be staged), and those already staged from the same files.
    unknown_files : tuple of str
        Files that no source knows.
    is_dry_run : bool
    """

    batch: str
    imported: tuple[SourceReport, ...]
    unchanged: tuple[SourceReport, ...]
    unknown_files: tuple[str, ...]
    is_dry_run: bool


def read_manifest(folder: Path) -> SourceReport:
    """Manifest of a staged batch.

    Raises
    ------
    LakeError
        If it cannot be read.
    """
    path = folder / MANIFEST_NAME
    try:
        content = json.loads(path.read_text(encoding="utf-8"))
        files = tuple(InputFile(**item) for item in content.pop("files"))
        return SourceReport(files=files, **content)
    except (OSError, ValueError, TypeError, KeyError):
        raise LakeError(f"{path} cannot be read as a manifest.", todo="Import this batch again with --force.") from None


def schema_hash(source: Source) -> str:
    """Hash of the names and types of the staged columns."""
    text = ",".join(f"{column.name}:{column.kind.value}" for column in source.staged)
    return hashlib.sha256(text.encode()).hexdigest()
