"""Score a month: probability and values of every company in perimeter, in files of companies.

A file of features gives a file of scores, whichever engine hands them out: workers read and write the lake themselves,
and only counts come back. Contributions cost more than all the rest: they are kept of the companies that the model
alerts, and made for the others by what tells them (`with_contributions`).
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path

import numpy as np
import numpy.typing as npt
import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.parquet as pq

from signaux_faibles.domain.code import code_hash
from signaux_faibles.domain.errors import LakeError, StageError
from signaux_faibles.domain.periode import format_month
from signaux_faibles.engine import EngineChoice, open_engine
from signaux_faibles.features.build import current_features
from signaux_faibles.features.catalogue import catalogue_version
from signaux_faibles.lake import Lake, write_folder
from signaux_faibles.lake.reading import read_json, read_parquet, restore_or_remake
from signaux_faibles.lake.writing import recover_folder
from signaux_faibles.model.learners import Doubles, Floats
from signaux_faibles.model.ranks import Grid, fold_ranks, grid_of
from signaux_faibles.model.train import Model
from signaux_faibles.panel.store import panel_fingerprint
from signaux_faibles.target.labels import HORIZON_MONTHS

SHOWN_MONTHS = (3, 6, 12)
"""Horizons shown beside 18 months."""

BESIDE = ("probability_low", "probability_high", *(f"probability_{months}m" for months in SHOWN_MONTHS))
"""What is shown beside the probability: its bounds at 90 %, the risk at other horizons."""

CHUNK = 20_000
"""Companies whose contributions are made at a time, so that memory does not depend on how many they are."""

IDENTITY = ("siren", "etat_procol_code", "effectif_count")


@dataclass(frozen=True)
class ScoreSummary:
    """What a run made.

    Parameters
    ----------
    rows_count : int
        Companies scored.
    folder : Path
    is_new : bool
        False when the scores were already there, made from the same inputs by the same code.
    """

    rows_count: int
    folder: Path
    is_new: bool


@dataclass(frozen=True)
class ScoreJob:
    """What a worker needs to score a file.

    Parameters
    ----------
    model : Model
    month : int
    folder : Path
        Where scores are written.
    names : dict of Path to str
        Name of the file of scores of each file of features.
    grid : Grid, optional
        Quantiles of the month, for a recipe that reads ranks.
    """

    model: Model
    month: int
    folder: Path
    names: dict[Path, str]
    grid: Grid | None = None


@dataclass(frozen=True)
class Scored:
    """Scores of a month, by siren.

    Parameters
    ----------
    siren : list of str, length n
    etat_procol_code, effectif_count : list of int or None, length n
    score : array, shape (n,)
        What a list is ranked on, before calibration.
    values : array of float32, shape (n, p)
        Features, in the order of the model; NaN where missing.
    contributions : array, shape (n, p + 1)
        Contributions of the features to the score, then its base; NaN on the rows whose contributions were not made.
    others : dict of str to list of float or None, length n
        What is shown beside the probability (`BESIDE`): its bounds, the risk at other horizons; None without a curve.
    """

    siren: list[str]
    etat_procol_code: list[int | None]
    effectif_count: list[int | None]
    score: Doubles
    values: Floats
    contributions: Doubles
    others: dict[str, list[float | None]] = field(default_factory=dict)

    def __len__(self) -> int:
        return len(self.siren)


def check_model_fits(model: Model, month: int) -> None:
    """Check that a model may score a month.

    Raises
    ------
    StageError
        If it knows more than the month does, or reads features of another catalogue.
    """
    if model.as_of > month:
        raise StageError(
            f"Model {model.model_id} knows what happened after {format_month(month)}.",
            todo="Use a model trained as of that month or before.",
        )
    if model.catalogue != catalogue_version():
        raise StageError(
            f"Model {model.model_id} reads features of another catalogue ({model.catalogue}).",
            todo=f"Train it again with `signaux train {model.recipe.name} --as-of {format_month(model.as_of)}`.",
        )


def check_model_explains(model: Model) -> None:
    """Check that a model may make lists, and not scores only.

    Raises
    ------
    StageError
        If it is not of a kind whose contributions add up in log-odds.
    """
    name = model.recipe.name
    if not model.recipe.learner.is_additive:
        raise StageError(
            f"Model {model.model_id} makes no list: contributions of the recipe {name} do not add up in log-odds, and"
            " a list gives the reasons of its levels.",
            todo="Use a model of the recipe boosting (`signaux train boosting`); those of"
            f" {name} are for `signaux score` and `signaux backtest`.",
        )


def score_month(
    lake: Lake, model: Model, month: int, *, choice: EngineChoice | None = None, force: bool = False
) -> ScoreSummary:
    """Score the companies in perimeter at a month, with what was known at its end.

    Scores already made from the same panel, by the same model and code, are left as they are, whichever the engine.

    Raises
    ------
    StageError
        If the features of that month were not built, no company is in perimeter, or the model does not fit.
    """
    check_model_fits(model, month)
    folder = lake.scores(model.model_id, month)
    recover_folder(folder)
    fingerprint = _fingerprint(lake, model, month)
    if not force and (done := _read_manifest(folder)) and done["fingerprint"] == fingerprint:
        return ScoreSummary(int(str(done["rows_count"])), folder, is_new=False)
    files = current_features(lake, month, names=model.recipe.features, first=month, last=month)
    with write_folder(folder) as temporary:
        names = {path: f"part-{rank:05d}.parquet" for rank, path in enumerate(files)}
        with open_engine(choice or EngineChoice(), lake.scratch / "score") as engine:
            job = ScoreJob(model, month, temporary, names, _month_grid(model, month, files))
            rows = sum(engine.map_files(files, score_file, job))
        if not rows:
            raise StageError(
                f"No company is in perimeter in {format_month(month)}.", todo="Check the batches imported."
            )
        content = {"fingerprint": fingerprint, "rows_count": rows, "features": list(model.recipe.features)}
        text = json.dumps(content, indent=2, sort_keys=True) + "\n"
        (temporary / "manifest.json").write_text(text, encoding="utf-8")
    return ScoreSummary(rows, folder, is_new=True)


def score_file(path: Path, job: ScoreJob) -> int:
    """Write the scores of the companies of one file of features; returns how many they are."""
    features = job.model.recipe.features
    table = _read_month([path], [*IDENTITY, *features], job.month)
    values = _values(table, features)
    given = values if job.grid is None else np.concatenate([values, job.grid.ranks(values)], axis=1)
    etat_procol_code = table.column("etat_procol_code")
    written = {
        "siren": table.column("siren"),
        "etat_procol_code": etat_procol_code,
        "effectif_count": table.column("effectif_count").cast(pa.int32()),
        **_told(job.model, given, has_level=pc.equal(pc.fill_null(etat_procol_code, 0), 0).to_numpy()),
        "values": _lists(values),
    }
    pq.write_table(pa.table(written), job.folder / job.names[path], compression="zstd")
    return int(table.num_rows)


def _told(model: Model, values: Floats, *, has_level: npt.NDArray[np.bool_]) -> dict[str, Doubles | pa.Array]:
    """What a model says of rows: ranking score, probabilities, and contributions of alerts where they add up."""
    if len(values) == 0:
        # A learner has nothing to say of no row: what it says of one gives the columns.
        one = _told(model, np.full((1, values.shape[1]), np.nan, np.float32), has_level=np.ones(1, bool))
        return {name: column[:0] for name, column in one.items()}
    fitted, meaning = model.fitted, model.meaning
    log_odds = fitted.log_odds(values)
    probability = meaning.probability(log_odds)
    low, high = meaning.bag.interval(log_odds, probability)
    # Of the learners whose contributions add up, the score is the log-odds.
    is_additive = model.recipe.learner.is_additive
    told = {"score": log_odds if is_additive else fitted.score(values), "probability_18m": probability}
    told |= {"probability_low": low, "probability_high": high, **_other_horizons(model, values, probability)}
    if not is_additive:
        return told
    is_alert = has_level & (probability >= model.thresholds.modere)
    return told | {"contributions": _lists(_contributions(model, values[is_alert]), of=is_alert)}


def _contributions(model: Model, given: Floats) -> Doubles:
    """Contributions of the features to rows as the learner reads them, ranks folded, shape (n, p + 1)."""
    if len(given) == 0:
        return np.empty((0, len(model.recipe.features) + 1))
    return fold_ranks(model.recipe, model.fitted.contributions(given))


def with_contributions(model: Model, scored: Scored, wanted: npt.NDArray[np.bool_]) -> Scored:
    """Scores with the contributions of every company wanted, shape (n,): made now where they were not kept.

    They are those that would have been kept, to the last bit: a row is told whatever the others are, and in the same
    precision.
    """
    lacking = np.flatnonzero(wanted & np.isnan(scored.contributions[:, -1]))
    contributions = scored.contributions.copy()
    grid = grid_of(scored.values) if model.recipe.has_ranks else None
    for start in range(0, len(lacking), CHUNK):
        rows = lacking[start : start + CHUNK]
        values = scored.values[rows]
        given = values if grid is None else np.concatenate([values, grid.ranks(values)], axis=1)
        contributions[rows] = _contributions(model, given).astype(np.float32)
    return replace(scored, contributions=contributions)


def _month_grid(model: Model, month: int, files: Sequence[Path]) -> Grid | None:
    """Quantiles of a month over every company, for a recipe that reads ranks."""
    if not model.recipe.has_ranks:
        return None
    features = model.recipe.features
    return grid_of(_values(_read_month(files, features, month), features))


def _read_month(files: Sequence[Path], columns: Sequence[str], month: int) -> pa.Table:
    """Rows of a month in files of features, by siren."""
    wanted = list(dict.fromkeys(["siren", *columns]))
    parts = [pq.read_table(path, columns=wanted, filters=[("month", "==", month)]) for path in files]
    # Files differ by the columns in which no company lacks a value.
    return pa.concat_tables(parts, promote_options="default").sort_by("siren")


def _values(table: pa.Table, features: Sequence[str]) -> Floats:
    values = np.empty((table.num_rows, len(features)), np.float32)
    for rank, name in enumerate(features):
        values[:, rank] = table.column(name).to_numpy()
    return values


def _other_horizons(model: Model, values: Floats, probability: Doubles) -> dict[str, Doubles]:
    """Risk at the horizons that the sheet shows; empty without a curve.

    The curve is bent so that its 18 months are the probability displayed: hazards are all multiplied by the same
    number, which keeps it rising.
    """
    names = [f"probability_{months}m" for months in SHOWN_MONTHS]
    if model.curve is None:
        return {name: np.full(len(values), np.nan) for name in names}
    curve = model.curve.curve(values)
    ratio = np.log1p(-probability) / np.log1p(-curve[:, HORIZON_MONTHS - 1])
    return {
        name: -np.expm1(ratio * np.log1p(-curve[:, months - 1]))
        for name, months in zip(names, SHOWN_MONTHS, strict=True)
    }


def read_scores(lake: Lake, model: Model, month: int) -> Scored:
    """Scores of a month that were made from its panel and model as they are.

    Raises
    ------
    StageError
        If they were not.
    LakeError
        If one of their files is damaged or lost.
    """
    folder = lake.scores(model.model_id, month)
    done = _read_manifest(folder)
    if not done or done["fingerprint"] != _fingerprint(lake, model, month):
        raise StageError(
            f"No scores of {format_month(month)} by {model.model_id} as the panel is now in {lake.root}.",
            todo=f"Make them with `signaux score --as-of {format_month(month)} --model {model.model_id}`.",
        )
    todo = restore_or_remake(folder, "signaux score")
    parts = [read_parquet(path, "scores", todo=todo) for path in sorted(folder.glob("part-*.parquet"))]
    found, wanted = sum(part.num_rows for part in parts), int(str(done["rows_count"]))
    if found != wanted:
        raise LakeError(f"{folder} holds {found:,} rows, its manifest says {wanted:,}.", todo=todo)
    return scored_of(model, pa.concat_tables(parts).sort_by("siren"))


def scored_of(model: Model, table: pa.Table) -> Scored:
    """Scores of the rows of a file of scores."""
    return Scored(
        siren=table.column("siren").to_pylist(),
        etat_procol_code=table.column("etat_procol_code").to_pylist(),
        effectif_count=table.column("effectif_count").to_pylist(),
        score=table.column("score").to_numpy(),
        values=_array(table.column("values")),
        contributions=_kept_contributions(table.column("contributions"), len(model.recipe.features) + 1),
        others={name: _told_of(table.column(name)) for name in BESIDE},
    )


def _told_of(column: pa.ChunkedArray) -> list[float | None]:
    """Values of a column, None where the model says nothing."""
    told: list[float | None] = pc.if_else(pc.is_nan(column), None, column).to_pylist()
    return told


def _fingerprint(lake: Lake, model: Model, month: int) -> str:
    parts = [panel_fingerprint(lake, month), model.model_id, catalogue_version(), code_hash("model", "features")]
    return hashlib.sha256("\n".join(parts).encode()).hexdigest()


def _read_manifest(folder: Path) -> dict[str, object] | None:
    path = folder / "manifest.json"
    if not path.is_file():
        return None
    todo = restore_or_remake(folder, "signaux score")
    return read_json(path, "the manifest of scores", _manifest, todo=todo)


def _manifest(content: dict[str, object]) -> dict[str, object]:
    return {"fingerprint": content["fingerprint"], "rows_count": int(str(content["rows_count"]))}


def _lists(rows: npt.NDArray[np.floating], of: npt.NDArray[np.bool_] | None = None) -> pa.Array:
    """Rows of a matrix as lists; the learner gives single precision, which is kept as it is.

    Parameters
    ----------
    of : array of bool, shape (n,), optional
        Rows that have one, in order; the others have none.
    """
    values, width = pa.array(rows.astype(np.float32).ravel()), rows.shape[1]
    if of is None:
        return pa.FixedSizeListArray.from_arrays(values, width)
    starts = np.concatenate([[0], np.cumsum(of)]) * width
    offsets = pa.array(starts.astype(np.int32), mask=np.append(~of, False))
    return pa.ListArray.from_arrays(offsets, values)


def _array(column: pa.ChunkedArray) -> Floats:
    array: Floats = column.combine_chunks().flatten().to_numpy().reshape(-1, column.type.list_size)
    return array


def _kept_contributions(column: pa.ChunkedArray, width: int) -> Doubles:
    """Contributions, NaN throughout the rows that have none."""
    is_kept = column.is_valid().to_numpy()
    contributions = np.full((len(column), width), np.nan)
    contributions[is_kept] = column.combine_chunks().flatten().to_numpy().reshape(-1, width)
    return contributions
