"""Train a recipe on a panel and keep the result as an immutable artefact."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Callable
from dataclasses import asdict, dataclass
from pathlib import Path

import numpy as np

from signaux_faibles.domain.errors import StageError
from signaux_faibles.domain.periode import format_month, parse_month
from signaux_faibles.engine import EngineChoice, EngineKind, SqlEngine, open_engine
from signaux_faibles.features.build import current_features
from signaux_faibles.features.catalogue import catalogue_version
from signaux_faibles.lake import Lake, write_folder
from signaux_faibles.model.calibrate import Bag, Beta, Calibrator, describe, read_calibrator
from signaux_faibles.model.card import CARD_NAME, declared, inputs_of, model_inputs, read_model_card
from signaux_faibles.model.learn import Lesson, Meaning, check_lesson, cross_fit, find_meaning, read_lesson
from signaux_faibles.model.learners import Doubles, Fitted, Floats, fit, load
from signaux_faibles.model.learners.hazard import Hazard
from signaux_faibles.model.recipes import Recipe, find_recipe
from signaux_faibles.model.spark_rows import check_spark_learns
from signaux_faibles.model.splits import Origin, make_origin
from signaux_faibles.model.thresholds import Thresholds

CURVE_FOLDER = "courbe"


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
    meaning : Meaning
    curve : Hazard or None
        What gives the risk at other horizons.
    """

    model_id: str
    as_of: int
    catalogue: str
    fitted: Fitted
    meaning: Meaning
    curve: Hazard | None = None

    @property
    def recipe(self) -> Recipe:
        """Recipe of the model."""
        return self.fitted.recipe

    @property
    def thresholds(self) -> Thresholds:
        """Thresholds of the two levels."""
        return self.meaning.thresholds

    def probability(self, values: Floats) -> Doubles:
        """Calibrated probability of each row, shape (n,)."""
        return self.meaning.probability(self.fitted.log_odds(values))


def train(
    lake: Lake,
    recipe: Recipe,
    as_of: int,
    *,
    choice: EngineChoice | None = None,
    force: bool = False,
    progress: Callable[[str], None] | None = None,
) -> Model:
    """Train a recipe on a panel; a model already trained from the same inputs is read back.

    The learner sees every company; what its scores mean is told by learners that each saw two thirds of them.

    Parameters
    ----------
    choice : EngineChoice, optional
        What reads the rows, and grows the trees where they are. Trees of Spark are not those of this machine: they
        rank alike, and the model is another one.

    Raises
    ------
    StageError
        If the panel is missing, too short, or holds nothing to learn; or the engine does not learn such a recipe.
    """
    say, chosen = progress or (lambda _: None), choice or EngineChoice()
    origin = make_origin(as_of)
    inputs = {**inputs_of(lake, recipe, as_of), "train": origin.train.describe(), "engine": _learnt_by(chosen)}
    digest = hashlib.sha256(json.dumps(inputs, sort_keys=True).encode()).hexdigest()
    model_id = f"{recipe.name}-{format_month(as_of)}-{digest[:10]}"
    if not force and (lake.model(model_id) / CARD_NAME).is_file():
        return read_model(lake, model_id)
    if chosen.kind is EngineKind.SPARK:
        check_spark_learns(recipe)
    current_features(lake, as_of, names=recipe.features)  # before a stage begins that could not end
    with open_engine(chosen, lake.scratch / "train") as engine:
        learnt = _learn(engine, lake, recipe, origin, as_of, say)
    card = {
        "model_id": model_id,
        "inputs": inputs,
        "training": _counts(learnt.lesson.rows.failure),
        "calibration": {"months": learnt.lesson.calibration.describe(), **_counts(learnt.lesson.later.failure)},
        "meaning": _told(learnt.meaning),
    }
    with write_folder(lake.model(model_id)) as folder:
        learnt.fitted.save(folder)
        if learnt.curve:
            (folder / CURVE_FOLDER).mkdir()
            learnt.curve.save(folder / CURVE_FOLDER)
        (folder / CARD_NAME).write_text(json.dumps(card, indent=2, sort_keys=True) + "\n", encoding="utf-8")
    return read_model(lake, model_id)


