"""Files of Urssaf: contributions, debts, payment plans, proceedings."""

from __future__ import annotations

import numpy as np
import pyarrow as pa

from signaux_faibles.synthetic.arrays import NEVER, Ints
from signaux_faibles.synthetic.block import Block, World
from signaux_faibles.synthetic.dirt import Weakness
from signaux_faibles.synthetic.files.raw_file import (
    RawFile,
    account_numbers,
    constant_header,
    delivery_draw,
    follow_moves,
)
from signaux_faibles.synthetic.geography import communes
from signaux_faibles.synthetic.procedures import NONE, PLAN
from signaux_faibles.synthetic.text import (
    Lines,
    always,
    choose,
    dates,
    day_number,
    hundredths,
    integers,
    join,
    periods,
)


def account_keys(block: Block) -> tuple[Ints, tuple[str, ...]]:
    """Account numbers of a block, and the departement of each account."""
    place = communes()
    departements = tuple(place.departement[rank] for rank in block.sites.commune[block.accounts.site])
    codes = np.array([sum(ord(char) * 31**k for k, char in enumerate(code)) for code in departements])
    return account_numbers(block.accounts, codes), departements


def contribution_lines(world: World, block: Block, _batch: int) -> Lines:
    """Contributions called: one line per account and period, the month after it."""
    dues = block.dues
    row, site, since, until = follow_moves(block.accounts, dues.account, dues.month + 1, always(dues.month))
    numbers, departements = account_keys(block)
    account = dues.account[row]
    unpaid = np.minimum(dues.unpaid_cents, dues.due_cents)[row]
    reversed_ = (dues.account * 7_919 + dues.month * 104_729)[row] % 2_500 == 0
    called = np.where(reversed_, -(dues.due_cents[row] // 20), dues.due_cents[row])
    paid = np.where(reversed_, 0, dues.due_cents[row] - unpaid)
    text = join(
        [
            "117",
            choose(departements, account),
            integers(block.sites.siret[site]),
            integers(numbers[account]),
            periods(world.first_month + dues.month[row], dues.quarter[row]),
            hundredths(np.where(reversed_, 0, unpaid), ","),
            hundredths(paid, ","),
            hundredths(called, ","),
        ],
        ";",
    )
    return Lines(text, block.accounts.company[account], since, until)


def debt_lines(world: World, block: Block, _batch: int) -> Lines:
    """Operations on unpaid contributions, the month after their treatment; a few are withdrawn by a later file."""
    ledger, dues, accounts = block.ledger, block.dues, block.accounts
    draw = delivery_draw(world, block, 2)
    account = dues.account[ledger.due]
    day = np.where(ledger.order == 1, 15 + draw.integers(0, 13, len(account)), draw.integers(0, 28, len(account)))
    withdrawn = draw.random(len(account)) < world.parameters.urssaf.withdrawn_operation_share
    withdrawn &= ledger.order > 1
    until = np.where(withdrawn, ledger.month + 4 + draw.integers(0, 9, len(account)), NEVER)
    appeal = (draw.random(len(dues.account)) < 0.01).astype(np.int64)
    row, site, since, until = follow_moves(accounts, account, ledger.month + 1, until)
    numbers, _ = account_keys(block)
    due, month, account = ledger.due[row], ledger.month[row], account[row]
    company = accounts.company[account]
    state = block.lives.state[month, company]
    siret = block.sites.siret[site]
    gone = month >= accounts.closing[account]
    started = day_number(world.first_month + np.maximum(accounts.opening, -600), np.full(len(numbers), 3))
    text = join(
        [
            "117",
            choose(account_keys(block)[1], account),
            integers(numbers[account]),
            integers(siret // 100_000),
            integers(siret),
            dates(started, "urssaf").take(pa.array(account)),
            choose(("1", "3"), gone),
            choose(("0", "1", "2"), np.where(state == NONE, 0, np.where(state == PLAN, 2, 1))),
            periods(world.first_month + dues.month[due], dues.quarter[due]),
            "101",
            integers(ledger.order[row]),
            dates(day_number(world.first_month + month, day[row]), "urssaf"),
            integers(ledger.employee_cents[row]),
            integers(ledger.employer_cents[row]),
            integers(ledger.code[row]),
            integers(dues.reason[due]),
            integers(appeal[due]),
        ],
        ";",
    )
    return Lines(text, company, since, until)


def plan_lines(world: World, block: Block, _batch: int) -> Lines:
    """Payment plans granted or refused by Urssaf."""
    ledger, accounts = block.ledger, block.accounts
    draw = delivery_draw(world, block, 3)
    day = draw.integers(0, 28, len(ledger.plan_account))
    number = 1_170_000_000_000 + accounts.number[ledger.plan_account] * 100 + ledger.plan_month % 100
    row, site, since, until = follow_moves(
        accounts, ledger.plan_account, ledger.plan_month + 1, always(ledger.plan_month)
    )
    numbers, departements = account_keys(block)
    account, month = ledger.plan_account[row], world.first_month + ledger.plan_month[row]
    start = day_number(month, day[row])
    end = day_number(month + ledger.plan_length[row], day[row])
    text = join(
        [
            "117",
            choose(departements, account),
            integers(block.sites.siret[site]),
            integers(numbers[account]),
            integers(number[row]),
            dates(start, "fr"),
            dates(end, "fr"),
            integers(end - start),
            choose(block.population.name, accounts.company[account]),
            choose(("INF", "SUP"), ledger.plan_length[row] > 6),
            integers(month // 12),
            hundredths(ledger.plan_cents[row], ","),
            choose(("APPROB", "REFUS"), ledger.plan_refused[row]),
            "SUR PO",
        ],
        ";",
    )
    return Lines(text, accounts.company[account], since, until)


def commission_lines(world: World, block: Block, _batch: int) -> Lines:
    """Plans asked from the commission of the heads of financial services: the request, then its fate."""
    ledger, accounts = block.ledger, block.accounts
    draw = delivery_draw(world, block, 4)
    count = len(ledger.commission_company)
    fate, delay = draw.random(count), 2 + draw.integers(0, 3, count)
    main = np.zeros(len(block.population), dtype=np.int64)
    main[accounts.company[accounts.main]] = np.flatnonzero(accounts.main)
    request = main[ledger.commission_company]
    account = np.concatenate([request, request[fate < 0.85], request[fate < 0.55]])
    month = np.concatenate(
        [
            ledger.commission_month,
            (ledger.commission_month + delay)[fate < 0.85],
            (ledger.commission_month + delay + 12)[fate < 0.55],
        ]
    )
    answered = np.where(fate[fate < 0.85] < 0.55, 1, 2)
    stage = np.concatenate([np.zeros(count, np.int64), answered, np.full(int((fate < 0.55).sum()), 3)])
    day = draw.integers(0, 28, len(stage))
    row, site, since, until = follow_moves(accounts, account, month + 1, always(month))
    numbers, departements = account_keys(block)
    text = join(
        [
            "117",
            choose(departements, account[row]),
            integers(block.sites.siret[site]),
            integers(numbers[account[row]]),
            dates(day_number(world.first_month + month[row], day[row]), "urssaf"),
            choose(("DEBUT", "APPROB", "REFUS", "FIN"), stage[row]),
            "CCSF",
        ],
        ";",
    )
    return Lines(text, accounts.company[account[row]], since, until)


CONTRIBUTIONS = RawFile(
    name="sigfaible_cotisdues.csv.gz",
    header=constant_header("Urssaf_gestion;Dep;Siret;Compte;periode;mer;enc_direct;cotis_due"),
    lines=contribution_lines,
    weakness=Weakness(";", key=2, date=4, number=7),
    rank=1,
)
DEBTS = RawFile(
    name="sigfaible_debits.csv.gz",
    header=constant_header(
        "Urssaf_gestion;Dep;num_cpte;Siren;Siret;Dt_immat;Etat_cpte;Cd_pro_col;Periode;Num_Ecn;Num_Hist_Ecn;Dt_trt_ecn;"
        "Mt_PO;Mt_PP;Cd_op_ecn;Motif_ecn;Recours_en_cours"
    ),
    lines=debt_lines,
    weakness=Weakness(";", key=4, date=11, number=12),
    rank=2,
)
PLANS = RawFile(
    name="sigfaible_delais.csv.gz",
    header=constant_header(
        "Urssaf_gestion;Dep;Siret;Numero_compte_externe;Numero_structure;Date_creation;Date_echeance;Duree_delai;"
        "Denomination_premiere_ligne;Indic_6M;Annee_creation;Montant_global_echeancier;Code_externe_stade;"
        "Code_externe_action"
    ),
    lines=plan_lines,
    weakness=Weakness(";", key=2, date=5, number=11, text=8),
    rank=3,
)
COMMISSIONS = RawFile(
    name="sigfaible_ccsf.csv",
    header=constant_header("Urssaf_gestion;Dep;Siret;Compte;Date_de_traitement;Code_externe_stade;Code_externe_action"),
    lines=commission_lines,
    weakness=Weakness(";", key=2, date=4),
    rank=4,
)
