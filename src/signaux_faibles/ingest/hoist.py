"""Compute once what several expressions of a row have in common.

Declarations write each value from its raw cell, whole and alone: a period gives two months, each of which parses the
code a dozen times. The engine evaluates every mention; here, calls that return are made steps that run before.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Sequence

_CALL = re.compile(
    r"\b(?:TRY_CAST|try_strptime|regexp_full_match|replace|length)"
    r"\((?:[^()']|'(?:[^']|'')*'|\([0-9, ]*\))*\)"
    r'|\("step [0-9]+ [0-9]+"(?: (?://|%) [1-9][0-9]*)+\)'
)
"""A call, or divisions of a step, that cannot fail: running it for every row is safe."""

MAX_STEPS = 4


def hoisted(groups: Sequence[Sequence[str]]) -> tuple[list[str], list[list[str]]]:
    """Steps shared by SQL expressions, and the expressions over them.

    Parameters
    ----------
    groups : sequence of sequence of str
        Expressions of the same row.

    Returns
    -------
    tuple of list of str and list of list of str
        Columns to add, step by step, each over the ones before; the expressions, in the same groups.
    """
    steps: list[str] = []
    current = [list(group) for group in groups]
    for depth in range(MAX_STEPS):
        calls = Counter(call for group in current for sql in group for call in _CALL.findall(sql))
        shared = [call for call, count in calls.items() if count > 1]
        if not shared:
            break
        names = {call: f'"step {depth} {rank}"' for rank, call in enumerate(shared)}
        steps.append(", ".join(f"{call} AS {name}" for call, name in names.items()))
        current = [[_renamed(sql, names) for sql in group] for group in current]
    return steps, current


def _renamed(sql: str, names: dict[str, str]) -> str:
    return _CALL.sub(lambda call: names.get(call[0], call[0]), sql)
