"""A delivery: what the partners sent for a month, or what they sent again later within that month."""

from __future__ import annotations

import re
from dataclasses import dataclass

from signaux_faibles.domain.errors import InputError
from signaux_faibles.domain.periode import batch_key, parse_batch_key

_KEY = re.compile(r"([0-9]{4})(?:_([0-9]{2}))?", re.ASCII)
MAX_RANK = 99


@dataclass(frozen=True, order=True)
class Delivery:
    """A batch of a month, or a sub-batch: it comes after the batch of its month and before that of the next.

    Parameters
    ----------
    month : int
        Month in which it becomes known, the same for a batch and its sub-batches.
    rank : int
        0 for the batch, 1 to 99 for its sub-batches.
    """

    month: int
    rank: int = 0

    @property
    def key(self) -> str:
        """`YYMM`, or `YYMM_NN` for a sub-batch."""
        return f"{batch_key(self.month)}_{self.rank:02d}" if self.rank else batch_key(self.month)

    @property
    def first_row_id(self) -> int:
        """Row identifier from which its rows are numbered: no two rows of a month share one."""
        return self.rank << 40


def parse_delivery(text: str) -> Delivery:
    """Delivery of a key `YYMM` or `YYMM_NN`.

    Raises
    ------
    InputError
        If the key is anything else, or its sub-batch is 00.
    """
    found = _KEY.fullmatch(text)
    if not found or found[2] == "00":
        raise InputError(
            f"Bad batch key: found {text!r}, expected YYMM, or YYMM_NN with NN from 01 for a sub-batch.",
            todo="Name the batch like 2610 for October 2026, or 2610_01 for its first sub-batch.",
        )
    return Delivery(parse_batch_key(found[1]), int(found[2] or 0))


def as_delivery(batch: int | Delivery) -> Delivery:
    """A month stands for its batch."""
    return batch if isinstance(batch, Delivery) else Delivery(batch)
