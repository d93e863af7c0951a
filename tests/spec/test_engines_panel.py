"""Des journaux de versions aux variables, aux événements et aux étiquettes : chaque requête, sur les deux moteurs."""

from __future__ import annotations

from pathlib import Path

import pyarrow as pa
import pytest

from both_engines import check_same_on_both
from panel_queries import CASES, bucket_steps, given_tables, national_steps, outcome_steps, stored_rows
from signaux_faibles.engine import SqlEngine

SEED = 20


@pytest.fixture(scope="module")
def compared() -> set[str]:
    """Statements compared so far: a case compares what is its own."""
    return set()


def test_chaque_requete_du_panel_donne_la_meme_table(spark: SqlEngine, tmp_path: Path, compared: set[str]) -> None:
    rows: dict[str, pa.Table] = {}
    for title, case in CASES.items():
        tables = given_tables(SEED)
        tables |= check_same_on_both(spark, tmp_path, national_steps(case), tables, compared=compared)
        if case.since is not None:
            tables["stored"] = stored_rows(rows["tous les partenaires"], case)
        made = check_same_on_both(spark, tmp_path, bucket_steps(case), tables, compared=compared)
        rows[title] = made["panel_rows"]
        assert made["panel_rows"].num_rows > 100, "the comparison is of something"
        assert made["features"].num_rows > 20
        outcome = check_same_on_both(
            spark, tmp_path, outcome_steps(case), tables | {"panel_rows": made["panel_rows"]}, compared=compared
        )
        assert outcome["events"].num_rows > 3
        assert set(outcome["labels_18"]["failure"].to_pylist()) >= {0, None}
