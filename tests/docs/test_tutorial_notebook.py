"""The tutorial notebook runs from the first cell to the last, and draws what it says."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

NOTEBOOK = Path(__file__).parents[2] / "docs/dev/tutorials/panel.ipynb"

LOOK = """
lines = by_data.get_lines()
curves = [line.get_xydata().tolist() for line in lines if str(line.get_label()).startswith("as known")]
told = [dict(map(tuple, curve)) for curve in curves]
report = {
    "curves": len(curves),
    "ends": [int(max(curve)) for curve in told],
    "dates": DATES,
    "corrected": [told[0][corrected], told[-1][corrected]],
    "compared": compared,
    "changed": changed,
    "panel_rows": len(states),
    "labels": [summary.positives_count, summary.negatives_count, summary.unknown_count],
    "drawn": sum(bool(patch.get_height()) for patch in owed.patches) + len(by_row.get_lines()),
}
figure.savefig("panel.png")
import json
print("REPORT " + json.dumps(report, default=int))
"""


def _cells() -> list[dict[str, Any]]:
    content: dict[str, Any] = json.loads(NOTEBOOK.read_text(encoding="utf-8"))
    assert content["nbformat"] == 4
    return list(content["cells"])


def _code() -> list[str]:
    return ["".join(cell["source"]) for cell in _cells() if cell["cell_type"] == "code"]


@pytest.fixture(scope="module")
def report(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Any]:
    """What the notebook made, from one run of its cells in a process of its own, warnings being errors."""
    folder = tmp_path_factory.mktemp("notebook")
    (folder / "demo" / "notebook").mkdir(parents=True)
    script = folder / "panel.py"
    # `plt.show()` warns that a file is not a screen: the only warning let through.
    quiet = "import warnings\nwarnings.filterwarnings('ignore', message='FigureCanvasAgg is non-interactive')\n"
    script.write_text(quiet + "\n\n".join([*_code(), LOOK]), encoding="utf-8")
    done = subprocess.run(
        [sys.executable, "-W", "error", str(script)],
        cwd=folder,
        env=os.environ | {"MPLBACKEND": "Agg", "MPLCONFIGDIR": str(folder / "matplotlib")},
        capture_output=True,
        text=True,
        timeout=300,
        check=False,
    )
    assert done.returncode == 0, done.stderr[-3000:]
    assert (folder / "panel.png").stat().st_size > 10_000
    found: dict[str, Any] = json.loads(done.stdout.split("REPORT ")[1])
    return found


def test_three_dates_see_three_curves_that_stop_three_months_before_each(report: dict[str, Any]) -> None:
    assert report["curves"] == 3
    assert report["ends"] == [date - 3 for date in report["dates"]]


def test_the_last_date_sees_a_value_that_the_first_saw_otherwise(report: dict[str, Any]) -> None:
    before, after = report["corrected"]
    assert before != after


def test_no_row_of_the_past_changes_from_one_panel_to_the_next(report: dict[str, Any]) -> None:
    assert report["changed"] == 0
    assert report["compared"] > 500


def test_the_states_and_the_labels_are_there(report: dict[str, Any]) -> None:
    assert report["panel_rows"] > 12
    assert report["drawn"] > 0
    assert min(report["labels"]) > 0


def test_the_notebook_is_kept_without_outputs() -> None:
    for cell in _cells():
        assert cell.get("outputs", []) == []
        assert cell.get("execution_count") is None


def test_the_cells_are_plain_python() -> None:
    for rank, text in enumerate(_code()):
        compile(text, f"cell {rank}", "exec")


def test_the_pages_that_it_names_exist() -> None:
    text = "".join("".join(cell["source"]) for cell in _cells() if cell["cell_type"] == "markdown")
    links = [part.split(")")[0] for part in text.split("](")[1:]]
    assert len(links) >= 3
    assert [link for link in links if not (NOTEBOOK.parent / link).is_file()] == []
