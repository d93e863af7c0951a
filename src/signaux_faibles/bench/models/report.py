"""Figures of contenders as JSON."""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from dataclasses import asdict
from pathlib import Path

from signaux_faibles.bench.models.choices import Sharing
from signaux_faibles.bench.models.dataset import Dataset
from signaux_faibles.bench.models.figures import Estimate, difference
from signaux_faibles.bench.models.run import Judged

COMPARED = ("auc", "average_precision")


def as_json(path: Path, data: Dataset, sharing: Sharing, judged: Sequence[Judged]) -> dict[str, object]:
    """Everything measured, and what it was measured on.

    Parameters
    ----------
    path : pathlib.Path
        The file read: its name and hash are told, not its folder.
    """
    return {
        "file": path.name,
        "sha256": hashlib.sha256(path.read_bytes()).hexdigest(),
        "rows": len(data),
        "positives": int(data.failure.sum()),
        "columns": len(data.names),
        "left_out": list(data.left_out),
        "sharing": {**asdict(sharing), "protocol": sharing.protocol.value},
        "recipes": [_recipe(one, judged[0]) for one in judged],
    }


def _recipe(one: Judged, yardstick: Judged) -> dict[str, object]:
    figures = one.figures
    return {
        "name": one.contender.name,
        "title": one.contender.title,
        "pooled": {name: asdict(estimate) for name, estimate in figures.pooled.items()},
        "over_folds": {name: asdict(spread) for name, spread in figures.folds.items()},
        "high": dict(zip(("precision", "recall"), figures.high, strict=True)),
        "moderate": dict(zip(("precision", "recall"), figures.moderate, strict=True)),
        f"above_{yardstick.contender.name}": {
            name: asdict(difference(figures, yardstick.figures, name)) for name in COMPARED
        },
        "chosen": [
            {
                "folds": count,
                "forest_weight": one.contender.candidates[rank].forest_weight,
                "parameters": dict(one.contender.candidates[rank].parameters),
            }
            for rank, count in sorted(one.chosen.items())
        ],
        "cpu_seconds": round(one.cpu_seconds, 1),
    }


def told(estimate: Estimate) -> str:
    """`0.912 [0.890, 0.930]`."""
    return f"{estimate.value:.3f} [{estimate.low:.3f}, {estimate.high:.3f}]"


def ranking_rows(judged: Sequence[Judged]) -> list[tuple[str, ...]]:
    """Recipe, pooled AUC and average precision, their means over folds, capture of the first tenth."""
    return [
        (
            one.contender.name,
            *(told(one.figures.pooled[name]) for name in COMPARED),
            *(f"{one.figures.folds[name].mean:.3f} ± {one.figures.folds[name].deviation:.3f}" for name in COMPARED),
            told(one.figures.pooled["top_decile_capture"]),
        )
        for one in judged
    ]


def level_rows(judged: Sequence[Judged]) -> list[tuple[str, ...]]:
    """Recipe, Brier score, the F-measure of each level with its precision and recall, CPU seconds."""
    return [
        (
            one.contender.name,
            told(one.figures.pooled["brier"]),
            told(one.figures.pooled["f_05"]),
            "{:.2f} / {:.2f}".format(*one.figures.high),
            told(one.figures.pooled["f_2"]),
            "{:.2f} / {:.2f}".format(*one.figures.moderate),
            f"{one.cpu_seconds:.0f}",
        )
        for one in judged
    ]


def gain_rows(judged: Sequence[Judged]) -> list[tuple[str, ...]]:
    """Recipe, and how much its pooled AUC and average precision stand above those of the first one."""
    first, *others = judged
    return [
        (one.contender.name, *(told(difference(one.figures, first.figures, name)) for name in COMPARED))
        for one in others
    ]


RANKING_COLUMNS = ("recipe", "AUC", "AP", "AUC in folds", "AP in folds", "top decile")
LEVEL_COLUMNS = ("recipe", "Brier", "F0.5", "P / R", "F2", "P / R", "CPU s")
GAIN_COLUMNS = ("recipe", "AUC above", "AP above")