@dataclass(frozen=True)
class _Learnt:
    """What an engine was asked for."""

    lesson: Lesson
    meaning: Meaning
    fitted: Fitted
    curve: Fitted | None


def _learn(
    engine: SqlEngine, lake: Lake, recipe: Recipe, origin: Origin, as_of: int, say: Callable[[str], None]
) -> _Learnt:
    """Learners of a recipe; the engine stays open, for its workers may hold the rows."""
    say("reading the months to learn from")
    lesson = read_lesson(engine, lake, as_of, recipe, origin)
    check_lesson(lesson, recipe)
    curve = find_recipe(recipe.curve) if recipe.curve else None
    ahead = read_lesson(engine, lake, as_of, curve, origin).rows if curve else None
    meaning = find_meaning(recipe, lesson, cross_fit(recipe, lesson, say))
    say(f"learning from {len(lesson.rows):,} rows")
    fitted = fit(recipe, lesson.rows.values, lesson.rows.outcome)
    if curve is None or ahead is None:
        return _Learnt(lesson, meaning, fitted, None)
    say(f"learning the risk at other horizons from {len(ahead):,} rows")
    return _Learnt(lesson, meaning, fitted, fit(curve, ahead.values, ahead.outcome))


def _learnt_by(choice: EngineChoice) -> str:
    """Engine of a model, as its card says it: trees depend on how many workers grow them, on nothing else of Spark."""
    return f"spark, {choice.spark.workers_count} workers" if choice.kind is EngineKind.SPARK else choice.kind.value


def read_model(lake: Lake, model_id: str) -> Model:
    """Model of the lake; a run restricted to a territory may use those of the nation.

    Raises
    ------
    StageError
        If it does not exist, or its recipe changed since: another would read its files wrongly.
    LakeError
        If one of its files is damaged, or was written by an older version.
    """
    folder = lake.model(model_id)
    if lake.territory and not folder.is_dir():
        return read_model(lake.over(None), model_id)
    if not (folder / CARD_NAME).is_file():
        raise StageError(f"No model {model_id} in {lake.root}.", todo="Train it with `signaux train`.")
    inputs, meaning = read_model_card(folder, lambda card: (model_inputs(card), _meaning(card["meaning"])))
    recipe = find_recipe(inputs["recipe"]["name"])
    if inputs["recipe"] != declared(recipe):
        raise StageError(
            f"Model {model_id} was made by recipe {recipe.name} as it was declared before.",
            todo=f"Train it again with `signaux train {recipe.name} --as-of {inputs['as_of']}`.",
        )
    return Model(
        model_id=model_id,
        as_of=parse_month(inputs["as_of"]),
        catalogue=inputs["catalogue"],
        fitted=load(recipe, folder),
        meaning=meaning,
        curve=_read_curve(recipe, folder / CURVE_FOLDER),
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
    for path in sorted(lake.model("*").parent.glob(f"{recipe.name}-????-??-*/{CARD_NAME}")):
        inputs = read_model_card(path.parent, model_inputs)
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


def _counts(failure: Floats) -> dict[str, int]:
    return {"rows_count": int((~np.isnan(failure)).sum()), "positives_count": int(np.nansum(failure))}


def _told(meaning: Meaning) -> dict[str, object]:
    return {
        "calibrator": describe(meaning.calibrator),
        "bag": [asdict(one) for one in meaning.bag.maps],
        "thresholds": asdict(meaning.thresholds),
        "losses": meaning.losses,
    }


def _meaning(told: dict[str, dict[str, float]]) -> Meaning:
    calibrator: Calibrator = read_calibrator(dict(told["calibrator"]))
    bag = Bag(tuple(Beta(**one) for one in told["bag"]))  # type: ignore[arg-type]
    return Meaning(calibrator, bag, Thresholds(**told["thresholds"]), told["losses"])


def _read_curve(recipe: Recipe, folder: Path) -> Hazard | None:
    if not recipe.curve or not folder.is_dir():
        return None
    curve = load(find_recipe(recipe.curve), folder)
    return curve if isinstance(curve, Hazard) else None
