"""Open the engine that was asked for."""

from __future__ import annotations

from pathlib import Path

from signaux_faibles.engine.configuration import EngineChoice, EngineKind
from signaux_faibles.engine.duckdb import Engine
from signaux_faibles.engine.protocol import SqlEngine


def open_engine(choice: EngineChoice, scratch: Path) -> SqlEngine:
    """Engine of a choice.

    Parameters
    ----------
    scratch : Path
        Folder of what does not fit in memory.

    Raises
    ------
    MachineError
        If Spark is asked for and cannot start.
    """
    if choice.kind is EngineKind.DUCKDB:
        return Engine(scratch)
    from signaux_faibles.engine.spark import SparkEngine

    return SparkEngine(scratch, choice.spark)
