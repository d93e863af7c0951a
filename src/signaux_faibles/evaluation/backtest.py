"""A recipe judged as it would have served: learnt again at several months, each time on what was known then.

At each origin, learners of two thirds of the companies tell the other third, calibrated and cut in levels without it,
over the months after the origin. Every company is judged, none by a learner that saw it, and no label learnt from was
told after the origin. The rows are kept, so that every figure can be made again from them.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterator, Sequence
from dataclasses import asdict, dataclass, field
from typing import Any

import numpy as np
import numpy.typing as npt
import pyarrow as pa
import pyarrow.parquet as pq

from signaux_faibles.domain.code import code_hash
from signaux_faibles.domain.errors import StageError
from signaux_faibles.domain.periode import format_month, parse_month
from signaux_faibles.engine import Engine
from signaux_faibles.lake import Lake, write_folder
from signaux_faibles.lake.reading import read_json, read_parquet, restore_or_remake
from signaux_faibles.lake.writing import recover_folder
from signaux_faibles.model.card import inputs_of
from signaux_faibles.model.leaks import check_features
from signaux_faibles.model.learn import CrossFit, Meaning, Say, check_lesson, cross_fit, find_meaning, read_lesson
from signaux_faibles.model.matrix import Matrix, read_matrix
from signaux_faibles.model.ranks import with_ranks
from signaux_faibles.model.recipes import Recipe
from signaux_faibles.model.splits import SHARES, last_judged_month, make_origin, share_of

JUDGED_MONTHS = 12
FIRST_YEAR = 2019

ROWS = pa.schema(
    [
        ("siren", pa.string()),
        ("month", pa.int32()),
        ("origin", pa.int32()),
        ("share", pa.int8()),
        ("log_odds", pa.float64()),
        ("probability", pa.float64()),
        ("low", pa.float64()),
        ("high", pa.float64()),
        ("level", pa.int8()),
        ("failure", pa.int8()),
        ("is_in_proceeding", pa.bool_()),
        ("months_to_failure", pa.float32()),
        ("effectif_count", pa.float32()),
    ]
)
"""A company at a month judged. `level`: 2 high, 1 moderate, 0 none. `failure` is empty for one in a proceeding."""


@dataclass(frozen=True)
class Backtest:
    """A backtest that was made.

    Parameters
    ----------
    backtest_id : str
    recipe : str
    title : str
    as_of : int
    origins : tuple of dict
        Of each: month, months learnt from and judged, rows, thresholds and calibrator of each share.
    inputs : dict
        What decided it, as the card of a model says it; empty in one made before cards said so.
    """

    backtest_id: str
    recipe: str
    title: str
    as_of: int
    origins: tuple[dict[str, object], ...]
    inputs: dict[str, object] = field(default_factory=dict)


def default_origins(as_of: int) -> list[int]:
    """Januaries since 2019 of the years whose every month can be judged."""
    last = last_judged_month(as_of) - JUDGED_MONTHS + 1
    return list(range(FIRST_YEAR * 12, last + 1, 12))


def last_origin(as_of: int) -> int:
    """Latest origin with a year that can be judged."""
    return last_judged_month(as_of) - JUDGED_MONTHS + 1


def backtest(
    lake: Lake, recipe: Recipe, as_of: int, origins: Sequence[int], *, force: bool = False, progress: Say | None = None
) -> Backtest:
    """Learn a recipe at each origin, and keep what it says of the year after; one already made is read back.

    Raises
    ------
    StageError
        If there is no origin, one is too early or too late, or the panel has not the features.
    """
    say = progress or (lambda _: None)
    origins = sorted(set(origins))
    _check_origins(origins, as_of)
    inputs = _inputs(lake, recipe, as_of, origins)
    digest = hashlib.sha256(json.dumps(inputs, sort_keys=True).encode()).hexdigest()
    backtest_id = f"{recipe.name}-{format_month(as_of)}-{digest[:10]}"
    folder = lake.backtest(backtest_id)
    recover_folder(folder)
    if not force and (folder / "card.json").is_file():
        return read_backtest(lake, backtest_id)
    with write_folder(folder) as temporary, Engine(lake.scratch / "backtest") as engine:
        cards = []
        with pq.ParquetWriter(temporary / "rows.parquet", ROWS, compression="zstd") as writer:
            for month in origins:
                cards.append(_judge_origin(engine, lake, recipe, as_of, month, writer, say))
        card = {"recipe": recipe.name, "title": recipe.title, "as_of": as_of, "inputs": inputs, "origins": cards}
        text = json.dumps(card, indent=2, sort_keys=True, ensure_ascii=False) + "\n"
        (temporary / "card.json").write_text(text, encoding="utf-8")
    return read_backtest(lake, backtest_id)


def read_backtest(lake: Lake, backtest_id: str) -> Backtest:
    """Backtest that was made.

    Raises
    ------
    StageError
        If it was not.
    LakeError
        If its card is damaged.
    """
    path = lake.backtest(backtest_id) / "card.json"
    if not path.is_file():
        raise StageError(f"No backtest {backtest_id} in {lake.root}.", todo="Make it with `signaux backtest`.")
    todo = restore_or_remake(path.parent, "signaux backtest")
    return read_json(path, "the card of a backtest", lambda card: _backtest(backtest_id, card), todo=todo)


def _backtest(backtest_id: str, card: dict[str, Any]) -> Backtest:
    origins = tuple(dict(origin) for origin in card["origins"])
    for origin in origins:
        parse_month(str(origin["month"]))
    as_of, inputs = int(card["as_of"]), dict(card.get("inputs", {}))
    return Backtest(backtest_id, str(card["recipe"]), str(card["title"]), as_of, origins, inputs)


def read_rows(lake: Lake, made: Backtest) -> pa.Table:
    """Rows of a backtest (`ROWS`), sorted by origin, month and siren.

    Raises
    ------
    LakeError
        If they are damaged or lost.
    """
    folder = lake.backtest(made.backtest_id)
    todo = restore_or_remake(folder, "signaux backtest")
    return read_parquet(folder / "rows.parquet", "the rows of a backtest", todo=todo)


def _check_origins(origins: Sequence[int], as_of: int) -> None:
    if not origins:
        raise StageError(
            f"No origin to judge as of {format_month(as_of)}: a year whose outcome is known is needed after it.",
            todo="Use a later --as-of, or name the months with --origins.",
        )
    for month in origins:
        make_origin(month)
        if month > last_judged_month(as_of):
            raise StageError(
                f"The outcome of {format_month(month)} is not known as of {format_month(as_of)}.",
                todo=f"Use origins up to {format_month(last_judged_month(as_of))}.",
            )


def _inputs(lake: Lake, recipe: Recipe, as_of: int, origins: Sequence[int]) -> dict[str, object]:
    return {
        **inputs_of(lake, recipe, as_of),
        "origins": [format_month(month) for month in origins],
        "judging": code_hash("evaluation/backtest"),
    }


def _judge_origin(
    engine: Engine, lake: Lake, recipe: Recipe, as_of: int, month: int, writer: pq.ParquetWriter, say: Say
) -> dict[str, object]:
    origin, name = make_origin(month), format_month(month)
    say(f"{name}, reading the months to learn from")
    lesson = read_lesson(engine, lake, as_of, recipe, origin)
    check_lesson(lesson, recipe)
    check_features(recipe, lesson.rows)
    cross = cross_fit(recipe, lesson, lambda part: say(f"{name}, {part}"))
    meanings = [find_meaning(recipe, lesson, cross, but=k) for k in range(SHARES)]
    last, count = min(month + JUDGED_MONTHS - 1, last_judged_month(as_of)), 0
    for judged in range(month, last + 1):
        say(f"{name}, judging {format_month(judged)}")
        rows = read_matrix(engine, lake, as_of, recipe.features, f"month = {judged}")
        rows = with_ranks(recipe, rows.take(~np.isnan(rows.failure) | rows.is_in_proceeding))
        writer.write_table(_tell(rows, month, cross, meanings))
        count += len(rows)
    return {
        "month": name,
        "train": origin.train.describe(),
        "train_rows_count": len(lesson.rows),
        "train_positives_count": int(np.nansum(lesson.rows.failure)),
        "calibration": lesson.calibration.describe(),
        "judged": f"{name} to {format_month(last)}",
        "judged_rows_count": count,
        "thresholds": [asdict(one.thresholds) for one in meanings],
        "calibrators": [one.calibrator.kind for one in meanings],
    }


def _tell(rows: Matrix, origin: int, cross: CrossFit, meanings: Sequence[Meaning]) -> pa.Table:
    """What each learner says of the companies that it never saw."""
    share = share_of(rows.number)
    told = {name: np.zeros(len(rows)) for name in ("log_odds", "probability", "low", "high", "level")}
    for k, of_share in _shares(share):
        meaning = meanings[k]
        log_odds = cross.fitted[k].log_odds(rows.values[of_share])
        probability = meaning.probability(log_odds)
        told["log_odds"][of_share], told["probability"][of_share] = log_odds, probability
        told["low"][of_share], told["high"][of_share] = meaning.bag.interval(log_odds, probability)
        told["level"][of_share] = (probability >= meaning.thresholds.modere).astype(int) + (
            probability >= meaning.thresholds.eleve
        )
    columns = {
        "siren": rows.siren,
        "month": rows.month,
        "origin": np.full(len(rows), origin, np.int32),
        "share": share.astype(np.int8),
        **{name: value for name, value in told.items() if name != "level"},
        "level": told["level"].astype(np.int8),
        "failure": pa.array(rows.failure, from_pandas=True).cast(pa.int8()),
        "is_in_proceeding": rows.is_in_proceeding,
        "months_to_failure": pa.array(rows.months_to_failure, from_pandas=True),
        "effectif_count": pa.array(rows.effectif_count, from_pandas=True),
    }
    return pa.table([pa.array(columns[name]) for name in ROWS.names], names=ROWS.names).cast(ROWS)


def _shares(share: npt.NDArray[np.int64]) -> Iterator[tuple[int, npt.NDArray[np.bool_]]]:
    for k in range(SHARES):
        of_share = share == k
        if of_share.any():
            yield k, of_share
