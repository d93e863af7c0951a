from __future__ import annotations

import numpy as np
import pytest

from signaux_faibles.synthetic.arrays import NEVER
from signaux_faibles.synthetic.block import Block
from signaux_faibles.synthetic.procedures import (
    LIQUIDATED,
    LIQUIDATION,
    NONE,
    OBSERVATION,
    PLAN,
    REDRESSEMENT,
    SAUVEGARDE,
    Paths,
    draw_paths,
)

COUNT = 20_000


@pytest.fixture(scope="module")
def paths() -> Paths:
    draw = np.random.default_rng(2)
    size = np.where(draw.random(COUNT) < 0.3, 80.0, 12.0)
    return draw_paths(np.arange(COUNT), draw.integers(0, 100, COUNT), size, draw.random((12, COUNT)))


def test_a_direct_liquidation_has_neither_plan_nor_return(paths: Paths) -> None:
    direct = paths.kind == LIQUIDATION
    assert (paths.liquidation[direct] == paths.opening[direct]).all()
    assert (paths.plan[direct] == NEVER).all()
    assert (paths.leaving[direct] == NEVER).all()


def test_only_a_sauvegarde_is_converted(paths: Paths) -> None:
    assert set(paths.kind[paths.converted < NEVER].tolist()) == {SAUVEGARDE}


def test_every_proceeding_ends_one_way_only(paths: Paths) -> None:
    assert ((paths.leaving < NEVER) ^ (paths.liquidation < NEVER)).all()


def test_steps_follow_each_other(paths: Paths) -> None:
    for step in (paths.converted, paths.plan, paths.leaving):
        assert (step > paths.opening)[step < NEVER].all()
    wound = paths.liquidation < NEVER
    planned = paths.plan < NEVER
    assert (paths.liquidation > paths.plan)[wound & planned].all()
    assert (paths.leaving > paths.plan)[~wound & planned].all()
    assert (paths.closing >= paths.liquidation + 12)[wound].all()
    assert (paths.stop > paths.liquidation)[wound].all()


def test_a_plan_lasts_at_most_ten_years(paths: Paths) -> None:
    planned = paths.plan < NEVER
    end = np.minimum(paths.leaving, paths.liquidation)
    assert (end - paths.plan)[planned].max() <= 120


def test_kinds_come_in_the_proportions_of_the_courts(paths: Paths) -> None:
    shares = np.bincount(paths.kind, minlength=3) / COUNT
    assert shares[SAUVEGARDE] == pytest.approx(0.06, abs=0.01)
    assert shares[LIQUIDATION] == pytest.approx(0.47, abs=0.02)
    assert shares[REDRESSEMENT] == pytest.approx(0.47, abs=0.02)


def test_under_plan_means_a_plan(paths: Paths) -> None:
    draw = np.random.default_rng(4)
    opening = np.full(500, -30)
    before = draw_paths(np.arange(500), opening, np.full(500, 20.0), draw.random((12, 500)), under_plan=True)
    assert (before.plan < NEVER).all()
    assert LIQUIDATION not in before.kind


def test_states_match_the_steps(block: Block) -> None:
    paths, state = block.lives.paths, block.lives.state
    months = len(state)
    inside = (paths.opening >= 0) & (paths.opening < months)
    assert inside.sum() > 10
    opened = state[paths.opening[inside], paths.company[inside]]
    assert set(opened.tolist()) <= {OBSERVATION, LIQUIDATED}
    before = np.maximum(paths.opening[inside] - 1, 0)
    assert (state[before, paths.company[inside]][paths.opening[inside] > 0] == NONE).all()
    planned = (paths.plan >= 0) & (paths.plan < months)
    assert (state[paths.plan[planned], paths.company[planned]] == PLAN).all()


def test_a_liquidated_company_no_longer_employs(block: Block) -> None:
    stopped = np.flatnonzero(block.lives.end < len(block.activity.active))
    assert len(stopped) > 10
    for company in stopped:
        assert not block.activity.active[block.lives.end[company] :, company].any()
