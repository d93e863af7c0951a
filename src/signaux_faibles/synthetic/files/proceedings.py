"""Urssaf's file of proceedings: opening, plan, conversion, end, in the words of the extraction."""

from __future__ import annotations

import numpy as np
import pyarrow as pa

from signaux_faibles.domain.procol import STAGE_IGNORED, STAGE_OPENING, STAGE_PLAN, STAGES_END
from signaux_faibles.synthetic.arrays import NEVER, Bools, Ints
from signaux_faibles.synthetic.block import Block, World
from signaux_faibles.synthetic.dirt import Weakness
from signaux_faibles.synthetic.files.raw_file import RawFile, constant_header, delivery_draw, follow_moves
from signaux_faibles.synthetic.procedures import LIQUIDATION, REDRESSEMENT, SAUVEGARDE, Paths
from signaux_faibles.synthetic.text import Lines, always, choose, dates, day_number, integers, join

ACTIONS = ("sauvegarde", "redressement", "liquidation")
_ENDED, _INCLUDED, _ABANDONED = STAGES_END
STAGES = (STAGE_OPENING, STAGE_PLAN, _ENDED, _INCLUDED, _ABANDONED, STAGE_IGNORED)
_ODD_LABELS = ("clotureactif", "procedure_inconnue", "liquidation judiciaire_ouverture", "reglement_amiable")


def step_days(world: World, block: Block) -> Ints:
    """Day of the month of each step of each proceeding of a block, [step draw, proceeding]."""
    return delivery_draw(world, block, 5).integers(0, 28, (6, len(block.lives.paths)))


def judgment_days(world: World, block: Block) -> Ints:
    """Day of the opening of each proceeding of a block, counted from 1970."""
    return day_number(world.first_month + block.lives.paths.opening, step_days(world, block)[0])


def proceeding_steps(paths: Paths) -> list[tuple[Bools, Ints, Ints, int, int]]:
    """Steps met by the proceedings: which ones, month, action, stage, and which draw gives the day."""
    opened = np.where(paths.converted < NEVER, REDRESSEMENT, paths.kind)
    wound = (paths.liquidation < NEVER) & (paths.kind != LIQUIDATION)
    redressement, liquidation = np.full(len(paths), REDRESSEMENT), np.full(len(paths), LIQUIDATION)
    turned, left = paths.converted < NEVER, paths.leaving < NEVER
    return [
        (np.ones(len(paths), dtype=bool), paths.opening, paths.kind, 0, 0),
        (turned, paths.converted, redressement, 0, 1),
        (turned, paths.converted, np.full(len(paths), SAUVEGARDE), 3, 1),
        (paths.plan < NEVER, paths.plan, opened, 1, 2),
        (wound, paths.liquidation, liquidation, 0, 3),
        (wound, paths.liquidation, opened, 3, 3),
        (paths.closing < NEVER, paths.closing, liquidation, 5, 4),
        (left & ~paths.abandoned, paths.leaving, opened, 2, 5),
        (left & paths.abandoned, paths.leaving, opened, 4, 5),
    ]


def proceeding_lines(world: World, block: Block, _batch: int) -> Lines:
    """One line per step of a proceeding, the month after it."""
    paths, accounts = block.lives.paths, block.accounts
    days = step_days(world, block)
    main = np.full(len(block.population), -1)
    main[accounts.company[accounts.main]] = np.flatnonzero(accounts.main)
    parts = []
    for met, when, what, step, draw in proceeding_steps(paths):
        keep = np.flatnonzero(met & (when < world.months) & (main[paths.company] >= 0))
        parts.append((keep, when[keep], what[keep], np.full(len(keep), step), days[draw][keep]))
    path, month, action, stage, day = (np.concatenate([part[k] for part in parts]) for k in range(5))
    pick, site, since, until = follow_moves(accounts, main[paths.company[path]], month + 1, always(month))
    order = np.lexsort((month[pick], path[pick]))
    pick, since, until = pick[order], since[order], until[order]
    siret = block.sites.siret[site[order]]
    text = join(
        [
            integers(siret),
            integers(siret // 100_000),
            dates(day_number(world.first_month + month[pick], day[pick]), "sas"),
            "1",
            _labels(action[pick], stage[pick], siret),
        ],
        ";",
    )
    return Lines(text, paths.company[path[pick]], since, until)


def _labels(action: Ints, stage: Ints, key: Ints) -> pa.Array:
    """Label of each step, in one of the spellings met in the files."""
    words = [
        spelling
        for act in ACTIONS
        for step in STAGES
        for spelling in (f"{step}_{act}", f"{act}_{step}", f"{step.capitalize()}_{act.upper()}")
    ]
    return choose(words, (action * len(STAGES) + stage) * 3 + key // 10 % 3)


PROCEEDINGS = RawFile(
    name="sigfaible_pcoll.csv",
    header=constant_header("Siret;Siren;Dt_effet;Cat_v2;Lib_actx_stdx"),
    lines=proceeding_lines,
    weakness=Weakness(";", key=0, date=2, odd_values=(4, _ODD_LABELS)),
    rank=5,
)
