"""Judge backtests: both protocols side by side, recipes against one another, and against the best possible ranking."""

from __future__ import annotations

import json
from collections.abc import Callable, Sequence
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from signaux_faibles.domain.code import code_hash
from signaux_faibles.domain.errors import StageError
from signaux_faibles.engine import Engine
from signaux_faibles.evaluation.backtest import Backtest, read_rows
from signaux_faibles.evaluation.bootstrap import Interval, intervals
from signaux_faibles.evaluation.metrics import (
    Figures,
    Judged,
    figures_of,
    mean_auc,
    mean_average_precision,
    measure,
    rank_by_origin,
)
from signaux_faibles.evaluation.oracle import oracle_probability
from signaux_faibles.lake import Lake, write_text
from signaux_faibles.lake.reading import Content, read_json, restore_or_remake


@dataclass(frozen=True)
class Evaluation:
    """Figures of a recipe, by protocol.

    Parameters
    ----------
    backtest_id, recipe, title : str
    origins : tuple of dict
        Of each: what was learnt from, and judged.
    without_known : Figures
        Companies not in a proceeding: what the model announces that nobody knew. The honest figure.
    with_known : Figures
        Companies in proceedings included, as positives: the protocol of the State's published figures, for
        comparison only.
    """

    backtest_id: str
    recipe: str
    title: str
    origins: tuple[dict[str, object], ...]
    without_known: Figures
    with_known: Figures

    def to_json(self) -> str:
        """Text of the evaluation, the same bytes for the same figures."""
        content = {**asdict(self), "code": _code()}
        return json.dumps(content, indent=2, sort_keys=True, ensure_ascii=False) + "\n"


@dataclass(frozen=True)
class Oracle:
    """Best possible ranking of the rows judged without known proceedings; simulated data only."""

    average_precision: Interval
    auc: Interval


@dataclass(frozen=True)
class Comparison:
    """A recipe against another, on the same rows and the same draws of companies.

    Parameters
    ----------
    average_precision_gain, auc_gain : Interval
        Of the first over the second, means over the origins.
    """

    recipe: str
    against: str
    average_precision_gain: Interval
    auc_gain: Interval


def evaluate(lake: Lake, made: Backtest, *, force: bool = False) -> Evaluation:
    """Figures of a backtest, kept beside it; those already there are read back, unless another code made them.

    Raises
    ------
    StageError
        If no company failed among those judged, or none is left.
    LakeError
        If the figures kept are damaged.
    """
    path = lake.backtest(made.backtest_id) / "evaluation.json"
    if not force and path.is_file() and read_evaluation(path, lambda content: content.get("code")) == _code():
        return read_evaluation(path, evaluation_of)
    rows = read_rows(lake, made)
    free = judged_rows(rows, with_known=False)
    if len(free) == 0 or not 0 < free.failure.sum() < len(free):
        raise StageError(
            f"Nothing to judge: {len(free)} rows judged, {int(free.failure.sum())} failures.",
            todo="Use more companies, or later origins.",
        )
    found = Evaluation(
        made.backtest_id,
        made.recipe,
        made.title,
        made.origins,
        without_known=measure(free),
        with_known=measure(judged_rows(rows, with_known=True)),
    )
    write_text(path, found.to_json())
    return found


def _code() -> str:
    """Code that makes the figures."""
    return code_hash("evaluation")


def read_evaluation(path: Path, decode: Callable[[Any], Content]) -> Content:
    """What is read of the figures of a backtest.

    Raises
    ------
    LakeError
        If they are damaged.
    """
    todo = restore_or_remake(path, "signaux backtest")
    return read_json(path, "the figures of a backtest", decode, todo=todo)


def evaluation_of(content: dict[str, Any]) -> Evaluation:
    """Evaluation that `Evaluation.to_json` wrote."""
    protocols = {name: figures_of(content[name]) for name in ("without_known", "with_known")}
    told = {name: value for name, value in content.items() if name != "code"}
    return Evaluation(**{**told, **protocols, "origins": tuple(content["origins"])})


def judged_rows(rows: pa.Table, *, with_known: bool) -> Judged:
    """Rows of a backtest as arrays; those in a proceeding left out, or counted as failures."""
    kept = rows if with_known else rows.filter(pc.invert(rows.column("is_in_proceeding")))
    failure = pc.fill_null(kept.column("failure"), 1)
    return Judged(
        company=_array(kept, "siren").astype(np.int64),
        month=_array(kept, "month").astype(np.int64),
        origin=_array(kept, "origin").astype(np.int64),
        score=_array(kept, "log_odds"),
        probability=_array(kept, "probability"),
        level=_array(kept, "level").astype(np.int64),
        failure=failure.to_numpy().astype(np.float64),
        effectif_count=_array(kept, "effectif_count").astype(np.float64),
    )


def judge_oracle(lake: Lake, made: Backtest, truth: Path) -> Oracle:
    """What the probability that the simulator knows would have found on the rows of a backtest.

    It is kept apart from the figures: a release never holds it.
    """
    table = read_rows(lake, made)
    table = table.filter(pc.invert(table.column("is_in_proceeding")))
    with Engine(lake.scratch / "oracle") as engine:
        best = oracle_probability(engine, truth, _array(table, "siren"), _array(table, "month"))
    rows = judged_rows(table, with_known=False)
    known = ~np.isnan(best)
    rankings = rank_by_origin(Judged(**{**vars(rows), "score": best}).take(known))
    auc, average_precision = intervals([mean_auc(rankings), mean_average_precision(rankings)], rows.company[known])
    found = Oracle(average_precision, auc)
    text = json.dumps(asdict(found), indent=2, sort_keys=True) + "\n"
    write_text(lake.backtest(made.backtest_id) / "oracle.json", text)
    return found


def compare(lake: Lake, made: Sequence[Backtest]) -> list[Comparison]:
    """The first of some backtests against each other one, on the rows that both judged, without known proceedings."""
    tables = [_keyed(read_rows(lake, one)) for one in made]
    return [_compare(made[0], tables[0], other, table) for other, table in zip(made[1:], tables[1:], strict=True)]


def _compare(first: Backtest, table: pa.Table, other: Backtest, against: pa.Table) -> Comparison:
    keys, named = ["siren", "month", "origin"], against.rename_columns({"log_odds": "log_odds_against"})
    both = table.join(named.select([*keys, "log_odds_against"]), keys, join_type="inner")
    both = both.sort_by([("month", "ascending"), ("siren", "ascending")])
    rows = judged_rows(both, with_known=False)
    one = rank_by_origin(rows)
    two = rank_by_origin(Judged(**{**vars(rows), "score": _array(both, "log_odds_against")}))
    auc, average_precision = intervals(
        [
            lambda weight: mean_auc(one)(weight) - mean_auc(two)(weight),
            lambda weight: mean_average_precision(one)(weight) - mean_average_precision(two)(weight),
        ],
        rows.company,
    )
    return Comparison(first.recipe, other.recipe, average_precision, auc)


def _keyed(table: pa.Table) -> pa.Table:
    return table.filter(pc.invert(table.column("is_in_proceeding")))


def _array(table: pa.Table, name: str) -> Any:
    """Column as an array of its own type."""
    return table.column(name).to_numpy()
