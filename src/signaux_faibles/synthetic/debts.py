"""Unpaid contributions: when they arise, and the ledger of operations that each of them goes through.

An unpaid amount hits the employer's part first: the part withheld from wages is unpaid only when more than the
employer's part is missing. Each operation of the ledger states the balance that is left after it.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from signaux_faibles.synthetic.activity import Activity, company_due_cents
from signaux_faibles.synthetic.arrays import NEVER, Bools, Floats, Ints
from signaux_faibles.synthetic.health import Health
from signaux_faibles.synthetic.parameters import UrssafParameters
from signaux_faibles.synthetic.population import Population
from signaux_faibles.synthetic.procedures import LIQUIDATED, NONE, OBSERVATION, Lives
from signaux_faibles.synthetic.randomness import Purpose, generator
from signaux_faibles.synthetic.regime import Regime
from signaux_faibles.synthetic.sites import Accounts

EMPLOYER_SHARE = 0.70
_TRIVIAL_CENTS = 4_000
OPENED, PAID, WRITTEN_OFF, ABANDONED, OPENING_CANCELLED = 1, 2, 3, 5, 11
UNPAID, PARTLY, TAXED, BANK = 2, 25, 3, 13
"""Reasons of a debt, as Urssaf codes them: nothing paid, paid in part, provisional taxation, bank rejection."""


@dataclass(frozen=True)
class Dues:
    """Contributions as they are called: one row per account and period.

    Attributes
    ----------
    account, month : account, last month of the period
    quarter : the period is a quarter
    due_cents, unpaid_cents, reason : amount called, amount missing at the deadline, reason of the debt
    """

    account: Ints
    month: Ints
    quarter: Bools
    due_cents: Ints
    unpaid_cents: Ints
    reason: Ints


@dataclass(frozen=True)
class Ledger:
    """Operations on unpaid contributions and payment plans.

    Attributes
    ----------
    due : [operation], row of `Dues`
    month, code, order : [operation], month of treatment, code, rank within its debt from 1
    employer_cents, employee_cents : [operation], balance left
    plan_account, plan_month, plan_length, plan_cents, plan_refused : [plan]
    commission_company, commission_month : [request], plans asked from the commission of the heads of financial services
    outstanding_cents : [month, company], balance at the end of the month
    """

    due: Ints
    month: Ints
    code: Ints
    order: Ints
    employer_cents: Ints
    employee_cents: Ints
    plan_account: Ints
    plan_month: Ints
    plan_length: Ints
    plan_cents: Ints
    plan_refused: Bools
    commission_company: Ints
    commission_month: Ints
    outstanding_cents: Ints


def call_contributions(activity: Activity, first_month: int) -> Dues:
    """Rows of contributions called, sorted by account then month; nothing is unpaid yet."""
    months, count = activity.due_cents.shape
    ends_quarter = (first_month + np.arange(months)) % 3 == 2
    running = np.cumsum(activity.due_cents, axis=0)
    before = np.concatenate([np.zeros((3, count), dtype=np.int64), running[:-3]])[:months]
    quarter = np.where(ends_quarter[:, None] & (np.arange(months) >= 2)[:, None], running - before, 0)
    amount = np.where(activity.quarterly, quarter, activity.due_cents).T
    account, month = np.nonzero(amount)
    zero = np.zeros(len(account), dtype=np.int64)
    return Dues(account, month, activity.quarterly[account], amount[account, month], zero, zero)


def miss_payments(
    parameters: UrssafParameters,
    dues: Dues,
    population: Population,
    health: Health,
    lives: Lives,
    accounts: Accounts,
    regime: Regime,
    *,
    seed: int,
    block: int,
) -> Dues:
    """Decide which contributions are not paid at the deadline, and by how much."""
    draw = generator(seed, block, Purpose.UNPAID)
    months, size = health.total.shape
    stress = _stress(parameters, population, health, draw)
    missing = 1.0 / (1.0 + np.exp(-parameters.unpaid_slope * (stress - parameters.unpaid_threshold)))
    deferred = draw.random((months, size)) < regime.unpaid[:months, None] * np.exp(-0.25 * health.total)
    frozen = lives.state != NONE
    forgetful = np.exp(parameters.forgotten_spread * draw.standard_normal(size) - parameters.forgotten_spread**2 / 2)
    unpaid = draw.random((months, size)) < np.where(frozen, 0.25 * missing, missing)
    company = accounts.company[dues.account]
    uniform = draw.random((4, len(company)))
    at = (dues.month, company)
    depth = np.clip(0.35 + 0.35 * (stress[at] - parameters.unpaid_threshold) + 0.5 * uniform[0], 0.08, 1.0)
    share = np.where(unpaid[at] & (uniform[1] < 0.92), depth, 0.0)
    share = np.where(deferred[at], np.maximum(share, 0.5 + 0.5 * uniform[0]), share)
    reason = np.where(share > 0.95, UNPAID, PARTLY)
    forgotten = (share == 0.0) & (uniform[2] < parameters.forgotten * forgetful[company])
    share = np.where(forgotten, np.where(uniform[0] < 0.5, 1.0, uniform[0] * 0.5), share)
    reason = np.where(forgotten, BANK, reason)
    taxed = (share == 0.0) & (uniform[3] < parameters.taxed)
    share, reason = np.where(taxed, 1.3, share), np.where(taxed, TAXED, reason)
    amount = np.rint(dues.due_cents * share).astype(np.int64)
    return Dues(dues.account, dues.month, dues.quarter, dues.due_cents, amount, np.where(amount > 0, reason, 0))


def _stress(parameters: UrssafParameters, population: Population, health: Health, draw: np.random.Generator) -> Floats:
    """Lack of cash of each company: bad health of the last months, habits, and a noise that lasts."""
    months, size = health.total.shape
    recent = health.total.copy()
    recent[1:] = 0.5 * health.total[1:] + 0.5 * health.total[:-1]
    keep = parameters.noise_persistence
    noise = np.empty((months, size))
    level = draw.standard_normal(size)
    for month in range(months):
        noise[month] = level
        level = keep * level + np.sqrt(1.0 - keep**2) * draw.standard_normal(size)
    habit = parameters.discipline * population.trait_discipline - parameters.punctual_bonus * population.punctual
    return np.asarray(-recent + habit + parameters.noise * noise)


class _Books:
    """The ledger under construction: balances of the debts opened so far, and the operations written so far."""

    def __init__(self, opened: Ints, employer: Ints, employee: Ints, company: Ints, reason: Ints) -> None:
        self.opened, self.company, self.reason = opened, company, reason
        self.employer, self.employee = employer.copy(), employee.copy()
        self.live = np.zeros(0, dtype=np.int64)
        self.operations: list[tuple[Ints, Ints, Ints, Ints, Ints]] = []

    def write(self, rows: Ints, month: int, code: Ints) -> None:
        """Record one operation on each debt, with the balance it leaves."""
        when = np.full(len(rows), month)
        self.operations.append((rows, when, code, self.employer[rows], self.employee[rows]))

    def open_month(self, month: int) -> None:
        """Open the debts recorded this month."""
        low, high = np.searchsorted(self.opened, (month, month + 1))
        rows = np.arange(low, high)
        self.write(rows, month, np.full(len(rows), OPENED))
        self.live = np.concatenate([self.live, rows])

    def settle(self, rows: Ints, share: Floats) -> None:
        """Reduce balances by a share of each, the employee's part first."""
        total = self.employer[rows] + self.employee[rows]
        paid = np.rint(total * share).astype(np.int64)
        on_employee = np.minimum(paid, self.employee[rows])
        self.employee[rows] -= on_employee
        self.employer[rows] -= paid - on_employee

    def forget_settled(self) -> None:
        """Leave out of the next months the debts with nothing left."""
        left = self.employer[self.live] + self.employee[self.live]
        self.live = self.live[left > 0]


