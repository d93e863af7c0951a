"""Which engine runs the stages, and how Spark is reached: the content of `--engine` and `--engine-config`."""

from __future__ import annotations

import os
import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from pathlib import Path
from typing import Any

import yaml

from signaux_faibles.domain.errors import InputError
from signaux_faibles.domain.yaml_text import read_yaml

DEFAULT_PARTITIONS = 8

MEMORY = re.compile(r"[1-9]\d*[gm]", re.IGNORECASE | re.ASCII)
"""Memory as Java writes it. It is checked here: Java refuses the rest in a log, without a word for the terminal."""

LOCAL_THREADS = re.compile(r"local\[(\d+|\*)(?:,\s*\d+)?\]", re.ASCII)
"""Threads of a master on this machine; `local` alone has one."""


class EngineKind(StrEnum):
    """Engine that runs the stages."""

    DUCKDB = "duckdb"
    SPARK = "spark"


@dataclass(frozen=True)
class SparkConfiguration:
    """How Spark is reached, and what it may use.

    Parameters
    ----------
    master : str
        `local[N]` for N threads of this machine, or the address of a cluster: `spark://HOST:PORT`, `yarn`,
        `k8s://https://HOST:PORT`.
    memory : str
        Of the process that drives the work (all of it with a local master), and of each executor: `16g`, `512m`.
    partitions : int
        Parts into which the companies are cut; a few times the number of cores.
    scratch : str
        Folder of temporary files, on each machine; the lake's own by default with a local master.
    python : str
        Interpreter of the workers, which has this package; with a local master, the one that runs.
    settings : mapping of str to str
        Any `spark.*` key, stronger than all of the above.
    """

    master: str = "local[2]"
    memory: str = "2g"
    partitions: int = DEFAULT_PARTITIONS
    scratch: str = ""
    python: str = ""
    settings: Mapping[str, str] = field(default_factory=dict)

    @property
    def is_local(self) -> bool:
        """True when this machine does the work alone."""
        return self.master.startswith("local")

    @property
    def workers_count(self) -> int:
        """Workers that train together, all at once: one a part, as far as the threads of this machine go when alone."""
        if not self.is_local:
            return self.partitions
        threads = LOCAL_THREADS.fullmatch(self.master)
        wanted = threads[1] if threads else "1"
        return min(self.partitions, (os.cpu_count() or 1) if wanted == "*" else int(wanted))


@dataclass(frozen=True)
class EngineChoice:
    """Engine of a run.

    Parameters
    ----------
    kind : EngineKind
    spark : SparkConfiguration
        Read by Spark only.
    """

    kind: EngineKind = EngineKind.DUCKDB
    spark: SparkConfiguration = field(default_factory=SparkConfiguration)


def read_configuration(path: Path) -> SparkConfiguration:
    """Configuration of a YAML file: entries `master`, `memory`, `partitions`, `scratch`, `python`, and any `spark.*`.

    Raises
    ------
    InputError
        If the file cannot be read, or holds anything else.
    """
    try:
        content = read_yaml(path.read_text(encoding="utf-8")) or {}
    except FileNotFoundError:
        raise InputError(f"{path} does not exist.", todo="Give an existing file to --engine-config.") from None
    except (OSError, UnicodeDecodeError, yaml.YAMLError) as error:
        reason = str(error).splitlines()[0]
        raise InputError(f"{path} cannot be read as YAML: {reason}.", todo="Give a YAML file.") from None
    if not isinstance(content, dict):
        raise InputError(f"{path}: found no entry, expected `master`, `memory` and the like.")
    settings = {str(key): _text(value) for key, value in content.items() if str(key).startswith("spark.")}
    plain = {str(key): value for key, value in content.items() if not str(key).startswith("spark.")}
    known = ("master", "memory", "partitions", "scratch", "python")
    if unknown := sorted(set(plain) - set(known)):
        raise InputError(f"{path}: unknown entry {unknown[0]!r}, expected one of {', '.join(known)}, or `spark.*`.")
    return SparkConfiguration(**_checked(path, plain), settings=settings)


def _checked(path: Path, plain: Mapping[str, Any]) -> dict[str, Any]:
    for key, value in plain.items():
        if key == "partitions":
            is_right, expected = isinstance(value, int) and not isinstance(value, bool) and value > 0, "1 or more"
        elif key == "memory":
            is_right, expected = isinstance(value, str) and bool(MEMORY.fullmatch(value)), "digits and g or m, as 16g"
        else:
            is_right, expected = isinstance(value, str) and value != "", "a text"
        if not is_right:
            raise InputError(f"{path}, entry {key!r}: found {value!r}, expected {expected}.")
    return dict(plain)


def _text(value: object) -> str:
    """A setting as Spark writes it: `true`, not `True`."""
    return str(value).lower() if isinstance(value, bool) else str(value)
