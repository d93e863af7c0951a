"""Train a recipe on a panel and keep the result as an immutable artefact."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Callable
from dataclasses import asdict, dataclass

import numpy as np

from signaux_faibles import __version__
from signaux_faibles.domain.code import code_hash
from signaux_faibles.domain.errors import StageError
from signaux_faibles.domain.periode import format_month, parse_month
from signaux_faibles.engine import Engine
from signaux_faibles.features.catalogue import catalogue_version
from signaux_faibles.lake import Lake, write_folder
from signaux_faibles.model.calibrate import Calibrator, fit_calibrator
from signaux_faibles.model.learners import Doubles, Fitted, fit, load
from signaux_faibles.model.matrix import Floats, Matrix, read_matrix
from signaux_faibles.model.recipes import Recipe, find_recipe
from signaux_faibles.model.splits import CROSS_FITS, cross_share, make_folds
from signaux_faibles.model.thresholds import Thresholds, choose_thresholds
from signaux_faibles.panel.store import panel_fingerprint


@dataclass(frozen=True)
class Model:
    """A trained model.

    Parameters
    ----------
    model_id : str
        Recipe, month of the panel, and hash of everything that decided it.
    as_of : int
        Month of the panel it was trained on.
    catalogue : str
        Version of the features it reads.
    fitted : Fitted
    calibrator : Calibrator
    thresholds : Thresholds
    """

    model_id: str
    as_of: int
    catalogue: str
    fitted: Fitted
    calibrator: Calibrator
    thresholds: Thresholds

    @property
    def recipe(self) -> Recipe:
        """Recipe of the model."""
        return self.fitted.recipe

    def probability(self, values: Floats) -> Doubles:
        """Calibrated probability of each row, shape (n,)."""
        return self.calibrator.probability(self.recipe.learner, self.fitted.score(values))


def train(
    lake: Lake, recipe: Recipe, as_of: int, *, force: bool = False, progress: Callable[[str], None] | None = None
) -> Model:
    """Train a recipe on the folds of a panel; a model already trained from the same inputs is read back.

    Raises
    ------
    StageError
        If the panel is missing, too short, or holds nothing to learn.
    """
    say = progress or (lambda _: None)
    folds = make_folds(as_of)
    inputs = {
        "recipe": {**asdict(recipe), "parameters": dict(recipe.parameters)},
        "as_of": format_month(as_of),
        "panel": panel_fingerprint(lake, as_of),
        "catalogue": catalogue_version(),
        "folds": {name: asdict(fold) for name, fold in vars(folds).items()},
        "code": f"{__version__} {code_hash('model', 'target')}",
    }
    digest = hashlib.sha256(json.dumps(inputs, sort_keys=True).encode()).hexdigest()
    model_id = f"{recipe.name}-{format_month(as_of)}-{digest[:10]}"
    if not force and (lake.model(model_id) / "card.json").is_file():
        return read_model(lake, model_id)
    with Engine(lake.scratch / "train") as engine:
        say("reading the training fold")
        rows = labelled(read_matrix(engine, lake, as_of, recipe.features, folds.train.sql()))
        later = labelled(read_matrix(engine, lake, as_of, recipe.features, folds.calibration.sql()))
    if len(later) == 0:
        raise StageError("The calibration fold is empty.", todo="Use more companies or a longer history.")
    say(f"fitting on {len(rows):,} rows")
    fitted = fit(recipe, rows.values, rows.failure)
    score = _cross_scores(recipe, rows, later, say)
    calibrator = fit_calibrator(recipe.learner, score, later.failure)
    thresholds = choose_thresholds(calibrator.probability(recipe.learner, score), later.failure)
    card = {
        "model_id": model_id,
        "inputs": inputs,
        "training": {"rows_count": len(rows), "positives_count": int(rows.failure.sum())},
        "calibration": {"rows_count": len(later), "positives_count": int(later.failure.sum())},
        "calibrator": asdict(calibrator),
        "thresholds": asdict(thresholds),
    }
    with write_folder(lake.model(model_id)) as folder:
        fitted.save(folder / "booster.json")
        (folder / "card.json").write_text(json.dumps(card, indent=2, sort_keys=True) + "\n", encoding="utf-8")
    return read_model(lake, model_id)


def read_model(lake: Lake, model_id: str) -> Model:
    """Model of the lake; a run restricted to a territory may use those of the nation.

    Raises
    ------
    StageError
        If it does not exist.
    """
    folder = lake.model(model_id)
    if lake.territory and not folder.is_dir():
        return read_model(lake.over(None), model_id)
    if not (folder / "card.json").is_file():
        raise StageError(f"No model {model_id} in {lake.root}.", todo="Train it with `signaux train`.")
    card = json.loads((folder / "card.json").read_text(encoding="utf-8"))
    recipe = find_recipe(card["inputs"]["recipe"]["name"])
    return Model(
        model_id=model_id,
        as_of=parse_month(card["inputs"]["as_of"]),
        catalogue=card["inputs"]["catalogue"],
        fitted=load(recipe, folder / "booster.json"),
        calibrator=Calibrator(**card["calibrator"]),
        thresholds=Thresholds(**card["thresholds"]),
    )


def latest_model(lake: Lake, recipe: Recipe, until: int) -> Model:
    """Most recent model of a recipe trained with nothing known after a month.

    A run restricted to a territory takes that of the nation when the territory has none of its own.

    Raises
    ------
    StageError
        If there is none.
    """
    found = []
    for path in sorted(lake.model("*").parent.glob(f"{recipe.name}-*/card.json")):
        inputs = json.loads(path.read_text(encoding="utf-8"))["inputs"]
        month = parse_month(inputs["as_of"])
        if month <= until:
            is_current = inputs["catalogue"] == catalogue_version()
            found.append((month, is_current, path.stat().st_mtime_ns, path.parent.name))
    if not found and lake.territory:
        return latest_model(lake.over(None), recipe, until)
    if not found:
        raise StageError(
            f"No model of recipe {recipe.name} trained as of {format_month(until)} or before in {lake.root}.",
            todo=f"Train one with `signaux train {recipe.name} --as-of {format_month(until)}`.",
        )
    return read_model(lake, max(found)[-1])


def labelled(matrix: Matrix) -> Matrix:
    """Rows whose label is known, out of any proceeding: the only ones learnt from."""
    keep = ~np.isnan(matrix.failure)
    return Matrix(**{name: array[keep] for name, array in vars(matrix).items()})


def _cross_scores(recipe: Recipe, rows: Matrix, later: Matrix, say: Callable[[str], None]) -> Doubles:
    """Scores of the calibration rows, each by a learner that saw none of its companies."""
    share, share_later = cross_share(rows.siren), cross_share(later.siren)
    score = np.empty(len(later), np.float64)
    for k in range(CROSS_FITS):
        say(f"cross-fitting the calibration, {k + 1} of {CROSS_FITS}")
        fitted = fit(recipe, rows.values[share != k], rows.failure[share != k])
        score[share_later == k] = fitted.score(later.values[share_later == k])
    return score
