"""Figures of a backtest by kind of company and by year: where the model is right, and where it is not.

Every slice says its share of positives and of alerts beside its figures: a precision means nothing without them. A
slice with too few companies that failed has no figure rather than a lucky one.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import numpy.typing as npt
import pyarrow as pa

from signaux_faibles.domain.naf import section_labels
from signaux_faibles.domain.territoire import departements
from signaux_faibles.engine import Engine, parquet_sql
from signaux_faibles.evaluation.bootstrap import Interval, intervals
from signaux_faibles.evaluation.metrics import (
    ELEVE,
    MODERE,
    Judged,
    level_figures,
    mean_auc,
    mean_average_precision,
    rank_by_origin,
)
from signaux_faibles.model.thresholds import BETA_ELEVE, BETA_MODERE

ATTRIBUTES = ("section_naf_rank", "region_code", "age_years")
"""Features that tell the slice of a company at a month."""

MANUFACTURING = "C"
COVID_YEARS = (2020, 2021)
"""Years judged in which support kept alive companies that would have failed."""

SLICE_RESAMPLES = 50
"""Draws of companies: fewer than for the whole, since there are some sixty slices."""

MIN_FAILED_COMPANIES = 10
"""Companies that failed under which a slice has no figure but its shares: the months of one company are one failure."""

MIN_COMPANIES = 11
"""Companies under which a slice is left out: its share of alerts would speak of someone."""

UNKNOWN = "inconnu"

AGES = ((3, "moins de 3 ans"), (5, "3 à 4 ans"), (10, "5 à 9 ans"), (20, "10 à 19 ans"), (np.inf, "20 ans et plus"))
SIZES = (
    (10, "moins de 10 salariés"),
    (20, "10 à 19 salariés"),
    (50, "20 à 49 salariés"),
    (250, "50 à 249 salariés"),
    (np.inf, "250 salariés et plus"),
)

Names = npt.NDArray[np.object_]


@dataclass(frozen=True)
class Slice:
    """Figures of one kind of company, under one protocol.

    Parameters
    ----------
    dimension : str
        `secteur`, `taille`, `region`, `age`, `annee` or `periode`.
    label : str
        In French.
    rows_count, companies_count, positives_count : int
    positives_share, modere_share, eleve_share : float
        Shares of the rows that failed, that were at the moderate level or above, and at the high level.
    auc, average_precision : Interval or None
        Means over the origins that have both outcomes in the slice; None, like those after, under
        `MIN_FAILED_COMPANIES`.
    observed_over_expected : float or None
        Failures over the sum of the probabilities.
    modere_precision, modere_recall, eleve_precision, eleve_recall : float or None
    """

    dimension: str
    label: str
    rows_count: int
    companies_count: int
    positives_count: int
    positives_share: float
    modere_share: float
    eleve_share: float
    auc: Interval | None = None
    average_precision: Interval | None = None
    observed_over_expected: float | None = None
    modere_precision: float | None = None
    modere_recall: float | None = None
    eleve_precision: float | None = None
    eleve_recall: float | None = None


def read_attributes(
    engine: Engine, features: Sequence[Path], rows: pa.Table, names: Sequence[str] = ATTRIBUTES
) -> pa.Table:
    """Features of the rows of a backtest, in their order: by default those that tell its slices; NaN where unknown.

    Parameters
    ----------
    features : sequence of Path
        Files of the features of the panel that was judged, with those named.
    """
    judged = pa.table({"rank": np.arange(rows.num_rows), "siren": rows["siren"], "month": rows["month"]})
    engine.register("judged", judged)
    columns = ", ".join(f"CAST(f.{name} AS DOUBLE) AS {name}" for name in names)
    table = engine.arrow(f"""
        SELECT {columns} FROM judged AS j LEFT JOIN {parquet_sql(features)} AS f
            ON f.siren = j.siren AND f.month = j.month
        ORDER BY j.rank""")
    return pa.table({name: table[name].to_numpy() for name in names})


def slice_names(rows: pa.Table, attributes: pa.Table | None) -> dict[str, Names]:
    """Label of the slice of each row in each dimension, shape (n,); without attributes, size and years only."""
    year = rows["month"].to_numpy() // 12
    covid = np.isin(year, COVID_YEARS)
    names = {
        "taille": _class_of(rows["effectif_count"].to_numpy().astype(np.float64), SIZES),
        "annee": np.array([str(y) for y in year], object),
        "periode": np.where(covid, "crise sanitaire (2020 et 2021)", "autres années").astype(object),
    }
    if attributes is not None:
        names["secteur"] = _coded(attributes["section_naf_rank"].to_numpy(), _sections())
        names["region"] = _coded(attributes["region_code"].to_numpy(), _regions())
        names["age"] = _class_of(attributes["age_years"].to_numpy(), AGES)
    return names


def slice_figures(rows: Judged, names: Mapping[str, Names], *, resamples: int = SLICE_RESAMPLES) -> list[Slice]:
    """Figures of every slice, by dimension, the largest slices first."""
    found = []
    for dimension in sorted(names):
        encoded = pa.array(names[dimension], pa.string()).dictionary_encode()
        labels, codes = encoded.dictionary.to_pylist(), encoded.indices.to_numpy()
        counts = np.bincount(codes, minlength=len(labels))
        for code in sorted(range(len(labels)), key=lambda rank: (-counts[rank], labels[rank])):
            of_slice = rows.take(codes == code)
            if len(np.unique(of_slice.company)) >= MIN_COMPANIES:
                found.append(_measure(dimension, labels[code], of_slice, resamples))
    return found


def _measure(dimension: str, label: str, rows: Judged, resamples: int) -> Slice:
    positives = int(rows.failure.sum())
    shares = {
        "rows_count": len(rows),
        "companies_count": len(np.unique(rows.company)),
        "positives_count": positives,
        "positives_share": float(rows.failure.mean()),
        "modere_share": float((rows.level >= MODERE).mean()),
        "eleve_share": float((rows.level >= ELEVE).mean()),
    }
    if len(np.unique(rows.company[rows.failure > 0])) < MIN_FAILED_COMPANIES:
        return Slice(dimension, label, **shares)  # type: ignore[arg-type]
    modere = level_figures(rows, rows.level >= MODERE, BETA_MODERE)
    eleve = level_figures(rows, rows.level >= ELEVE, BETA_ELEVE)
    auc, average_precision = _ranking(rows, resamples)
    return Slice(
        dimension,
        label,
        **shares,  # type: ignore[arg-type]
        auc=auc,
        average_precision=average_precision,
        observed_over_expected=float(positives / rows.probability.sum()),
        modere_precision=modere.precision if shares["modere_share"] else None,
        modere_recall=modere.recall,
        eleve_precision=eleve.precision if shares["eleve_share"] else None,
        eleve_recall=eleve.recall,
    )


def _ranking(rows: Judged, resamples: int) -> tuple[Interval | None, Interval | None]:
    """AUC and average precision over the origins where some fail and some do not."""
    rankings = rank_by_origin(rows)
    if not rankings:
        return None, None
    figures = [mean_auc(rankings), mean_average_precision(rankings)]
    auc, average_precision = intervals(figures, rows.company, resamples=resamples)
    return auc, average_precision


def _class_of(values: npt.NDArray[np.float64], classes: Sequence[tuple[float, str]]) -> Names:
    """Label of the first class whose bound is above each value."""
    bounds = np.array([bound for bound, _ in classes[:-1]])
    labels = np.array([label for _, label in classes], object)
    found: Names = labels[np.digitize(np.nan_to_num(values), bounds)]
    found[np.isnan(values)] = UNKNOWN
    return found


def _coded(values: npt.NDArray[np.float64], labels: Mapping[int, str]) -> Names:
    found = np.full(len(values), UNKNOWN, object)
    for code, label in labels.items():
        found[values == code] = label
    return found


def _sections() -> dict[int, str]:
    return {ord(letter) - ord("A"): f"{letter} – {label}" for letter, label in section_labels().items()}


def _regions() -> dict[int, str]:
    return {int(d.region): d.libelle_region for d in departements().values() if d.region.isdigit()}
