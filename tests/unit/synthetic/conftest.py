from __future__ import annotations

import pytest

from signaux_faibles.synthetic.block import Block, World, build_world, simulate_block
from signaux_faibles.synthetic.parameters import DEFAULTS

FIRST, MONTHS = 2017 * 12, 96


@pytest.fixture(scope="session")
def world() -> World:
    return build_world(DEFAULTS, seed=11, first_month=FIRST, months=MONTHS, scenario="historical")


@pytest.fixture(scope="session")
def block(world: World) -> Block:
    return simulate_block(world, 3)
