"""A report made by the real code from an invented backtest: the same bytes each time."""

from __future__ import annotations

import json
from dataclasses import asdict
from typing import Any

import numpy as np
import pyarrow as pa

from signaux_faibles.domain.siren import Identifier, siren_kind
from signaux_faibles.evaluation.backtest import ROWS
from signaux_faibles.evaluation.drift import Drift, Sample, drift
from signaux_faibles.evaluation.evaluate import judged_rows
from signaux_faibles.evaluation.metrics import measure
from signaux_faibles.evaluation.rapport.fiche import Sheet, sheet_page
from signaux_faibles.evaluation.report import Report, report_of, to_json
from signaux_faibles.lists.rules import RULES, RuleRows, rules_effect

COMPANIES = 900
ORIGINS = (2020 * 12, 2021 * 12, 2022 * 12)
DEPARTEMENTS = ("21", "58", "71", "89")


def sirens() -> list[str]:
    """Invented companies: their keys are wrong."""
    values = (900_000_000 + 10 * rank for rank in range(COMPANIES))
    return [str(v if siren_kind(str(v)) is Identifier.FAKE else v + 1) for v in values]


def sample_rows() -> pa.Table:
    """Two months of each origin; the riskier a company, the higher its score, and one in thirty is in a proceeding."""
    rng = np.random.default_rng(7)
    names, parts = np.array(sirens(), object), []
    risk = rng.normal(size=COMPANIES)
    for origin in ORIGINS:
        failing = rng.random(COMPANIES) < 1 / (1 + np.exp(3.6 - 1.6 * risk))
        ahead = np.where(failing, rng.integers(2, 18, COMPANIES), np.nan)
        for month in (origin, origin + 1):
            log_odds = -3.4 + 1.3 * risk + 0.6 * rng.normal(size=COMPANIES)
            probability = 1 / (1 + np.exp(-log_odds))
            known = rng.random(COMPANIES) < 1 / 30
            part = {
                "siren": names,
                "month": np.full(COMPANIES, month),
                "origin": np.full(COMPANIES, origin),
                "share": np.arange(COMPANIES) % 3,
                "log_odds": log_odds,
                "probability": probability,
                "low": probability * 0.6,
                "high": np.minimum(probability * 1.5, 1),
                "level": (probability > 0.08).astype(int) + (probability > 0.25),
                "failure": pa.array(np.where(known, np.nan, failing), from_pandas=True),
                "is_in_proceeding": known,
                "months_to_failure": pa.array(np.where(known, np.nan, ahead - (month - origin)), from_pandas=True),
                "effectif_count": np.exp(rng.normal(3.2, 1.0, COMPANIES)).round() + 9,
            }
            parts.append(pa.table([pa.array(part[name]) for name in ROWS.names], names=ROWS.names).cast(ROWS))
    return pa.concat_tables(parts)


def sample_report() -> Report:
    """The report of these rows, as it is read back."""
    rows = sample_rows()
    rng = np.random.default_rng(8)
    company = rng.integers(0, 8, COMPANIES)[np.tile(np.arange(COMPANIES), 2 * len(ORIGINS))]
    attributes = pa.table(
        {
            "section_naf_rank": np.array([2.0, 2.0, 5.0, 6.0, 6.0, 7.0, 8.0, np.nan])[company],
            "region_code": np.where(company < 6, 27.0, 84.0),
            "age_years": rng.gamma(2.0, 7.0, rows.num_rows),
        }
    )
    figures: dict[str, Any] = {"backtest_id": "boosting-2026-10-essai", "recipe": "boosting", "title": "Arbres boostés"}
    figures["origins"] = [
        {
            "month": f"{origin // 12}-01",
            "train": f"2016-01 to {origin // 12 - 2}-06",
            "train_rows_count": 40_000,
            "judged": f"{origin // 12}-01 to {origin // 12}-02",
            "judged_rows_count": 2 * COMPANIES,
        }
        for origin in ORIGINS
    ]
    for protocol, with_known in (("without_known", False), ("with_known", True)):
        figures[protocol] = asdict(measure(judged_rows(rows, with_known=with_known)))
    places = {siren: DEPARTEMENTS[rank % len(DEPARTEMENTS)] for rank, siren in enumerate(sirens())}
    effect = rules_effect(sample_rule_rows(rows), rows["level"].to_numpy().astype(np.int64), failure_of(rows))
    told = report_of(rows, json.loads(to_json(figures)), attributes, places, rules=effect)
    found: Report = json.loads(to_json(told))
    return found


def sample_rule_rows(rows: pa.Table) -> RuleRows:
    """Features read by the expert rules: random, most of them far from firing."""
    rng = np.random.default_rng(11)
    names = sorted({name for rule in RULES.values() for name in rule.features})
    return RuleRows({name: rng.normal(1.0, 1.2, rows.num_rows) for name in names})


def failure_of(rows: pa.Table) -> np.ndarray:
    """Failure of the rows, NaN in a proceeding."""
    found: np.ndarray = rows["failure"].to_numpy().astype(np.float64)
    return found


def sample_drift() -> Drift:
    """A month whose scores stay, and one of whose two features moved."""
    rng = np.random.default_rng(9)
    before = rng.normal(size=(4_000, 2))
    now = before + np.array([0.0, 0.9])
    labels = {"age_years": "Âge de l'entreprise", "debit_eur": "Dette Urssaf"}
    return drift(
        Sample("2016-01 to 2024-06", before, before[:, 0]), Sample("2026-10", now, now[:, 0]), list(labels), labels
    )


def sample_sheet(report: Report) -> str:
    """The sheet of the algorithm of an invented model."""
    card = {
        "inputs": {
            "recipe": {"title": "Arbres boostés", "fill_missing_with_zero": False},
            "as_of": "2026-10",
            "train": "2016-01 to 2025-03",
        },
        "training": {"rows_count": 169_120, "positives_count": 2_345},
        "meaning": {"calibrator": {"kind": "beta"}, "thresholds": {"eleve": 0.30, "modere": 0.12}},
    }
    return sheet_page(
        Sheet(
            model_id="essai-1",
            status="en service",
            promoted_for="meilleur que la forêt sur les mêmes lignes",
            card=card,
            features_by_theme={"Santé financière": 40, "Dettes Urssaf": 30, "Effectif": 14},
            sources=["comptes annuels publiés (INPI, Banque de France)", "dettes de cotisations (Urssaf)"],
            figures=report["figures"],
            backtest_id=report["backtest_id"],
            is_synthetic=True,
        )
    )
