"""What only the simulator knows is read by the oracle alone."""

from __future__ import annotations

from pathlib import Path

PACKAGE = Path(__file__).parents[2] / "src/signaux_faibles"
MAY_NAME_TRUTH = {
    "evaluation/oracle.py",  # reads it
    "evaluation/evaluate.py",  # hands its folder to the oracle
    "pipeline/run.py",
    "pipeline/truth.py",  # asks the oracle for one company, so that a wrong folder is refused early
    "cli/models.py",
    "cli/simulate.py",  # says in its help where it is
    "demo.py",  # empties it before simulating again
}


def test_only_the_oracle_reads_the_truth() -> None:
    named = {
        str(path.relative_to(PACKAGE))
        for path in PACKAGE.rglob("*.py")
        if "truth" in path.read_text(encoding="utf-8") and "synthetic" not in path.relative_to(PACKAGE).parts
    }
    assert named <= MAY_NAME_TRUTH
    readers = [name for name in named if "health.parquet" in (PACKAGE / name).read_text(encoding="utf-8")]
    assert readers == ["evaluation/oracle.py"]
