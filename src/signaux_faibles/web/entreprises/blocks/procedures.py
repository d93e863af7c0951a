"""Collective proceedings: a line of time and its dated list. Public."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from signaux_faibles.domain.periode import last_day
from signaux_faibles.domain.procol import EtatProcol
from signaux_faibles.web.entreprises.conclusions.procedures import conclude_procedures
from signaux_faibles.web.entreprises.selectors import SheetData
from signaux_faibles.web.releases.models import Procedure
from signaux_faibles.web.ui import typography
from signaux_faibles.web.ui.charts.frame import key
from signaux_faibles.web.ui.charts.markup import Markup
from signaux_faibles.web.ui.charts.procedures import StateChange, procedures_chart, procedures_key
from signaux_faibles.web.ui.typography import INSECABLE, spaced


@dataclass(frozen=True)
class Step:
    """A dated change of state."""

    day: date
    label: str
    text: str


@dataclass(frozen=True)
class Procedures:
    """Line of time and list of the proceedings, the latest first."""

    title: str
    key: Markup
    chart: Markup | None
    steps: tuple[Step, ...]
    source: str


def build_procedures(data: SheetData) -> Procedures:
    """The block; without any proceeding it says so."""
    changes = [StateChange(row.date, EtatProcol(row.etat)) for row in data.procedures]
    return Procedures(
        title=conclude_procedures(changes),
        key=key(procedures_key(changes), is_narrow_only=False),
        chart=procedures_chart(changes, last_day(data.as_of)) if changes else None,
        steps=tuple(_step(row) for row in reversed(data.procedures)),
        source=data.freshness.source(_sources(data.procedures), "procol"),
    )


def _sources(rows: Sequence[Procedure]) -> str:
    return typography.joined(sorted({row.source for row in rows if row.source})) or "Urssaf et Bodacc"


def _step(row: Procedure) -> Step:
    etat = EtatProcol(row.etat).label
    source = f"Source{INSECABLE}: {row.source}." if row.source else ""
    label = spaced(row.label or "")
    if not label or label == etat:
        return Step(row.date, etat, source)
    return Step(row.date, etat, " ".join(filter(None, [f"{label.rstrip('.')}.", source])))
