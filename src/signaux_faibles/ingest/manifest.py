"""What an import did, as counts: the manifest of each staged batch and the report of a run."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import Any

from signaux_faibles import __version__
from signaux_faibles.domain.errors import InputError, UserError
from signaux_faibles.ingest.profile import Profile, profile_from
from signaux_faibles.ingest.versions import manifest_error
from signaux_faibles.schema.source import Source

MANIFEST_NAME = "manifest.json"


@dataclass(frozen=True)
class InputFile:
    """A raw file.

    Parameters
    ----------
    name, sha256 : str
        Name, and hash as it lies on the disk.
    bytes : int
    content : str
        For a compressed file, check sum and size of what it holds; empty for another.
    recognised : str
        How it was told to be of its source: `name`, `header` or `config`.
    container, encoding : str
        `gzip`, `zip`, `parquet` or nothing; the encoding that it was read in.
    has_mark : bool
        It begins with a byte order mark.
    crlf, transcoded : int
        Lines that end as Windows writes them; lines read as Windows-1252 because they were not UTF-8.
    """

    name: str
    sha256: str
    bytes: int
    content: str = ""
    recognised: str = "name"
    container: str = ""
    encoding: str = "utf-8"
    has_mark: bool = False
    crlf: int = 0
    transcoded: int = 0


@dataclass(frozen=True)
class Breach:
    """A quality gate that a delivery did not pass.

    Parameters
    ----------
    gate, subject : str
        Which gate, and of which column or department when there are several.
    found, limit, excess : float
        What was found, the limit, and how far beyond it.
    sentence : str
        All of this, with units.
    """

    gate: str
    subject: str
    found: float
    limit: float
    excess: float
    sentence: str


@dataclass(frozen=True)
class SourceReport:
    """What became of the rows of one source in one batch. Counts only.

    Parameters
    ----------
    source, batch : str
    files : tuple of InputFile
    read, accepted, rejected, filtered : int
        Rows of the files; the first is the sum of the three others.
    staged, appeared, withdrawn, alive : int
        Rows of the lake: held by this batch, new with it, gone with it, standing before it.
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
        Why a delivery that did not pass the gates was accepted; empty when it was not needed.
    alive : int
    mode : str
        `stock` when the delivery replaces what came before, `flow` when it adds to it.
    profile : Profile
    breaches : tuple of Breach
        Gates that it did not pass.
    warnings : tuple of str
        What is odd and refuses nothing.
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
    alive: int = 0
    mode: str = "stock"
    profile: Profile = field(default_factory=Profile)
    breaches: tuple[Breach, ...] = ()
    warnings: tuple[str, ...] = ()
    code_version: str = __version__

    def to_json(self) -> str:
        """Content of the manifest; the same inputs give the same bytes."""
        return json.dumps(asdict(self), ensure_ascii=False, indent=2, sort_keys=True) + "\n"


@dataclass(frozen=True)
class Refusal:
    """A source, or a file, that a run did not import; what stood before still stands.

    Parameters
    ----------
    source : str
        Its name, or that of a file that two sources claim.
    error : UserError
        Why, and what to do.
    report : SourceReport or None
        What was read, when the quality gates refused it; None when it could not be read.
    """

    source: str
    error: UserError
    report: SourceReport | None = None

    @property
    def is_quarantined(self) -> bool:
        """Whether it was read, then refused by the gates."""
        return self.report is not None


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
    refused : tuple of Refusal
        Sources that were not replaced.
    left_out : tuple of str
        Sources present that a lake of open data does not take.
    """

    batch: str
    imported: tuple[SourceReport, ...]
    unchanged: tuple[SourceReport, ...]
    unknown_files: tuple[str, ...]
    is_dry_run: bool
    refused: tuple[Refusal, ...] = ()
    left_out: tuple[str, ...] = ()


class IncompleteImportError(InputError):
    """Some sources were imported, or none, and at least one was not replaced.

    Parameters
    ----------
    report : ImportReport
        With at least one refusal.
    """

    def __init__(self, report: ImportReport) -> None:
        first, *others = report.refused
        if not others:
            message, todo = first.error.message, first.error.todo
        else:
            listed = "".join(f"\n- {refusal.error}" for refusal in report.refused)
            message = f"Batch {report.batch}: {len(report.refused)} sources were not replaced.{listed}\n"
            kept = "" if report.is_dry_run else ": what was imported is kept"
            todo = f"Correct these files, then run again{kept}."
        super().__init__(message, todo=todo)
        self.report = report


def read_manifest(folder: Path) -> SourceReport:
    """Manifest of a staged batch.

    Raises
    ------
    LakeError
        If it cannot be read.
    """
    try:
        return report_from(json.loads((folder / MANIFEST_NAME).read_text(encoding="utf-8")))
    except (OSError, ValueError, TypeError, KeyError, AttributeError):
        raise manifest_error(folder) from None


def report_from(content: Mapping[str, Any]) -> SourceReport:
    """Report of the content of a manifest."""
    nested: dict[str, Any] = {
        "files": tuple(InputFile(**item) for item in content["files"]),
        "breaches": tuple(Breach(**item) for item in content.get("breaches", ())),
        "warnings": tuple(content.get("warnings", ())),
    }
    if "profile" in content:
        nested["profile"] = profile_from(content["profile"])
    return SourceReport(**{**content, **nested})


def schema_hash(source: Source) -> str:
    """Hash of the names and types of the staged columns."""
    text = ",".join(f"{column.name}:{column.kind.value}" for column in source.staged)
    return hashlib.sha256(text.encode()).hexdigest()
