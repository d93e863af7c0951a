"""Find the files of a batch and say which source each belongs to."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from signaux_faibles.domain.errors import InputError
from signaux_faibles.domain.periode import batch_key
from signaux_faibles.sources import SOURCES, source_of_file

SYNTHETIC_MARKER = "SYNTHETIC"
"""Empty file that the simulator leaves beside its batches: every company in them is invented."""


@dataclass(frozen=True)
class Batch:
    """Files of a batch, by source, each list in name order."""

    folder: Path
    files: dict[str, tuple[Path, ...]]
    unknown: tuple[str, ...]


def is_synthetic(raw: Path) -> bool:
    """Whether raw files are invented: the marker stands in the folder of batches, given or parent."""
    return any((folder / SYNTHETIC_MARKER).exists() for folder in (raw, raw.absolute().parent))


def find_batch(raw: Path, batch: int, *, only: Sequence[str] | None) -> Batch:
    """Files of a batch, in `raw/<YYMM>` or in `raw` when it is that very folder.

    Raises
    ------
    InputError
        If the folder is missing, holds no file of any source, or lacks one that was asked for.
    """
    key = batch_key(batch)
    folder = raw if raw.absolute().name == key else raw / key
    if not folder.is_dir():
        raise InputError(f"No folder {folder}.", todo=f"Put the files of batch {key} there, or give another folder.")
    for name in only or ():
        if name not in SOURCES:
            raise InputError(f"Unknown source {name!r}.", todo=f"Choose among {', '.join(SOURCES)}.")
    names = sorted(path.name for path in folder.iterdir() if path.is_file() and not path.name.startswith("."))
    files: dict[str, list[Path]] = {}
    unknown: list[str] = []
    for name in names:
        source = source_of_file(name)
        if source is not None:
            files.setdefault(source.name, []).append(folder / name)
        elif name != SYNTHETIC_MARKER:
            unknown.append(name)
    if not files:
        raise InputError(
            f"{folder} holds no file of a known source ({len(unknown)} other(s)).", todo="Check their names."
        )
    _refuse_twins(folder, names)
    kept = {name: tuple(files[name]) for name in SOURCES if name in files and (only is None or name in only)}
    missing = [name for name in only or () if name not in kept]
    if missing:
        raise InputError(f"{folder} holds no file of {', '.join(missing)}.", todo="Add it, or ask for fewer sources.")
    return Batch(folder, kept, tuple(unknown))


def _refuse_twins(folder: Path, names: list[str]) -> None:
    twins = [name for name in names if f"{name}.gz" in names]
    if twins:
        raise InputError(
            f"{folder}: found {twins[0]} both plain and compressed, expected one of them.",
            todo="Remove the one you do not want.",
        )
