"""Randomness keyed by block of companies, so that company 17 is the same in a run of 1,000 and of 350,000.

A block of `BLOCK` companies is always drawn whole, from generators keyed by (seed, block, purpose): its content depends
neither on the number of companies asked for, nor on the number of processes, nor on the order of generation.
"""

from __future__ import annotations

from enum import IntEnum

import numpy as np

BLOCK = 500
"""Companies per block: large enough for numpy, small enough to keep a block under a few hundred megabytes."""

NATION = 0xF4A7CE
"""Block key of draws that concern the whole country rather than a block."""


class Purpose(IntEnum):
    """One generator per purpose: retuning one file leaves the draws of the others alone."""

    POPULATION = 1
    HEALTH = 2
    FAILURE = 3
    PROCEDURE = 4
    HEADCOUNT = 5
    CONTRIBUTION = 6
    UNPAID = 7
    LEDGER = 8
    SHORT_TIME_WORK = 9
    ACCOUNTS = 10
    PAYMENT = 11
    DELIVERY = 12
    DIRT = 13
    MACRO = 14
    SITES = 15


def generator(seed: int, block: int, purpose: Purpose, rank: int = 0) -> np.random.Generator:
    """Generator of a block for a purpose; `rank` tells several of the same purpose apart."""
    sequence = np.random.SeedSequence(entropy=seed, spawn_key=(block, int(purpose), rank))
    return np.random.Generator(np.random.Philox(sequence))
