"""A study: so many trials of the parameters of a recipe, the declared ones first; one stopped goes on where it was."""

from __future__ import annotations

import hashlib
import json
import logging
from collections.abc import Callable, Mapping
from dataclasses import asdict, dataclass, replace
from pathlib import Path

import optuna
from optuna.storages import JournalStorage
from optuna.storages.journal import JournalFileBackend
from optuna.trial import TrialState

from signaux_faibles.domain.code import code_hash
from signaux_faibles.domain.errors import StageError
from signaux_faibles.domain.periode import format_month
from signaux_faibles.evaluation.tuning.folds import InnerFold, inner_origins, read_folds
from signaux_faibles.evaluation.tuning.spaces import space_of
from signaux_faibles.features.catalogue import catalogue_version
from signaux_faibles.lake import Lake
from signaux_faibles.lake.writing import write_text
from signaux_faibles.model.learn import Say
from signaux_faibles.model.recipes import Recipe
from signaux_faibles.panel.store import panel_fingerprint

ROWS_COUNT = 100_000
TRIALS = 30
STARTUP_TRIALS = 10
"""Drawn at random before the sampler learns from those made."""

Told = Callable[[int, int], None]
"""Trials made, trials wanted."""


@dataclass(frozen=True)
class Trial:
    """One choice of parameters.

    Parameters
    ----------
    parameters : mapping of str to float
    average_precision : mapping of str to float
        At each inner origin.
    """

    parameters: Mapping[str, float | int]
    average_precision: Mapping[str, float]

    @property
    def mean(self) -> float:
        """Mean of the average precisions."""
        return sum(self.average_precision.values()) / len(self.average_precision)


@dataclass(frozen=True)
class Tuning:
    """What trials say.

    Parameters
    ----------
    recipe : str
    as_of : int
    trials : tuple of Trial
        In order; the first has the parameters that the recipe declares.
    """

    recipe: str
    as_of: int
    trials: tuple[Trial, ...]

    @property
    def declared(self) -> Trial:
        """Trial of the parameters declared."""
        return self.trials[0]

    @property
    def best(self) -> Trial:
        """Trial of the highest mean."""
        return max(self.trials, key=lambda trial: trial.mean)


def tune(
    lake: Lake,
    recipe: Recipe,
    as_of: int,
    *,
    trials_count: int = TRIALS,
    rows_count: int = ROWS_COUNT,
    progress: Say | None = None,
    told: Told | None = None,
) -> Tuning:
    """Try parameters of a recipe, each on the same inner folds; trials already made of the same inputs are kept.

    Parameters
    ----------
    trials_count : int
        Trials in all, the declared parameters included: the budget is fixed before anything is seen.
    rows_count : int
        Most rows learnt from, and judged, at each inner origin.

    Raises
    ------
    StageError
        If the history is too short, the panel is missing, or there is no trial to make.
    InputError
        If the learner of the recipe has nothing to look for.
    """
    say = progress or (lambda _: None)
    if trials_count < 1:
        raise StageError(f"No trial to make: found {trials_count}, expected at least 1.")
    space_of(recipe)
    inputs = _inputs(lake, recipe, as_of, rows_count)
    digest = hashlib.sha256(json.dumps(inputs, sort_keys=True).encode()).hexdigest()
    folder = lake.tuning(f"{recipe.name}-{format_month(as_of)}-{digest[:10]}")
    folder.mkdir(parents=True, exist_ok=True)
    study = _open_study(folder, recipe)
    done = _made(study)
    if len(done) < trials_count:
        folds = read_folds(lake, recipe, as_of, rows_count, say)
        say(f"trying {trials_count} choices of parameters")
        _try(study, recipe, folds, trials_count, told or (lambda _done, _wanted: None))
        done = _made(study)
    made = Tuning(recipe.name, as_of, tuple(done[:trials_count]))
    write_text(folder / "card.json", _card(made, inputs))
    return made


def _try(study: optuna.Study, recipe: Recipe, folds: list[InnerFold], wanted: int, told: Told) -> None:
    space = space_of(recipe)

    def one(trial: optuna.Trial) -> float:
        parameters = {name: value.suggest(trial, name) for name, value in space.items()}
        tried = replace(recipe, parameters={**recipe.parameters, **parameters})
        figures = {fold.name: fold.average_precision(tried) for fold in folds}
        trial.set_user_attr("average_precision", figures)
        return sum(figures.values()) / len(figures)

    for done in range(len(_made(study)), wanted):
        told(done, wanted)
        # A sampler is seeded by the rank of the trial: a study that was stopped tries what it would have tried.
        study.sampler = optuna.samplers.TPESampler(seed=recipe.seed + done, n_startup_trials=STARTUP_TRIALS)
        study.optimize(one, n_trials=1)
    told(wanted, wanted)


def _open_study(folder: Path, recipe: Recipe) -> optuna.Study:
    """Study of a folder; one without a trial made begins with the parameters that the recipe declares."""
    logging.getLogger("optuna").setLevel(logging.ERROR)
    storage = JournalStorage(JournalFileBackend(str(folder / "trials.log")))
    study = optuna.create_study(storage=storage, study_name=recipe.name, direction="maximize", load_if_exists=True)
    if not _made(study) and not study.get_trials(deepcopy=False, states=(TrialState.WAITING,)):
        study.enqueue_trial({name: recipe.parameters[name] for name in space_of(recipe)})
    return study


def _made(study: optuna.Study) -> list[Trial]:
    complete = study.get_trials(deepcopy=False, states=(TrialState.COMPLETE,))
    return [Trial(dict(trial.params), dict(trial.user_attrs["average_precision"])) for trial in complete]


def _inputs(lake: Lake, recipe: Recipe, as_of: int, rows_count: int) -> dict[str, object]:
    return {
        "recipe": json.loads(json.dumps({**asdict(recipe), "parameters": dict(recipe.parameters)})),
        "as_of": format_month(as_of),
        "origins": [format_month(month) for month in inner_origins(as_of)],
        "rows_count": rows_count,
        "panel": panel_fingerprint(lake, as_of),
        "catalogue": catalogue_version(),
        "code": code_hash("model", "target", "evaluation/tuning"),
    }


def _card(made: Tuning, inputs: dict[str, object]) -> str:
    trials = [{**asdict(trial), "mean": trial.mean} for trial in made.trials]
    content = {"inputs": inputs, "best": dict(made.best.parameters), "trials": trials}
    return json.dumps(content, indent=2, sort_keys=True) + "\n"
