"""Contributions called, unpaid contributions and payment plans granted, month by month."""

from __future__ import annotations

from dataclasses import dataclass

from signaux_faibles.web.ui.charts import marks
from signaux_faibles.web.ui.charts.frame import KeyEntry, TwinTable
from signaux_faibles.web.ui.charts.labels import EndLabel, end_labels
from signaux_faibles.web.ui.charts.markup import Markup
from signaux_faibles.web.ui.charts.mensuel import Window, monthly_table
from signaux_faibles.web.ui.charts.panel import Panel, drawing
from signaux_faibles.web.ui.charts.scale import nice_scale
from signaux_faibles.web.ui.charts.series import MonthlySeries, Values, known
from signaux_faibles.web.ui.charts.wording import MoneyScale, money_scale
from signaux_faibles.web.ui.typography import month as long_month

KEY = (
    KeyEntry("sf-b--2d", "Dette, part salariale"),
    KeyEntry("sf-b--2", "Dette, part patronale"),
    KeyEntry("sf-l--3", "Délai accordé"),
    KeyEntry("sf-l--1", "Cotisations appelées"),
)


@dataclass(frozen=True)
class Urssaf:
    """What Urssaf says of a company, in euros; a debt is never forwarded beyond `freshness`."""

    cotisation: MonthlySeries
    debit_patronale: MonthlySeries
    debit_ouvriere: MonthlySeries
    delai: MonthlySeries
    freshness: int | None = None

    def debt(self, month: int) -> float | None:
        """Both parts of the debt of a month; None when a part that Urssaf gives is not known that month."""
        given = [part for part in (self.debit_patronale, self.debit_ouvriere) if known(part.values)]
        values = known([part.at(month) for part in given])
        return sum(values) if given and len(values) == len(given) else None


@dataclass(frozen=True)
class _Shown:
    cotisation: Values
    patronale: Values
    ouvriere: Values
    delai: Values

    @property
    def highest(self) -> float:
        stacks = [
            sum(known((patronale, ouvriere))) for patronale, ouvriere in zip(self.patronale, self.ouvriere, strict=True)
        ]
        return max([*stacks, *known(self.cotisation), *known(self.delai)], default=0.0)


def _shown(urssaf: Urssaf, window: Window) -> _Shown:
    """Values drawn: a month whose debt is known by half has no bar, which would look like a fall."""
    series = (urssaf.cotisation, urssaf.debit_patronale, urssaf.debit_ouvriere, urssaf.delai)
    cotisation, patronale, ouvriere, delai = (
        one.until(urssaf.freshness).window(window.first, window.last) for one in series
    )
    whole = [urssaf.debt(month) is not None for month in range(window.first, window.last + 1)]
    return _Shown(
        cotisation=cotisation,
        patronale=tuple(value if is_whole else None for value, is_whole in zip(patronale, whole, strict=True)),
        ouvriere=tuple(value if is_whole else None for value, is_whole in zip(ouvriere, whole, strict=True)),
        delai=tuple(value or None for value in delai),
    )


def cotisations_chart(urssaf: Urssaf, window: Window) -> Markup:
    """Stacked bars of the debt (employer's part below), the contributions as a line, payment plans dashed."""
    shown = _shown(urssaf, window)
    money = money_scale(shown.highest)
    panel = Panel(_label(urssaf, window, shown, money), window.count, nice_scale(0, shown.highest), height=220)
    parts = [
        marks.grid(panel, money.unit, divisor=money.divisor),
        marks.unknown_from(panel, window.known_count(urssaf.freshness)),
        marks.bars(panel, shown.patronale, "sf-b--2", share=0.74),
        marks.bars(panel, shown.ouvriere, "sf-b--2d", base=shown.patronale, share=0.74),
        marks.line(panel, shown.cotisation, "sf-l--1", has_halo=True),
        marks.line(panel, shown.delai, "sf-l--3", has_halo=True, is_stair=True),
        marks.month_axis(panel, window.first),
        end_labels(panel, _labels(shown, money)),
    ]
    return drawing(panel, parts)


def _last(values: Values) -> float | None:
    seen = known(values)
    return seen[-1] if seen else None


def _labels(shown: _Shown, money: MoneyScale) -> list[EndLabel]:
    patronale, ouvriere = _last(shown.patronale) or 0.0, _last(shown.ouvriere) or 0.0
    labels = []
    if ouvriere:
        labels.append(EndLabel(patronale + ouvriere, f"{money.text(ouvriere)} part salariale", "sf-b--2d"))
    if patronale:
        labels.append(EndLabel(patronale, f"{money.text(patronale)} part patronale", "sf-b--2"))
    latest_delai = next((value for value in reversed(shown.delai) if value is not None), None)
    if latest_delai is not None:
        labels.append(EndLabel(latest_delai, f"{money.text(latest_delai)} délai accordé", "sf-t--3"))
    cotisation = _last(shown.cotisation)
    if cotisation is not None:
        labels.append(EndLabel(cotisation, f"{money.text(cotisation)} cotisations", "sf-t--1"))
    return labels


def _label(urssaf: Urssaf, window: Window, shown: _Shown, money: MoneyScale) -> str:
    months = [m for m in range(window.first, window.last + 1) if urssaf.debt(m) is not None]
    if not months:
        return "Cotisations appelées par mois\u00a0; aucune dette connue."
    first, last = months[0], months[-1]
    text = (
        f"Dette Urssaf restante, de {money.text(urssaf.debt(first))} en {long_month(first)} "
        f"à {money.text(urssaf.debt(last))} en {long_month(last)}"
    )
    cotisation = _last(shown.cotisation)
    return text + (f", pour {money.text(cotisation)} de cotisations par mois." if cotisation is not None else ".")


def cotisations_table(urssaf: Urssaf, window: Window) -> TwinTable:
    """The same months, in euros."""
    columns = [
        ("Cotisations", urssaf.cotisation, urssaf.freshness),
        ("Dette patronale", urssaf.debit_patronale, urssaf.freshness),
        ("Dette salariale", urssaf.debit_ouvriere, urssaf.freshness),
        ("Délai", urssaf.delai, urssaf.freshness),
    ]
    table = monthly_table("Cotisations, dettes et délais", columns, window)
    return TwinTable(table.caption, table.columns, table.rows, note="en euros")
