"""Find the files of a batch and say which source each belongs to."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field, replace
from enum import StrEnum
from pathlib import Path

from signaux_faibles.domain.delivery import Delivery, as_delivery
from signaux_faibles.domain.errors import InputError
from signaux_faibles.domain.periode import batch_key
from signaux_faibles.ingest.config import BatchConfig, places_of, read_config
from signaux_faibles.ingest.sniffing import sources_of_header
from signaux_faibles.sources import OPEN_SOURCES, SOURCES, source_of_file

SYNTHETIC_MARKER = "SYNTHETIC"
"""Empty file that the simulator leaves beside its batches: every company in them is invented."""

FILTER = "filter"
"""Source of the explicit perimeter: never left out by the choice of other sources."""


class Recognised(StrEnum):
    """How a file was told to be of a source."""

    NAME = "name"
    HEADER = "header"
    CONFIG = "config"


@dataclass(frozen=True)
class BatchFile:
    """A file of a batch."""

    path: Path
    recognised: Recognised = Recognised.NAME


@dataclass(frozen=True)
class Batch:
    """Files of a batch.

    Parameters
    ----------
    files : dict of str to tuple of BatchFile
        By source, in name order or in that of the configuration.
    unknown : tuple of str
        Names of the files that no source knows, by name or by header.
    refused : dict of str to InputError
        Sources, or files that two sources claim, that cannot be imported, and why.
    left_out : tuple of str
        Sources that a lake of open data does not take.
    is_flow : dict of str to bool
        What the configuration says of sources, against what they do by themselves.
    has_lazy_quotes : dict of str to bool
        The same, of quotes inside cells.
    """

    folder: Path
    files: dict[str, tuple[BatchFile, ...]]
    unknown: tuple[str, ...]
    refused: dict[str, InputError] = field(default_factory=dict)
    left_out: tuple[str, ...] = ()
    is_flow: dict[str, bool] = field(default_factory=dict)
    has_lazy_quotes: dict[str, bool] = field(default_factory=dict)


def is_synthetic(raw: Path) -> bool:
    """Whether raw files are invented: the marker stands in the folder of batches, given or one or two levels above."""
    folder = raw.absolute()
    return any((place / SYNTHETIC_MARKER).exists() for place in (folder, *folder.parents[:2]))


def split_names(only: Sequence[str] | None) -> tuple[str, ...] | None:
    """Names of sources, repeated or separated by commas; None for all."""
    if not only:
        return None
    names = tuple(name.strip() for text in only for name in text.split(",") if name.strip())
    for name in names:
        if name not in SOURCES:
            raise InputError(f"Unknown source {name!r}.", todo=f"Choose among {', '.join(SOURCES)}.")
    return names


def find_batch(
    raw: Path,
    batch: int | Delivery,
    *,
    only: Sequence[str] | None = None,
    config: Path | None = None,
    is_open: bool = False,
) -> Batch:
    """Files of a batch: those that a configuration lists, or those of its folder.

    The folder is `raw` when it bears the key, or `raw/<key>`, or `raw/<YYMM>/<YYMM_NN>` for a sub-batch.

    Parameters
    ----------
    only : sequence of str, optional
        Sources wanted, all by default; an explicit perimeter is taken besides.
    config : Path, optional
        File that lists the files.
    is_open : bool
        Take open sources only.

    Raises
    ------
    InputError
        If the folder is missing, holds no file of any source, or lacks one that was asked for.
    """
    delivery, wanted = as_delivery(batch), split_names(only)
    if is_open and (closed := [name for name in wanted or () if name not in OPEN_SOURCES]):
        raise InputError(
            f"{closed[0]} is not an open source: this lake takes {', '.join(OPEN_SOURCES)}.", todo="Use another --lake."
        )
    if config is None:
        found = _discovered(_folder(raw, delivery), wanted)
    else:
        found = _listed(read_config(config, delivery), raw, delivery)
    return _restricted(found, wanted, is_open=is_open)


def _folder(raw: Path, delivery: Delivery) -> Path:
    key = delivery.key
    if raw.absolute().name == key:
        places = [raw]
    else:
        places = [raw / key, raw / batch_key(delivery.month) / key] if delivery.rank else [raw / key]
        if raw.absolute().name == batch_key(delivery.month):
            places.append(raw / key)
    present = [place for place in dict.fromkeys(places) if place.is_dir()]
    if not present:
        raise InputError(f"No folder {places[0]}.", todo=f"Put the files of batch {key} there, or give another folder.")
    if len(present) > 1:
        raise InputError(f"Found both {present[0]} and {present[1]}, expected one.", todo="Keep one of them.")
    return present[0]


def _discovered(folder: Path, wanted: tuple[str, ...] | None) -> Batch:
    names = sorted(path.name for path in folder.iterdir() if path.is_file() and not path.name.startswith("."))
    files: dict[str, list[BatchFile]] = {}
    unknown: list[str] = []
    refused = {
        path.name: InputError(f"{path.name}: is not a file.", todo="Put the file itself there.")
        for path in sorted(folder.iterdir())
        if not path.is_file() and source_of_file(path.name) is not None
    }
    for name in names:
        if name == SYNTHETIC_MARKER:
            continue
        if (source := source_of_file(name)) is not None:
            files.setdefault(source.name, []).append(BatchFile(folder / name))
            continue
        candidates = sources_of_header(folder / name)
        if len(candidates) == 1:
            files.setdefault(candidates[0], []).append(BatchFile(folder / name, Recognised.HEADER))
        elif candidates and (wanted is None or not set(wanted).isdisjoint(candidates)):
            refused[name] = InputError(
                f"{name}: its columns are those of {' and of '.join(candidates)}.",
                todo="Rename it as its producer does, or list it with --config.",
            )
        else:
            unknown.append(name)
    if not files and not refused:
        raise InputError(
            f"{folder} holds no file of a known source ({len(unknown)} other(s)).",
            todo="Check their names and their first lines.",
        )
    return _checked(folder, files, unknown, refused)


def _listed(config: BatchConfig, raw: Path, delivery: Delivery) -> Batch:
    folder = raw if raw.absolute().name == delivery.key else raw / delivery.key
    files: dict[str, list[BatchFile]] = {}
    refused: dict[str, InputError] = {}
    for name, texts in config.files.items():
        for text in texts:
            places = places_of(config, text, raw=raw, folder=folder)
            if len(places) == 1:
                files.setdefault(name, []).append(BatchFile(places[0], Recognised.CONFIG))
                continue
            found = "no such file" if not places else f"found {places[0]} and {places[1]}"
            refused[name] = InputError(
                f"{name}: {text}: {found}.", todo=f"Correct its path in {config.path}, absolute or beside it."
            )
    batch = _checked(folder, files, [], refused)
    return replace(batch, is_flow=config.is_flow, has_lazy_quotes=config.has_lazy_quotes)


def _checked(
    folder: Path,
    files: dict[str, list[BatchFile]],
    unknown: Iterable[str],
    refused: dict[str, InputError],
) -> Batch:
    """Set aside the sources whose files cannot be read together."""
    for name, listed in files.items():
        stems = [(file.path.parent, re.sub(r"\.(gz|zip)$", "", file.path.name, flags=re.I)) for file in listed]
        if twin := next((stem for stem in stems if stems.count(stem) > 1), None):
            refused[name] = InputError(
                f"{folder}: found {twin[1]} both plain and compressed, expected one of them.",
                todo="Remove the one you do not want.",
            )
        elif name == FILTER and len(listed) > 1:
            refused[name] = InputError(
                f"{folder}: found {len(listed)} explicit perimeters ({', '.join(f.path.name for f in listed)}), "
                "expected one.",
                todo="Keep one of them.",
            )
    kept = {name: tuple(files[name]) for name in SOURCES if name in files and name not in refused}
    return Batch(folder, kept, tuple(unknown), refused)


def _restricted(found: Batch, wanted: tuple[str, ...] | None, *, is_open: bool) -> Batch:
    names = [*found.files, *(name for name in found.refused if name in SOURCES)]
    left_out = [name for name in names if is_open and name not in OPEN_SOURCES]
    if wanted is not None and (missing := [name for name in wanted if name not in names]):
        raise InputError(
            f"{found.folder} holds no file of {', '.join(missing)}.", todo="Add it, or ask for fewer sources."
        )
    taken = {name for name in names if name not in left_out and (wanted is None or name in (*wanted, FILTER))}
    if not taken and not found.refused:
        raise InputError(f"{found.folder} holds no open source.", todo=f"Add one of {', '.join(OPEN_SOURCES)}.")
    return Batch(
        found.folder,
        {name: files for name, files in found.files.items() if name in taken},
        found.unknown,
        {name: error for name, error in found.refused.items() if name in taken or name not in SOURCES},
        tuple(left_out),
        found.is_flow,
        found.has_lazy_quotes,
    )