def keep_ledger(
    parameters: UrssafParameters,
    dues: Dues,
    activity: Activity,
    population: Population,
    health: Health,
    lives: Lives,
    accounts: Accounts,
    regime: Regime,
    *,
    seed: int,
    block: int,
) -> Ledger:
    """Play the ledger month by month: debts open, are paid, planned, frozen by a judgment, cancelled or written off."""
    draw = generator(seed, block, Purpose.LEDGER)
    months, size = health.total.shape
    unpaid = np.flatnonzero(dues.unpaid_cents > 0)
    unpaid = unpaid[np.argsort(dues.month[unpaid], kind="stable")]
    amount = dues.unpaid_cents[unpaid]
    employer = np.minimum(amount, np.rint(np.maximum(amount, dues.due_cents[unpaid]) * EMPLOYER_SHARE).astype(np.int64))
    books = _Books(
        dues.month[unpaid] + 1, employer, amount - employer, accounts.company[dues.account[unpaid]], dues.reason[unpaid]
    )
    due = company_due_cents(activity, accounts, size)
    plan_end = np.full(size, -1)
    plans: list[tuple[Ints, ...]] = []
    commissions: list[tuple[Ints, Ints]] = []
    outstanding = np.zeros((months, size), dtype=np.int64)
    closing = _closing_months(lives, size)
    for month in range(months):
        books.open_month(month)
        _play_month(parameters, books, month, health, lives, regime, plan_end, closing, draw)
        left = books.employer[books.live] + books.employee[books.live]
        outstanding[month] = np.bincount(books.company[books.live], weights=left, minlength=size).astype(np.int64)
        books.forget_settled()
        uniform = draw.random((5, size))
        able = (outstanding[month] > 0.8 * due[month]) & (due[month] > 0) & (lives.state[month] == NONE)
        asks = np.flatnonzero(able & (plan_end < month) & (uniform[0] < parameters.plan_request))
        length = 3 + (uniform[1, asks] ** 2 * 22).astype(np.int64)
        refused = uniform[2, asks] < parameters.plan_refusal
        plans.append((asks, np.full(len(asks), month), length, outstanding[month, asks], refused))
        plan_end[asks] = np.where(refused, plan_end[asks], month + length)
        large = able & (outstanding[month] > 3 * due[month]) & (uniform[3] < parameters.ccsf_request)
        commissions.append((np.flatnonzero(large), np.full(int(large.sum()), month)))
    return _bind(books, unpaid, plans, commissions, outstanding, accounts, size)


