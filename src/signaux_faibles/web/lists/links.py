"""Links of a list: its pages, the filters to remove, the changes to look at."""

from __future__ import annotations

from dataclasses import dataclass
from urllib.parse import urlencode

from signaux_faibles.web.lists.cursor import Cursor
from signaux_faibles.web.lists.forms import Filters, ListFilterForm
from signaux_faibles.web.lists.selectors import Totals
from signaux_faibles.web.ui.typography import INSECABLE, counted


@dataclass(frozen=True)
class Link:
    """A link with its words, and a count when it has one."""

    words: str
    href: str
    count: int = 0


def query(params: dict[str, str | list[str]]) -> str:
    """Relative address with these parameters; the bare page without any."""
    return f"?{urlencode(params, doseq=True)}" if params else "?"


def page_link(filters: Filters, cursor: Cursor | None) -> str:
    """Address of a page of the filtered list; nothing without a cursor."""
    if cursor is None:
        return ""
    return query(filters.params | {"avant" if cursor.is_backward else "apres": cursor.text})


def evolution_links(totals: Totals) -> list[Link]:
    """One link for each kind of change since the list before."""
    return [
        Link(evolution.counted_label(count), query({"evolution": evolution.value}), count)
        for evolution, count in totals.evolutions.items()
    ]


def chips(filters: Filters, form: ListFilterForm) -> list[Link]:
    """One link for each active filter, that removes it."""
    words = {
        "q": f"«{INSECABLE}{filters.q}{INSECABLE}»",
        "niveau": " et ".join(niveau.label for niveau in filters.niveaux),
        "evolution": filters.evolution.label if filters.evolution else "",
        "departement": dict(form.fields["departement"].choices).get(filters.departement, ""),
        "effectif_min": f"{counted(filters.effectif_min, 'salarié')} et plus",
        "sans": f"Sans{INSECABLE}: {' · '.join(code.label for code in filters.without)}",
    }
    params = filters.params
    return [Link(words[name], query({n: v for n, v in params.items() if n != name})) for name in params]
