"""Files of the ministry of labour: requests and consumption of short-time work."""

from __future__ import annotations

import numpy as np
import pyarrow as pa

from signaux_faibles.synthetic.arrays import NEVER, Ints
from signaux_faibles.synthetic.block import Block, World
from signaux_faibles.synthetic.dirt import Weakness
from signaux_faibles.synthetic.files.raw_file import RawFile, constant_header, delivery_draw
from signaux_faibles.synthetic.geography import communes
from signaux_faibles.synthetic.text import (
    Lines,
    always,
    choose,
    concatenate,
    dates,
    day_number,
    hundredths,
    integers,
    join,
    quoted,
)

_CENTS_PER_HOUR = 805
_DIGITS = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ"
_MAX_REQUESTS = 64


def _identifiers(world: World, block: Block) -> list[str]:
    """Identifier of each request: departement on three characters, year, six more that make it unique."""
    work, place = block.short_time, communes()
    keys = block.population.index[work.company] * _MAX_REQUESTS + work.number % _MAX_REQUESTS
    years = (world.first_month + work.start) // 12 % 100
    departements = [place.departement[rank] for rank in block.population.commune[work.company]]
    words = []
    for key, year, departement in zip(keys.tolist(), years.tolist(), departements, strict=True):
        tail = ""
        for _ in range(6):
            key, digit = divmod(key, 36)
            tail = _DIGITS[digit] + tail
        words.append(f"{departement.rjust(3, '0')}{year:02d}{tail}")
    return words


def _head_sirets(block: Block, company: Ints, month: Ints) -> Ints:
    """SIRET of the head office of each company in each month (its first French establishment when it is abroad)."""
    sites, accounts = block.sites, block.accounts
    main = np.zeros(len(block.population), dtype=np.int64)
    main[accounts.company[accounts.main]] = np.flatnonzero(accounts.main)
    account = main[company]
    site = np.where(month < accounts.moved[account], accounts.site[account], accounts.successor[account])
    return sites.siret[site]


def request_lines(world: World, block: Block, _batch: int) -> Lines:
    """Requests, from the month of their status; what was consumed in all is known once they are over."""
    work = block.short_time
    since = np.maximum(work.decided, 0)
    over = np.maximum(work.start + work.length, since)
    running = _request_text(world, block, np.zeros(len(since), dtype=np.int64))
    finished = _request_text(world, block, work.used_total())
    ended = Lines(finished, work.company, over, always(over))
    keep = since < over
    return concatenate([Lines(running.filter(pa.array(keep)), work.company[keep], since[keep], over[keep]), ended])


def _request_text(world: World, block: Block, used: Ints) -> pa.Array:
    """Lines of the requests, given what was consumed so far."""
    work = block.short_time
    draw = delivery_draw(world, block, 11)
    start = day_number(world.first_month + work.start, np.zeros(len(used), dtype=np.int64))
    end = day_number(world.first_month + work.start + work.length, np.zeros(len(used), dtype=np.int64)) - 1
    decided = day_number(world.first_month + work.decided, draw.integers(0, 28, len(used)))
    known = draw.random(len(used)) < 0.97
    count = np.where(used > 0, work.heads, 0)
    return join(
        [
            quoted(pa.array(_identifiers(world, block), pa.string())),
            quoted(integers(_head_sirets(block, work.company, work.start))),
            integers(work.company_heads),
            integers(work.company_heads),
            quoted(dates(decided, "iso")),
            quoted(dates(start, "iso")),
            quoted(dates(end, "iso")),
            hundredths(work.hundredths),
            quoted(hundredths(work.hundredths * _CENTS_PER_HOUR // 100, ",")),
            integers(work.heads),
            quoted(integers(work.reason, null=~known)),
            quoted(integers(work.scope)),
            hundredths(used),
            integers(count),
            hundredths(used * _CENTS_PER_HOUR // 100),
            quoted(choose(("1", "2"), work.number > 0)),
        ],
        ",",
    )


def consumption_lines(world: World, block: Block, _batch: int) -> Lines:
    """Hours consumed, one line per request and month, the month after."""
    work = block.short_time
    names = _identifiers(world, block)
    text = join(
        [
            quoted(choose(names, work.request)),
            quoted(integers(_head_sirets(block, work.company[work.request], work.start[work.request]))),
            hundredths(work.used_hundredths),
            hundredths(work.used_hundredths * _CENTS_PER_HOUR // 100),
            integers(work.used_heads),
            quoted(dates(day_number(world.first_month + work.month, np.zeros(len(work.month), np.int64)), "iso")),
        ],
        ",",
    )
    since = np.maximum(work.month + 1, work.decided[work.request])
    return Lines(text, work.company[work.request], since, np.full(len(since), NEVER))


def _header(names: str) -> str:
    """Header line with every name between double quotes."""
    return ",".join(f'"{name}"' for name in names.split())


REQUESTS = RawFile(
    name="demande_ap.csv",
    header=constant_header(
        _header(
            "ID_DA ETAB_SIRET EFF_ENT EFF_ETAB DATE_STATUT DATE_DEB DATE_FIN HTA MTA EFF_AUTO MOTIF_RECOURS_SE "
            "PERIMETRE_AP S_HEURE_CONSOM_TOT S_EFF_CONSOM_TOT S_MONTANT_CONSOM_TOT RECOURS_ANTERIEUR"
        )
    ),
    lines=request_lines,
    weakness=Weakness(",", key=1, date=5, number=7, quote='"', odd_values=(10, ("9", "12"))),
    rank=11,
)
CONSUMPTION = RawFile(
    name="consommation_ap.csv",
    header=constant_header(_header("ID_DA ETAB_SIRET HEURES MONTANTS EFFECTIFS MOIS")),
    lines=consumption_lines,
    weakness=Weakness(",", key=1, date=5, number=2, quote='"'),
    rank=12,
)
