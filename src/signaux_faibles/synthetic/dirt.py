"""The dirt of life: damaged rows, forged numbers, repeated keys, at a stated rate.

A damaged row takes the place of a good one (the information is lost); a forged or repeated row is added beside it.
Every case is one that a strict reader either rejects or has a rule for. The truth knows nothing of it.
"""

from __future__ import annotations

import re
from dataclasses import dataclass

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from signaux_faibles.synthetic.arrays import Ints
from signaux_faibles.synthetic.identifiers import MAX_COMPANIES, sirens, sirets
from signaux_faibles.synthetic.text import Lines, concatenate


@dataclass(frozen=True)
class Weakness:
    """Where a file can be damaged.

    Attributes
    ----------
    separator, quote : dialect of the file
    key : position of the SIREN or SIRET
    date, number, text : position of a date, of a number, of a free text; -1 when there is none
    forged_key : companies without a number, or with a provisional one, appear in this file
    odd_values : (position, values): codes and labels that no documentation lists
    """

    separator: str
    key: int
    date: int = -1
    number: int = -1
    text: int = -1
    quote: str = ""
    forged_key: bool = True
    odd_values: tuple[int, tuple[str, ...]] | None = None


_BAD_DATES = ("2024-02-30", "31/02/2024", "00000000", "NC")
_BAD_NUMBERS = ("n/a", "1.234,5", "#REF!", "--")
_LATIN_1 = "SOCI\udcc9T\udcc9 ABIM\udcc9E"
"""Upper-case accents as single bytes of Latin-1, which are not valid UTF-8."""
_BAD_KEYS = ("1234567A01", "12345678", "@", "", "123456789")


def soil(lines: Lines, weakness: Weakness, rate: float, draw: np.random.Generator) -> tuple[Lines, int]:
    """Damage a share of the lines.

    Returns
    -------
    lines, count : the lines with their dirt, and how many rows are damaged or added
    """
    count = int(np.floor(len(lines) * rate + draw.random()))
    if count == 0 or len(lines) == 0:
        return lines, 0
    chosen = np.sort(draw.choice(len(lines), size=min(count, len(lines)), replace=False))
    kinds = draw.integers(0, 1_000_000, len(chosen))
    originals = [one.decode("utf-8") for one in lines.text.take(pa.array(chosen)).to_pylist()]
    damaged: dict[int, bytes] = {}
    added: list[tuple[int, bytes]] = []
    for row, kind, original in zip(chosen.tolist(), kinds.tolist(), originals, strict=True):
        if kind % 5 < 3:
            damaged[row] = _damage(original, weakness, kind // 5)
        else:
            added.append((row, _forge(original, weakness, kind // 5)))
    mask = np.zeros(len(lines), dtype=bool)
    mask[list(damaged)] = True
    text = pc.replace_with_mask(lines.text, pa.array(mask), pa.array(list(damaged.values()), pa.binary()))
    dirty = Lines(text, lines.company, lines.since, lines.until)
    if added:
        source = np.array([row for row, _ in added])
        extra = pa.array([one for _, one in added], pa.binary())
        dirty = concatenate([dirty, Lines(extra, lines.company[source], lines.since[source], lines.until[source])])
    return dirty, len(chosen)


def _damage(line: str, weakness: Weakness, kind: int) -> bytes:
    """One row that can no longer be read as it should."""
    fields = _split(line, weakness)
    faults = ["missing", "extra"]
    faults += ["date"] * 2 if weakness.date >= 0 else []
    faults += ["number"] * 2 if weakness.number >= 0 else []
    faults += ["text"] * 2 if weakness.text >= 0 else []
    fault, variant = faults[kind % len(faults)], kind // len(faults)
    if fault == "date":
        fields[weakness.date] = _write(_BAD_DATES[variant % len(_BAD_DATES)], weakness)
    elif fault == "number":
        fields[weakness.number] = _BAD_NUMBERS[variant % len(_BAD_NUMBERS)]
    elif fault == "text":
        fields[weakness.text] = _write(_LATIN_1, weakness)
    elif fault == "extra":
        fields.append(_write("COLONNE EN TROP", weakness))
    else:
        del fields[-1]
    return weakness.separator.join(fields).encode("utf-8", "surrogateescape")


def _forge(line: str, weakness: Weakness, kind: int) -> bytes:
    """One row added beside a good one: number of nobody, unlisted code, or the same row again."""
    fields = _split(line, weakness)
    faults = ["same"]
    faults += ["value"] * 2 if weakness.odd_values else []
    faults += ["key"] * 2 if weakness.forged_key else []
    fault, variant = faults[kind % len(faults)], kind // len(faults)
    if fault == "value" and weakness.odd_values:
        position, values = weakness.odd_values
        fields[position] = _write(values[variant % len(values)], weakness)
    elif fault == "key":
        fields[weakness.key] = _write(_forged_key(variant, fields[weakness.key].strip('"')), weakness)
    return weakness.separator.join(fields).encode("utf-8")


def _forged_key(kind: int, key: str) -> str:
    """A provisional number, or a pseudo SIRET (NIC in 9xxxx) of a company that does not exist."""
    if kind % 2:
        return _BAD_KEYS[kind // 2 % len(_BAD_KEYS)]
    nobody: Ints = sirens(np.array([MAX_COMPANIES + kind % 100_000]))
    return str(nobody[0]) if len(key) == 9 else str(sirets(nobody, np.array([9_000 + kind % 900]))[0])


def _split(line: str, weakness: Weakness) -> list[str]:
    """Fields of a line, quotes kept; a separator between quotes does not split."""
    if not weakness.quote:
        return line.split(weakness.separator)
    plain, quote = f"[^{weakness.quote}]*", weakness.quote
    return re.split(f"{weakness.separator}(?=(?:{plain}{quote}{plain}{quote})*{plain}$)", line)


def _write(value: str, weakness: Weakness) -> str:
    """Value in the dialect of the file."""
    return f"{weakness.quote}{value}{weakness.quote}"
