"""The benchmark of training, on few rows: it runs, and sets what it measured beside the targets."""

from __future__ import annotations

import json

from typer.testing import CliRunner

from signaux_faibles.cli.app import app

FEW = [
    "--rows",
    "20000",
    "--rounds",
    "2",
    "--columns",
    "10",
    "--companies",
    "400",
    "--alerted",
    "100",
    "--learnt",
    "9000",
]


def test_each_cost_is_beside_its_target() -> None:
    done = CliRunner().invoke(app, ["bench", "train", *FEW, "--json"])
    assert done.exit_code == 0, done.output
    costs = json.loads(done.stdout)
    assert [(cost["unit"], cost["target"]) for cost in costs] == [
        ("CPU s", 4),
        ("GiB", 8),
        ("CPU s", 30),
        ("CPU s", 150),
        ("times", 3),
    ]
    assert all(cost["value"] > 0 and cost["seconds"] > 0 and cost["peak_bytes"] > 50 * 2**20 for cost in costs)
    assert "20,000 rows x 10 columns" in costs[0]["what"]
    assert costs[1]["value"] * 2**30 == costs[1]["peak_bytes"]


def test_more_alerts_than_companies_are_refused() -> None:
    done = CliRunner().invoke(app, ["bench", "train", "--companies", "10", "--alerted", "11"])
    assert done.exit_code != 0
    assert "found 11 companies explained, expected at most the 10 scored" in str(done.exception)
