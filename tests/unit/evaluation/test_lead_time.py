from __future__ import annotations

import pytest
from scipy.stats import binomtest
from tests.unit.evaluation.backtest_rows import JANUARY, backtest_rows, siren

from signaux_faibles.evaluation.lead_time import first_detections, lead_times, wilson


def _failing(rank: int, end: int, levels: list[int], **also: object) -> list[dict[str, object]]:
    """Months of a company that fails `end` months after January, with the level of each."""
    return [
        {
            "siren": siren(rank),
            "month": JANUARY + step,
            "level": level,
            "failure": int(end - step <= 18),
            "months_to_failure": float(end - step),
            **also,
        }
        for step, level in enumerate(levels)
    ]


def test_leads_worked_by_hand() -> None:
    rows = [
        *_failing(1, 10, [0, 1, 2, 0]),  # moderate 9 months before, high 8
        *_failing(2, 14, [2, 2]),  # both 14 months before
        *_failing(3, 5, [0, 0, 0]),  # never caught
        *_failing(4, 30, [2, 2]),  # does not fail within 18 months of any month judged
        *_failing(5, 3, [2], is_in_proceeding=True),  # nothing left to announce
        {"siren": siren(6), "level": 2},  # does not fail
    ]
    modere, eleve = lead_times(backtest_rows(rows))
    assert (modere.level, modere.failures_count, modere.caught_count) == ("modere", 3, 2)
    assert modere.caught_share == pytest.approx(2 / 3)
    assert modere.lead_median_months == 11.5
    assert modere.by_class == {"0-2": 0, "3-5": 0, "6-11": 1, "12-17": 1, "18+": 0}
    assert (eleve.caught_count, eleve.lead_median_months) == (2, 11.0)


def test_two_failures_of_a_company_are_two() -> None:
    rows = [
        *_failing(1, 2, [1]),
        {"siren": siren(1), "month": JANUARY + 20, "failure": 1, "months_to_failure": 6.0},
    ]
    modere, _ = lead_times(backtest_rows(rows))
    assert (modere.failures_count, modere.caught_count, modere.lead_median_months) == (2, 1, 2.0)


def test_no_failure_gives_no_lead() -> None:
    modere, eleve = lead_times(backtest_rows([{"siren": siren(1), "level": 1}]))
    assert (modere.failures_count, modere.caught_share, modere.lead_median_months) == (0, 0.0, None)
    assert sum(eleve.by_class.values()) == 0


def test_companies_by_what_was_first_said_of_them() -> None:
    """Judged at the first alert of their gravest level: what came before or after does not count."""
    rows = [
        {"siren": siren(1), "month": JANUARY + 1, "level": 2, "failure": 1},
        {"siren": siren(1), "month": JANUARY, "level": 1, "failure": 0},
        {"siren": siren(1), "month": JANUARY + 2, "level": 2, "failure": 0},
        {"siren": siren(2), "level": 1, "failure": 0},
        {"siren": siren(2), "month": JANUARY + 1, "level": 1, "failure": 1},
        {"siren": siren(3), "level": 0, "failure": 0},
        {"siren": siren(3), "month": JANUARY + 1, "level": 0, "failure": 0},
        {"siren": siren(4), "level": 0, "failure": 1},
    ]
    found = {one.status: (one.companies_count, one.failures_count) for one in first_detections(backtest_rows(rows))}
    assert found == {"eleve": (1, 1), "modere": (1, 0), "aucun": (2, 1)}


@pytest.mark.parametrize(("successes", "trials"), [(0, 10), (3, 10), (10, 10), (47, 1_000)])
def test_the_binomial_interval_is_wilson_s(successes: int, trials: int) -> None:
    expected = binomtest(successes, trials).proportion_ci(0.95, "wilson")
    assert wilson(successes, trials) == pytest.approx((expected.low, expected.high), abs=1e-12)


def test_without_trial_the_interval_is_the_whole_range() -> None:
    assert wilson(0, 0) == (0.0, 1.0)
