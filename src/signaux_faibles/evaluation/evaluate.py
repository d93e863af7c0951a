"""Judge a model on its test fold: later months, other companies, both protocols."""

from __future__ import annotations

import json
from dataclasses import asdict, dataclass, replace
from pathlib import Path

import numpy as np
import numpy.typing as npt
from sklearn.metrics import average_precision_score, roc_auc_score

from signaux_faibles.domain.errors import StageError
from signaux_faibles.engine import Engine
from signaux_faibles.evaluation.metrics import Figures, Interval, bootstrap, measure
from signaux_faibles.evaluation.oracle import oracle_probability
from signaux_faibles.lake import Lake, write_text
from signaux_faibles.model.learners import Doubles
from signaux_faibles.model.matrix import Matrix, read_matrix
from signaux_faibles.model.splits import make_folds
from signaux_faibles.model.train import Model

Mask = npt.NDArray[np.bool_]


@dataclass(frozen=True)
class Evaluation:
    """Figures of a model, by protocol.

    Parameters
    ----------
    without_known : Figures
        Companies not in a proceeding: what the model announces that nobody knew. The honest figure.
    with_known : Figures
        Companies in proceedings included, as positives: the protocol of the State's published figures, for
        comparison only.
    oracle_average_precision, oracle_auc : Interval or None
        Best possible ranking on the rows of `without_known`; simulated data only.
    """

    model_id: str
    recipe: str
    title: str
    folds: dict[str, str]
    without_known: Figures
    with_known: Figures
    oracle_average_precision: Interval | None = None
    oracle_auc: Interval | None = None

    def to_json(self) -> str:
        """Text of the evaluation, the same bytes for the same figures."""
        return json.dumps(asdict(self), indent=2, sort_keys=True, ensure_ascii=False) + "\n"


def evaluate(lake: Lake, model: Model, *, truth: Path | None = None) -> Evaluation:
    """Evaluate a model on the test fold of the panel it was trained on, and keep the figures beside it.

    What the oracle says is kept apart (`oracle.json`): a release never holds it.

    Raises
    ------
    StageError
        If the fold has no failure, or no company left.
    """
    folds = make_folds(model.as_of)
    with Engine(lake.scratch / "evaluate") as engine:
        rows = read_matrix(engine, lake, model.as_of, model.recipe.features, folds.test.sql())
        probability = model.probability(rows.values)
        free = ~rows.is_in_proceeding
        failure = np.where(rows.is_in_proceeding, 1.0, rows.failure.astype(np.float64))
        if len(rows) == 0 or not 0 < failure[free].sum() < free.sum():
            raise StageError(
                f"Nothing to judge: {len(rows)} rows in the test fold, {int(np.nansum(failure[free]))} failures.",
                todo="Use more companies.",
            )
        best = oracle_probability(engine, truth, rows) if truth else None
    months = folds.test.last_month - folds.test.first_month + 1
    result = Evaluation(
        model_id=model.model_id,
        recipe=model.recipe.name,
        title=model.recipe.title,
        folds={name: fold.describe() for name, fold in vars(folds).items()},
        without_known=_figures(model, rows, probability, failure, free, months),
        with_known=_figures(model, rows, probability, failure, np.ones(len(rows), bool), months),
    )
    write_text(lake.model(model.model_id) / "evaluation.json", result.to_json())
    if best is not None:
        result = _with_oracle(result, rows, best, failure, free)
        write_text(lake.model(model.model_id) / "oracle.json", result.to_json())
    return result


def read_evaluation(lake: Lake, model_id: str) -> str | None:
    """Evaluation kept beside a model, as JSON; None if it was not made."""
    path = lake.model(model_id) / "evaluation.json"
    return path.read_text(encoding="utf-8") if path.is_file() else None


def _figures(model: Model, rows: Matrix, probability: Doubles, failure: Doubles, kept: Mask, months: int) -> Figures:
    return measure(
        probability[kept],
        failure[kept],
        company=rows.siren[kept],
        effectif_count=rows.effectif_count[kept].astype(np.float64),
        months_count=months,
        thresholds=model.thresholds,
    )


def _with_oracle(result: Evaluation, rows: Matrix, best: Doubles, failure: Doubles, free: Mask) -> Evaluation:
    kept = free & ~np.isnan(best)
    names, codes = np.unique(rows.siren[kept].astype(str), return_inverse=True)
    return replace(
        result,
        oracle_average_precision=bootstrap(average_precision_score, failure[kept], best[kept], codes, len(names)),
        oracle_auc=bootstrap(roc_auc_score, failure[kept], best[kept], codes, len(names)),
    )
