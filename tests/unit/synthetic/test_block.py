from __future__ import annotations

import hashlib
from dataclasses import fields, is_dataclass

import numpy as np
import pytest

from signaux_faibles.domain.naf import categorie_juridique_labels, naf_labels
from signaux_faibles.synthetic import describe
from signaux_faibles.synthetic.arrays import NEVER
from signaux_faibles.synthetic.block import Block, World, simulate_block
from signaux_faibles.synthetic.describe import parameter_values
from signaux_faibles.synthetic.parameters import DEFAULTS


def _assert_same(one: object, two: object) -> None:
    assert is_dataclass(one)
    for item in fields(one):
        left, right = getattr(one, item.name), getattr(two, item.name)
        if isinstance(left, np.ndarray):
            np.testing.assert_array_equal(left, right)
        elif is_dataclass(left):
            _assert_same(left, right)
        elif isinstance(left, dict):
            for key, value in left.items():
                np.testing.assert_array_equal(value, right[key])
        else:
            assert left == right


def test_a_block_is_the_same_each_time(world: World, block: Block) -> None:
    simulate_block(world, 4)
    _assert_same(simulate_block(world, 3), block)


def test_blocks_differ(world: World, block: Block) -> None:
    other = simulate_block(world, 4)
    assert not set(other.population.siren.tolist()) & set(block.population.siren.tolist())
    assert not np.array_equal(other.health.own, block.health.own)


def test_codes_exist_in_the_nomenclatures(block: Block) -> None:
    assert set(block.population.code_naf) <= set(naf_labels())
    assert set(block.population.categorie_juridique) <= set(categorie_juridique_labels())


def test_headcount_of_a_company_is_that_of_its_accounts(block: Block) -> None:
    company = block.accounts.company
    total = np.zeros_like(block.activity.company_headcount)
    for account in range(len(company)):
        total[:, company[account]] += block.activity.headcount[:, account]
    np.testing.assert_array_equal(total, block.activity.company_headcount)


def test_nobody_is_employed_before_birth(block: Block) -> None:
    born = np.flatnonzero((block.population.birth > 0) & (block.population.birth < NEVER))
    assert len(born) > 20
    for company in born:
        assert not block.activity.active[: block.population.birth[company], company].any()


def test_payment_codes_stand_for_the_delays(block: Block) -> None:
    payments = block.payments
    late = payments.days > 30
    assert late.any()
    assert (payments.code[payments.days == 0] == 80).all()
    assert (payments.code[late] == (180 - payments.days[late]) // 3).all()
    assert (payments.over_90 <= payments.over_30)[payments.over_30 >= 0].all()


def test_accounts_are_filed_four_to_eighteen_months_after_closing(block: Block) -> None:
    annual = block.annual
    first = np.ones(len(annual.company), dtype=bool)
    first[1:] = (annual.company[1:] != annual.company[:-1]) | (annual.closing[1:] != annual.closing[:-1])
    delay = (annual.filed - annual.closing)[first]
    assert delay.min() >= 4
    assert delay.max() <= 18
    assert 5 <= np.median(delay) <= 8


def test_filing_again_withdraws_the_first_accounts(block: Block) -> None:
    annual = block.annual
    replaced = np.flatnonzero(annual.superseded < NEVER)
    assert len(replaced) > 5
    for row in replaced:
        successors = (
            (annual.company == annual.company[row])
            & (annual.closing == annual.closing[row])
            & (annual.filed == annual.superseded[row])
        )
        assert successors.sum() == 1


def test_short_time_work_never_exceeds_what_was_granted(block: Block) -> None:
    work = block.short_time
    assert (work.used_total() <= work.hundredths).all()
    assert block.activity.active[work.month, work.company[work.request]].all()


@pytest.mark.parametrize("name", ["debit", "cotisdues", "ratios", "historical", "health.steepness"])
def test_description_tells_the_files_scenarios_and_parameters(name: str) -> None:
    assert name in describe()


def test_defaults_are_the_measured_ones() -> None:
    """The published difficulty was measured with these: changing them needs a new measure, and an ADR."""
    digest = hashlib.sha256(repr(parameter_values(DEFAULTS)).encode()).hexdigest()
    assert digest[:16] == "716068f048522cf6"