def _closing_months(lives: Lives, size: int) -> Ints:
    """Month at which the liquidation of each company is closed, hence its debts written off."""
    closing = np.full(size, NEVER)
    np.minimum.at(closing, lives.paths.company, lives.paths.closing)
    return closing


def _play_month(
    parameters: UrssafParameters,
    books: _Books,
    month: int,
    health: Health,
    lives: Lives,
    regime: Regime,
    plan_end: Ints,
    closing: Ints,
    draw: np.random.Generator,
) -> None:
    """Payments, cancellations and write-offs of one month."""
    rows = books.live[books.opened[books.live] < month]
    if len(rows) == 0:
        return
    company = books.company[rows]
    uniform = draw.random((3, len(rows)))
    state = lives.state[month, company]
    ended = month >= lives.end[company]
    clear = parameters.repay * np.exp(parameters.repay_health * health.total[month, company]) * regime.recovery[month]
    clear = np.where(books.reason[rows] == BANK, 0.6, np.minimum(clear, 0.8))
    planned = plan_end[company] >= month
    instalment = 1.0 / np.maximum(plan_end[company] - month + 1, 1)
    held = health.total[month, company] > -2.8 + uniform[1]
    free = (state == NONE) & ~ended
    full = free & ~planned & (uniform[0] < clear)
    part = free & ((planned & held) | (~planned & ~full & (uniform[2] < 0.10 * regime.recovery[month])))
    share = np.where(full, 1.0, np.where(planned, instalment, 0.2 + 0.6 * uniform[1]))
    in_plan = (state != NONE) & (state != LIQUIDATED) & (state != OBSERVATION) & (uniform[0] < 0.04)
    part, share = part | in_plan, np.where(in_plan, 0.12, share)
    cancelled = (books.reason[rows] == TAXED) & (uniform[2] < 0.3)
    written = (closing[company] <= month) | (ended & (state == NONE) & (uniform[0] < 0.05))
    share = np.where(cancelled | written, 1.0, share)
    moving = full | part | cancelled | written
    code = np.where(written, WRITTEN_OFF, np.where(cancelled, OPENING_CANCELLED, PAID))
    rows, share, code = rows[moving], share[moving], code[moving]
    books.settle(rows, share)
    left = books.employer[rows] + books.employee[rows]
    trivial = (left > 0) & (left < _TRIVIAL_CENTS)
    books.settle(rows[trivial], np.ones(int(trivial.sum())))
    books.write(rows, month, np.where(trivial, ABANDONED, code))


def _bind(
    books: _Books,
    unpaid: Ints,
    plans: list[tuple[Ints, ...]],
    commissions: list[tuple[Ints, Ints]],
    outstanding: Ints,
    accounts: Accounts,
    size: int,
) -> Ledger:
    """Operations sorted by debt then month, with their rank within the debt."""
    columns = [np.concatenate([operation[k] for operation in books.operations]) for k in range(5)]
    order = np.lexsort((columns[1], columns[0]))
    row, month, code, employer, employee = (column[order] for column in columns)
    rank = np.arange(len(row)) - np.searchsorted(row, row) + 1
    company, when, length, cents, refused = (np.concatenate([plan[k] for plan in plans]) for k in range(5))
    main = np.full(size, 0)
    mains = np.flatnonzero(accounts.main)
    main[accounts.company[mains]] = mains
    return Ledger(
        due=unpaid[row],
        month=month,
        code=code,
        order=rank,
        employer_cents=employer,
        employee_cents=employee,
        plan_account=main[company],
        plan_month=when,
        plan_length=length,
        plan_cents=cents,
        plan_refused=refused.astype(bool),
        commission_company=np.concatenate([one for one, _ in commissions]),
        commission_month=np.concatenate([one for _, one in commissions]),
        outstanding_cents=outstanding,
    )
