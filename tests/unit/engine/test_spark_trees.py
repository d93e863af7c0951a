"""What training on Spark needs is told before anything begins."""

from __future__ import annotations

import sys

import pytest

from signaux_faibles.domain.errors import MachineError
from signaux_faibles.engine.spark_trees import tree_estimator
from signaux_faibles.model.recipes import BOOSTING
from signaux_faibles.model.spark_rows import check_spark_learns


@pytest.mark.parametrize(
    ("missing", "said"), [("pandas", "needs pandas, which is not installed"), ("pyspark", "PySpark is not installed")]
)
def test_what_is_not_installed_is_named(monkeypatch: pytest.MonkeyPatch, missing: str, said: str) -> None:
    for name in list(sys.modules):
        if name == "xgboost.spark" or name.startswith("xgboost.spark."):
            monkeypatch.delitem(sys.modules, name)
    monkeypatch.setitem(sys.modules, missing, None)
    with pytest.raises(MachineError, match=said):
        tree_estimator()
    with pytest.raises(MachineError, match=r"\[model,spark\]"):
        check_spark_learns(BOOSTING)


def test_with_all_of_it_the_recipe_of_the_lists_is_learnt() -> None:
    check_spark_learns(BOOSTING)
