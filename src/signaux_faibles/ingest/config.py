"""The explicit description of a batch: which file is of which source, when names do not say it."""

from __future__ import annotations

import json
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import yaml

from signaux_faibles.domain.delivery import Delivery
from signaux_faibles.domain.errors import InputError
from signaux_faibles.domain.yaml_text import read_yaml
from signaux_faibles.sources import SOURCES

KEYS = frozenset({"key", "files", "params", "flow", "stock", "quotes"})
QUOTES = {"lazy": True, "strict": False}
"""What a quote inside a cell is: data of its row, or a fault of it. Neither ever joins lines."""


@dataclass(frozen=True)
class BatchConfig:
    """What a file of configuration says of a batch.

    Parameters
    ----------
    path : Path
        The file itself.
    files : dict of str to tuple of str
        Files of each source, as written.
    is_flow : dict of str to bool
        Sources whose files, in this batch, add to what came before (True) or replace it (False), whatever the source
        does by itself.
    has_lazy_quotes : dict of str to bool
        Sources in whose files, in this batch, a stray quote is data (True) or a fault (False).
    """

    path: Path
    files: dict[str, tuple[str, ...]]
    is_flow: dict[str, bool] = field(default_factory=dict)
    has_lazy_quotes: dict[str, bool] = field(default_factory=dict)


def read_config(path: Path, delivery: Delivery) -> BatchConfig:
    """Read the configuration of a batch, JSON or YAML.

    `params` is accepted and not used, as in the format that this one continues.

    Raises
    ------
    InputError
        If it cannot be read, is of another batch, or names something unknown.
    """
    content = _load(path)
    if unknown := sorted(map(str, set(content) - KEYS)):
        raise InputError(f"{path}: unknown entry {unknown[0]!r}.", todo=f"Choose among {', '.join(sorted(KEYS))}.")
    if content.get("key") != delivery.key:
        raise InputError(
            f"{path}: found key {content.get('key')!r}, expected {delivery.key!r}, that of --batch.",
            todo="Give the configuration of this batch; in YAML, write the key between quotes.",
        )
    files = content.get("files")
    if not isinstance(files, dict) or not files:
        raise InputError(f"{path}: found no files, expected lists of files by source.", todo="Fill `files`.")
    listed = {_known(path, name): _texts(path, name, paths) for name, paths in files.items()}
    modes: dict[str, bool] = {}
    for entry in ("flow", "stock"):
        for name in _texts(path, entry, content.get(entry, [])):
            if modes.setdefault(_known(path, name), entry == "flow") != (entry == "flow"):
                raise InputError(f"{path}: {name} is both a flow and a stock.", todo="Choose one.")
    quotes = content.get("quotes", {})
    if not isinstance(quotes, dict) or not all(str(word) in QUOTES for word in quotes.values()):
        raise InputError(f"{path}: found quotes that are neither lazy nor strict.", todo="Write quotes by source.")
    return BatchConfig(path, listed, modes, {_known(path, name): QUOTES[str(word)] for name, word in quotes.items()})


def places_of(config: BatchConfig, text: str, *, raw: Path, folder: Path) -> tuple[Path, ...]:
    """Files that a path may name: absolute, or beside the configuration, in the folder of batches or of the batch."""
    given = Path(text)
    bases = (config.path.absolute().parent, raw, folder)
    try:
        tried = [given] if given.is_absolute() else [(base / given).resolve() for base in bases]
        return tuple(path for path in dict.fromkeys(tried) if path.is_file())
    except (OSError, ValueError):  # too long, or of characters that no path holds
        return ()


def _load(path: Path) -> dict[str, Any]:
    try:
        text = path.read_text(encoding="utf-8")
        content = json.loads(text, object_pairs_hook=_unrepeated) if path.suffix == ".json" else read_yaml(text)
    except OSError as error:
        raise InputError(f"{path}: cannot be read ({error.strerror}).", todo="Check --config.") from None
    except (ValueError, RecursionError, yaml.YAMLError):
        raise InputError(
            f"{path}: found neither JSON nor YAML, or an entry written twice.", todo="Correct the configuration."
        ) from None
    if not isinstance(content, dict):
        raise InputError(f"{path}: expected entries {', '.join(sorted(KEYS))}.", todo="Correct the configuration.")
    return content


def _unrepeated(entries: list[tuple[str, Any]]) -> dict[str, Any]:
    """An object of JSON; of an entry written twice, the first would be lost without a word."""
    content = dict(entries)
    if len(content) < len(entries):
        raise ValueError("an entry is written twice")
    return content


def _known(path: Path, name: object) -> str:
    if name not in SOURCES:
        raise InputError(f"{path}: unknown source {name!r}.", todo=f"Choose among {', '.join(SOURCES)}.")
    return str(name)


def _texts(path: Path, name: object, values: object) -> tuple[str, ...]:
    if not isinstance(values, list) or not all(isinstance(value, str) for value in values):
        raise InputError(f"{path}: {name} is not a list of texts.", todo="Write it between square brackets.")
    if name in SOURCES and not values:
        raise InputError(f"{path}: {name} lists no file.", todo="List one, or take the source out.")
    if len(set(values)) < len(values):
        raise InputError(f"{path}: {name} names twice the same one.", todo="Name each once.")
    return tuple(values)
