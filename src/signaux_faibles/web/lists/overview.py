"""The index of the lists: one line a list, and the number of alerts from list to list."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from signaux_faibles.web.lists.enums import Evolution
from signaux_faibles.web.lists.selectors import NO_TOTALS, Totals
from signaux_faibles.web.releases.models import Release
from signaux_faibles.web.ui.charts.frame import KeyEntry, key
from signaux_faibles.web.ui.charts.marks import bars, grid
from signaux_faibles.web.ui.charts.markup import Markup, join, tag
from signaux_faibles.web.ui.charts.panel import Panel, drawing
from signaux_faibles.web.ui.charts.scale import nice_scale
from signaux_faibles.web.ui.charts.wording import capitalised
from signaux_faibles.web.ui.typography import month, number, plural, short_month

MAX_BARS = 8
BAR_SHARE = 0.6
NARROW_SHARE = 0.12
"""Share of its slot, per list shown, of a bar among few: two lists must not make two walls."""
FLAT_RATIO = 0.05
"""Under this change the number of alerts is said stable."""


@dataclass(frozen=True)
class IndexRow:
    """A list in the index: its release and its totals in the agent's zone."""

    release: Release
    totals: Totals
    has_previous: bool

    @property
    def premieres(self) -> int:
        """First alerts."""
        return self.totals.evolutions[Evolution.PREMIERE]

    @property
    def sorties(self) -> int:
        """Companies that left the list."""
        return self.totals.evolutions[Evolution.SORTIE]


@dataclass(frozen=True)
class AlertsChart:
    """The chart of the index: its title concludes."""

    title: str
    message: str
    body: Markup


def index_rows(published: Sequence[Release], totals: Mapping[str, Totals]) -> list[IndexRow]:
    """One row a list, the latest first; a list whose release compares with none has no entry nor exit."""
    rows = []
    for release in published:
        found = totals.get(release.pk, NO_TOTALS)
        compared = found.entries + sum(
            count for evolution, count in found.evolutions.items() if evolution != "premiere"
        )
        rows.append(IndexRow(release, found, has_previous=compared > 0 or release is not published[-1]))
    return rows


def alerts_chart(rows: Sequence[IndexRow]) -> AlertsChart | None:
    """Alerts of the last lists, stacked by level, the earliest first; nothing with a single list or without alert."""
    shown = list(reversed(rows[:MAX_BARS]))
    if len(shown) < 2 or not any(row.totals.alerts for row in shown):
        return None
    first, last = shown[0], shown[-1]
    message = (
        f"Alertes élevées\u00a0: {number(first.totals.eleve)} en {month(first.release.list_month)}, "
        f"{number(last.totals.eleve)} en {month(last.release.list_month)}."
    )
    return AlertsChart(_conclusion(first.totals.alerts, last.totals.alerts), message, _drawing(shown))


def _conclusion(first: int, last: int) -> str:
    if first == 0:
        return f"{number(last)}\u00a0{plural(last, 'entreprise')} en alerte, aucune au départ"
    change = last / first - 1
    if abs(change) < FLAT_RATIO:
        return "Le nombre d’alertes est stable"
    return "Le nombre d’alertes augmente" if change > 0 else "Le nombre d’alertes diminue"


def _drawing(shown: Sequence[IndexRow]) -> Markup:
    eleve = [float(row.totals.eleve) for row in shown]
    modere = [float(row.totals.modere) for row in shown]
    scale = nice_scale(0, max(row.totals.alerts for row in shown), whole=True)
    label = "Alertes élevées et modérées par liste. Les chiffres sont dans le tableau des listes."
    panel = Panel(label, len(shown), scale, height=170)
    share = min(BAR_SHARE, NARROW_SHARE * len(shown))
    marks = [
        grid(panel),
        bars(panel, eleve, "sf-b--eleve", share=share),
        bars(panel, modere, "sf-b--modere", base=eleve, share=share),
    ]
    for index, row in enumerate(shown):
        is_kept = (len(shown) - 1 - index) % 3 == 0 or len(shown) <= 3
        css = "sf-x" if is_kept else "sf-x sf-x--second"
        name = capitalised(short_month(row.release.list_month))
        marks.append(tag("text", name, class_=css, x=panel.x(index), y=panel.floor + 19))
        y = panel.y(row.totals.alerts) - 6
        marks.append(tag("text", number(row.totals.alerts), class_="sf-x sf-etq sf-halo", x=panel.x(index), y=y))
    marks += _ends(panel, shown[-1].totals)
    keys = [KeyEntry("sf-b--modere", "Modérées"), KeyEntry("sf-b--eleve", "Élevées")]
    return join([key(keys), drawing(panel, marks)])


def _ends(panel: Panel, totals: Totals) -> list[Markup]:
    """Names of the two parts at the right of the last bar, kept 17 px apart."""
    low = panel.y(totals.eleve / 2) + 4
    high = min(panel.y(totals.eleve + totals.modere / 2) + 4, low - 17)
    names = (
        ("sf-t--modere", high, totals.modere, plural(totals.modere, "modérée")),
        ("sf-t--eleve", low, totals.eleve, plural(totals.eleve, "élevée")),
    )
    return [
        tag("text", f"{number(count)}\u00a0{word}", class_=f"sf-etq sf-etq-droite {css}", x="100%", dx=10, y=y)
        for css, y, count, word in names
    ]
