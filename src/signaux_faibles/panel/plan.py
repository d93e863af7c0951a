"""What a build is going to do, and the hash by which what it made is known."""

from __future__ import annotations

import hashlib
import json
import re
from collections.abc import Mapping
from dataclasses import asdict, dataclass, field

from signaux_faibles.domain.code import code_hash
from signaux_faibles.engine import Engine
from signaux_faibles.lake import Lake
from signaux_faibles.lake.layout import OPEN
from signaux_faibles.panel import grid
from signaux_faibles.panel.inputs import absent_sources, has_filter, inputs
from signaux_faibles.panel.store import Block
from signaux_faibles.panel.table import PANEL
from signaux_faibles.perimeter import PerimeterRules


@dataclass(frozen=True)
class Plan:
    """What a build is going to do.

    Parameters
    ----------
    as_of : int
    rules : PerimeterRules
    scope : grid.Scope
    derived : mapping of str to str
        Tables written beside the panel: name, SQL over `panel_rows` that gives (siren, month, ...).
    is_whole : bool
        Keep the states of every month, not only of those that the next panels look at.
    method : str
        Hash of everything but the inputs that the rows depend on.
    inputs : mapping of str to str
    """

    as_of: int
    rules: PerimeterRules
    scope: grid.Scope
    derived: Mapping[str, str]
    is_whole: bool
    method: str
    inputs: Mapping[str, str] = field(repr=False)

    @property
    def fingerprint(self) -> str:
        """Hash of everything that the panel depends on."""
        text = json.dumps([self.as_of, self.method, dict(sorted(self.inputs.items()))])
        return hashlib.sha256(text.encode()).hexdigest()

    def states_block(self, block: Block) -> Block | None:
        """Months of a block whose states are kept."""
        first = block[0] if self.is_whole else max(block[0], self.as_of - grid.HISTORY_MONTHS + 1)
        return (first, block[1]) if first <= block[1] else None


def make_plan(
    lake: Lake, as_of: int, rules: PerimeterRules, derived: Mapping[str, str], *, is_whole: bool = False
) -> Plan:
    """What a build would do."""
    scope = grid.Scope(
        absent=absent_sources(lake, as_of),
        is_open=lake.profile == OPEN,
        is_filtered=has_filter(lake, as_of),
        wanted=None if is_whole or not derived else _wanted(derived),
    )
    parts = [
        code_hash("panel", "perimeter", "engine", "ingest/versions", "domain"),
        Engine.__name__,
        asdict(rules),
        sorted(scope.absent),
        scope.is_open,
        scope.is_filtered,
        None if scope.wanted is None else sorted(scope.wanted),
        dict(sorted(derived.items())),
        is_whole,
        lake.territory.name if lake.territory else None,
    ]
    method = hashlib.sha256(json.dumps(parts).encode()).hexdigest()
    return Plan(as_of, rules, scope, derived, is_whole, method, inputs(lake, as_of))


def derived_hash(sql: str) -> str:
    """Hash by which the manifest names the query that made a table beside the panel."""
    return hashlib.sha256(sql.encode()).hexdigest()


def _wanted(derived: Mapping[str, str]) -> frozenset[str]:
    """Columns of the panel that the tables beside it read."""
    words = {word for sql in derived.values() for word in re.findall(r"[a-z_][a-z0-9_]*", sql)}
    return frozenset(words.intersection(PANEL.names))
