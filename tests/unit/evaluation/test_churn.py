from __future__ import annotations

import pytest
from tests.unit.evaluation.backtest_rows import JANUARY, backtest_rows, siren

from signaux_faibles.evaluation.churn import churn


def _list(origin: int, month: int, levels: dict[int, int]) -> list[dict[str, object]]:
    return [{"siren": siren(s), "origin": origin, "month": month, "level": level} for s, level in levels.items()]


def test_changes_worked_by_hand() -> None:
    rows = [
        *_list(JANUARY, JANUARY, {1: 2, 2: 1, 3: 1, 4: 0, 5: 1}),
        *_list(JANUARY, JANUARY + 1, {1: 1, 2: 0, 4: 1, 5: 1}),  # 3 is no longer judged
        {"siren": siren(3), "month": JANUARY + 1, "level": 2, "is_in_proceeding": True},
    ]
    modere, eleve = churn(backtest_rows(rows))
    assert (modere.kind, modere.level, modere.pairs_count) == ("meme_origine", "modere", 1)
    assert (modere.before_count, modere.after_count) == (4, 3)
    assert modere.left_share == pytest.approx(1 / 4)
    assert modere.gone_share == pytest.approx(1 / 4)
    assert modere.entered_share == pytest.approx(1 / 3)
    assert (eleve.before_count, eleve.left_share, eleve.after_count, eleve.entered_share) == (1, 1.0, 0, 0.0)


def test_two_learners_are_compared_on_a_month_that_both_judged() -> None:
    second = JANUARY + 1
    rows = [
        *_list(JANUARY, JANUARY, {1: 1, 2: 1}),
        *_list(JANUARY, second, {1: 1, 2: 1}),
        *_list(second, second, {1: 1, 2: 0, 3: 1}),
        *_list(second, second + 1, {1: 0, 2: 0, 3: 0}),
    ]
    found = {(one.kind, one.level): one for one in churn(backtest_rows(rows))}
    between = found["entre_origines", "modere"]
    assert (between.pairs_count, between.before_count, between.after_count) == (1, 2, 2)
    assert (between.left_share, between.entered_share) == (0.5, 0.5)
    assert found["meme_origine", "modere"].pairs_count == 2


def test_years_judged_one_after_the_other_meet_where_they_touch() -> None:
    rows = [*_list(JANUARY, JANUARY + 11, {1: 1}), *_list(JANUARY + 12, JANUARY + 12, {1: 0})]
    found = churn(backtest_rows(rows))
    assert [(one.kind, one.left_share) for one in found if one.level == "modere"] == [("entre_origines", 1.0)]
