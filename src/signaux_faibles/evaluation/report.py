"""Everything said of a recipe from its backtest, both protocols side by side, as one JSON document kept beside it."""

from __future__ import annotations

import hashlib
import json
import os
from collections.abc import Mapping
from dataclasses import asdict
from typing import Any

import numpy as np
import pyarrow as pa

from signaux_faibles.domain.code import code_hash
from signaux_faibles.domain.errors import StageError
from signaux_faibles.engine import Engine
from signaux_faibles.evaluation.backtest import Backtest, read_rows
from signaux_faibles.evaluation.capacity import at_capacity
from signaux_faibles.evaluation.churn import churn
from signaux_faibles.evaluation.evaluate import judged_rows
from signaux_faibles.evaluation.kept import figures_of
from signaux_faibles.evaluation.lead_time import first_detections, lead_times
from signaux_faibles.evaluation.slices import ATTRIBUTES, read_attributes, slice_figures, slice_names
from signaux_faibles.features.build import current_features
from signaux_faibles.lake import Lake, write_text
from signaux_faibles.lake.reading import read_json
from signaux_faibles.lists.rules import RULES, RuleRows, RulesEffect, rules_effect

PROTOCOLS = {"without_known": False, "with_known": True}
"""Name of each protocol in the documents, and whether companies in proceedings are counted."""

NAME = "report.json"
PARTS = ("backtest_id", "origins", "has_attributes", "lead_times", "first_detections", "churn", "rules")

Report = dict[str, Any]
"""`figures`, `slices` and `capacity` by protocol; `lead_times`, `first_detections` and `churn`, of companies not in a
proceeding; `has_attributes`, false when the panel that was judged can no longer tell sector, region and age; `rules`,
what each expert rule would have changed, null when that panel cannot tell it."""


def read_report(lake: Lake, made: Backtest, departement: Mapping[str, str]) -> Report:
    """Report of a backtest, made if it is not there or was by other code.

    Parameters
    ----------
    departement : mapping of str to str
        Departement of the head office of each siren, as last known.
    """
    path = lake.backtest(made.backtest_id) / NAME
    places = hashlib.sha256(json.dumps(sorted(departement.items())).encode()).hexdigest()
    figures = figures_of(lake, made)
    wanted = hashlib.sha256(
        f"{code_hash('evaluation', 'lists/rules')} {places} {json.dumps(figures, sort_keys=True)}".encode()
    ).hexdigest()
    if path.is_file():
        todo = f"Remove {path}: it is made again from the rows of the backtest."
        found = read_json(path, "the report of a backtest", _report, todo=todo)
        if found["fingerprint"] == wanted:
            return found
    rows = read_rows(lake, made)
    told = report_of(rows, figures, _attributes(lake, made, rows), departement, rules=_rules(lake, made, rows))
    report = told | {"fingerprint": wanted}
    text = to_json(report)
    if os.access(path.parent, os.W_OK):  # who may only read the lake makes it each time
        write_text(path, text)
    # What would be read back is what is given: nothing then differs between the first time and the next.
    again: Report = json.loads(text)
    return again


def report_of(
    rows: pa.Table,
    figures: Mapping[str, Any],
    attributes: pa.Table | None,
    departement: Mapping[str, str],
    *,
    rules: RulesEffect | None = None,
) -> Report:
    """Report of the rows of a backtest.

    Parameters
    ----------
    rows : pyarrow.Table
    figures : mapping
        Those of `evaluate`, as JSON.
    attributes : pyarrow.Table or None
        What `read_attributes` gives for these rows.
    departement : mapping of str to str
    rules : RulesEffect, optional
        What the expert rules would have been worth on these rows; None when the panel cannot tell it.
    """
    report: Report = {name: figures[name] for name in ("backtest_id", "recipe", "title", "origins")}
    report |= {"has_attributes": attributes is not None, "figures": {}, "slices": {}, "capacity": {}}
    names = slice_names(rows, attributes)
    free = ~rows["is_in_proceeding"].to_numpy(zero_copy_only=False).astype(bool)
    for protocol, with_known in PROTOCOLS.items():
        judged = judged_rows(rows, with_known=with_known)
        kept = names if with_known else {dimension: of_rows[free] for dimension, of_rows in names.items()}
        report["figures"][protocol] = figures[protocol]
        report["slices"][protocol] = [asdict(one) for one in slice_figures(judged, kept)]
        report["capacity"][protocol] = [asdict(one) for one in at_capacity(judged, departement)]
    return report | {
        "lead_times": [asdict(one) for one in lead_times(rows)],
        "first_detections": [asdict(one) for one in first_detections(rows)],
        "churn": [asdict(one) for one in churn(rows)],
        "rules": asdict(rules) if rules else None,
    }


def to_json(report: Mapping[str, Any]) -> str:
    """Text of a report, the same bytes for the same figures; a figure that is not defined is null."""
    return json.dumps(_defined(report), indent=2, sort_keys=True, ensure_ascii=False, allow_nan=False) + "\n"


def _defined(value: Any) -> Any:
    """The same value with null for NaN, which JSON does not have."""
    if isinstance(value, Mapping):
        return {key: _defined(one) for key, one in value.items()}
    if isinstance(value, list | tuple):
        return [_defined(one) for one in value]
    return None if isinstance(value, float) and value != value else value


def _report(content: dict[str, Any]) -> Report:
    """A report that has all its parts."""
    for name in ("figures", "slices", "capacity", *PARTS):
        content[name]
    return dict(content) | {"fingerprint": str(content["fingerprint"])}


def _rules(lake: Lake, made: Backtest, rows: pa.Table) -> RulesEffect | None:
    """Effect of the expert rules on the levels of a backtest; None without the features that they read."""
    names = sorted({name for rule in RULES.values() for name in rule.features})
    try:
        files = current_features(lake, made.as_of, names=names)
    except StageError:
        return None  # the report says so
    with Engine(lake.scratch / "report") as engine:
        table = read_attributes(engine, files, rows, names)
    values = {name: table[name].to_numpy() for name in names}
    failure = rows["failure"].to_numpy().astype(np.float64)
    return rules_effect(RuleRows(values), rows["level"].to_numpy().astype(np.int64), failure)


def _attributes(lake: Lake, made: Backtest, rows: pa.Table) -> pa.Table | None:
    try:
        files = current_features(lake, made.as_of, names=ATTRIBUTES)
    except StageError:
        return None  # the report says so
    with Engine(lake.scratch / "report") as engine:
        return read_attributes(engine, files, rows)
