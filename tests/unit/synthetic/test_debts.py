from __future__ import annotations

import numpy as np

from signaux_faibles.synthetic.arrays import NEVER
from signaux_faibles.synthetic.block import Block
from signaux_faibles.synthetic.debts import ABANDONED, OPENED, OPENING_CANCELLED, PAID, WRITTEN_OFF
from signaux_faibles.synthetic.procedures import NONE, OBSERVATION


def _balance(block: Block) -> np.ndarray:
    return block.ledger.employer_cents + block.ledger.employee_cents


def test_dues_cover_the_headcount_without_overlap(block: Block) -> None:
    dues = block.dues
    assert len(np.unique(dues.account * 1_000 + dues.month)) == len(dues.account)
    monthly = ~dues.quarter
    stated = block.activity.due_cents[dues.month[monthly], dues.account[monthly]]
    assert (dues.due_cents[monthly] == stated).all()


def test_a_quarter_adds_up_its_three_months(block: Block) -> None:
    rows = np.flatnonzero(block.dues.quarter)[:200]
    assert len(rows) == 200
    for row in rows:
        month, account = block.dues.month[row], block.dues.account[row]
        assert (2017 * 12 + month) % 3 == 2
        assert block.dues.due_cents[row] == block.activity.due_cents[month - 2 : month + 1, account].sum()


def test_every_debt_opens_once_the_month_after_its_period(block: Block) -> None:
    ledger = block.ledger
    first = ledger.order == 1
    assert (ledger.code[first] == OPENED).all()
    assert (ledger.code[~first] != OPENED).all()
    assert (ledger.month[first] == block.dues.month[ledger.due[first]] + 1).all()
    opened = _balance(block)[first]
    assert (opened == block.dues.unpaid_cents[ledger.due[first]]).all()


def test_balances_only_fall_and_never_below_zero(block: Block) -> None:
    ledger, balance = block.ledger, _balance(block)
    assert balance.min() == 0
    assert ledger.employer_cents.min() >= 0
    assert ledger.employee_cents.min() >= 0
    follows = (ledger.due[1:] == ledger.due[:-1]) & (ledger.order[1:] == ledger.order[:-1] + 1)
    assert follows.sum() > 1_000
    assert (balance[1:] < balance[:-1])[follows].all()
    assert (ledger.month[1:] > ledger.month[:-1])[follows].all()


def test_employer_part_is_missing_before_the_employee_part(block: Block) -> None:
    ledger = block.ledger
    first = ledger.order == 1
    due = block.dues.due_cents[ledger.due[first]]
    with_employee = ledger.employee_cents[first] > 0
    assert with_employee.any()
    assert (ledger.employer_cents[first][with_employee] >= 0.69 * due[with_employee]).all()


def test_operations_have_known_codes(block: Block) -> None:
    codes = set(block.ledger.code.tolist())
    assert codes == {OPENED, PAID, WRITTEN_OFF, ABANDONED, OPENING_CANCELLED}


def test_outstanding_is_the_sum_of_the_last_balances(block: Block) -> None:
    ledger, balance = block.ledger, _balance(block)
    company = block.accounts.company[block.dues.account[ledger.due]]
    for month in (20, 50, 95):
        known = np.flatnonzero(ledger.month <= month)
        last = known[np.append(ledger.due[known][1:] != ledger.due[known][:-1], True)]
        total = np.bincount(company[last], weights=balance[last], minlength=len(block.population))
        assert (total == ledger.outstanding_cents[month]).all()


def test_old_debts_are_frozen_in_observation(block: Block) -> None:
    ledger = block.ledger
    company = block.accounts.company[block.dues.account[ledger.due]]
    observed = block.lives.state[ledger.month, company] == OBSERVATION
    frozen = observed & (ledger.order > 1)
    assert not (ledger.code[frozen] == PAID).any()


def test_plans_are_granted_to_companies_that_owe_and_are_in_bonis(block: Block) -> None:
    ledger = block.ledger
    company = block.accounts.company[ledger.plan_account]
    assert len(company) > 50
    assert (ledger.plan_cents == ledger.outstanding_cents[ledger.plan_month, company]).all()
    assert ledger.plan_cents.min() > 0
    assert (block.lives.state[ledger.plan_month, company] == NONE).all()
    assert 0.05 < ledger.plan_refused.mean() < 0.30


def test_recovery_stops_and_debts_pile_up_during_the_suspension(block: Block) -> None:
    total = block.ledger.outstanding_cents.sum(axis=1)
    before, during = 2020 * 12 + 1 - 2017 * 12, 2020 * 12 + 6 - 2017 * 12
    assert total[during] > 1.8 * total[before]


def test_moved_accounts_keep_one_account_number(block: Block) -> None:
    moved = block.accounts.reattributed < NEVER
    assert moved.any()
    assert (block.sites.siret[block.accounts.site[moved]] != block.sites.siret[block.accounts.successor[moved]]).all()
    assert len(np.unique(block.accounts.number)) == len(block.accounts.number)
