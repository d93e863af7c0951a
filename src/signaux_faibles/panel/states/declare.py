"""What a family of states is: what it reads, how it is computed, which columns it adds to the panel."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field

from signaux_faibles.panel.as_of import Step
from signaux_faibles.schema import Column


@dataclass(frozen=True)
class Sums:
    """Columns that are running sums of the deltas of a table.

    Parameters
    ----------
    table : str
        Deltas (siren, t, columns), clipped to the grid.
    columns : tuple of str
    source : str, optional
        Source without which they are unknown, not zero.
    is_sparse : bool
        Zero for most companies: summed apart, then brought to the months at which they are not zero.
    """

    table: str
    columns: tuple[str, ...]
    source: str | None = None
    is_sparse: bool = True


@dataclass(frozen=True)
class Latest:
    """Values of the latest month of data alive.

    Parameters
    ----------
    pointer : str
        Column made: that month.
    deltas, table : str
        Tables of the pointer (see `as_of.pointer`) and of the values, keyed by (siren, month) and alive on disjoint
        months.
    month : str
        Column of `table` that the pointer names.
    columns : tuple of str
        Values kept, under their own names.
    max_age_months : int
        Age beyond which the latest value is no longer one: it becomes missing, not zero.
    earlier : mapping of str to (int, tuple of str)
        Prefix of the columns made: months before the latest, values kept.
    is_narrow : bool
        The perimeter reads it.
    """

    pointer: str
    deltas: str
    table: str
    month: str
    columns: tuple[str, ...]
    max_age_months: int
    earlier: Mapping[str, tuple[int, tuple[str, ...]]] = field(default_factory=dict)
    is_narrow: bool = False

    @property
    def earlier_columns(self) -> tuple[str, ...]:
        """Columns made of earlier months of data."""
        return tuple(f"{prefix}{name}" for prefix, (_, names) in self.earlier.items() for name in names)


@dataclass(frozen=True)
class Lookup:
    """Values of a table made once for the run, by a code and a month.

    Parameters
    ----------
    table : str
        Keyed by (code, t).
    code : str
        SQL, over a row `s` of the grid with the identity of the time, of its code.
    columns : mapping of str to str
        Column of the panel: column of the table.
    """

    table: str
    code: str
    columns: Mapping[str, str]


@dataclass(frozen=True)
class Family:
    """A family of states of the panel.

    Parameters
    ----------
    name : str
    reads : mapping of str to str
        Source: columns read of it.
    steps : callable
        Gives the SQL steps over the tables `v_<source>`, from the optional sources that are absent.
    columns : tuple of Column
        Columns of the panel.
    sums : tuple of Sums
    latest : tuple of Latest
    lookups : tuple of Lookup
    needs_months : mapping of str to str
        For an increment: source: condition, on the month `{since}` of the first row to make, that a row which may still
        matter satisfies. Data more than `{history}` months old are forgotten. A source not named is read whole.
    """

    name: str
    reads: Mapping[str, str]
    steps: Callable[[frozenset[str]], Sequence[Step]]
    columns: tuple[Column, ...]
    sums: tuple[Sums, ...] = ()
    latest: tuple[Latest, ...] = ()
    lookups: tuple[Lookup, ...] = ()
    needs_months: Mapping[str, str] = field(default_factory=dict)
