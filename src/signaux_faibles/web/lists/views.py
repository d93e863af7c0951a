"""Pages of the lists."""

from typing import Any

from django.core.exceptions import BadRequest
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from signaux_faibles.web.accounts.rules import zone_of
from signaux_faibles.web.lists import selectors
from signaux_faibles.web.lists.cards import build_cards
from signaux_faibles.web.lists.cursor import Cursor, parse_cursor
from signaux_faibles.web.lists.enums import Evolution
from signaux_faibles.web.lists.forms import ListFilterForm
from signaux_faibles.web.lists.links import chips, evolution_links, page_link, query
from signaux_faibles.web.lists.overview import alerts_chart, index_rows
from signaux_faibles.web.policy.rules import classes_somewhere
from signaux_faibles.web.releases import selectors as releases
from signaux_faibles.web.releases.codes import FLAGS, Code, Codes, codes_of
from signaux_faibles.web.releases.levels import places_text
from signaux_faibles.web.releases.models import Release


@require_safe
def index(request: HttpRequest) -> HttpResponse:
    """Every list, with its counts in the agent's zone."""
    zone = zone_of(request.user)
    published = releases.published_releases()
    totals = selectors.totals_by_release(request.user, published)
    rows = index_rows(published, totals)
    content = {"rubrique": "listes", "zone": zone, "rows": rows, "chart": alerts_chart(rows)}
    return render(request, "lists/index.html", content)


@require_safe
def detail(request: HttpRequest, list_month: str) -> HttpResponse:
    """One list: what changed, the filters, and a page of companies in alert."""
    published = releases.published_releases()
    release = next((found for found in published if found.list_month == list_month), None)
    if release is None:
        raise Http404
    zone = zone_of(request.user)
    previous = next((found.list_month for found in published if found.list_month < list_month), "")
    totals = selectors.totals_by_release(request.user, [release]).get(release.pk, selectors.NO_TOTALS)
    codes = codes_of(release)
    form = ListFilterForm(request.GET, zone, _filterable(request, codes))
    content = {
        "rubrique": "listes", "release": release, "zone": zone, "totals": totals, "previous": previous, "form": form,
        "evolutions": evolution_links(totals), "is_filtered": False, "places": places_text(release),
    }  # fmt: skip
    if not form.is_valid():
        return render(request, "lists/detail.html", content, status=400)
    return render(request, "lists/detail.html", content | _results(request, release, form, previous, codes))


def _filterable(request: HttpRequest, codes: Codes) -> list[Code]:
    """Flags that the agent may filter on: those of a class that he may read of one company at least."""
    readable = classes_somewhere(request.user)
    return [code for (table, _), code in codes.items() if table == FLAGS and code.data_class in readable]


def _results(
    request: HttpRequest, release: Release, form: ListFilterForm, previous: str, codes: Codes
) -> dict[str, Any]:
    filters = form.filters
    rows = selectors.listed(request.user, release, filters)
    found = selectors.totals_of(rows)
    total = found.evolutions[Evolution.SORTIE] if filters.is_exits else found.alerts
    page = selectors.page_of(rows, total, _cursor(request))
    return {
        "filters": filters, "found": found, "page": page, "is_filtered": bool(filters.params),
        "cards": build_cards(request.user, release, page.scores, previous, codes),
        "chips": chips(filters, form),
        "after": page_link(filters, page.after), "before": page_link(filters, page.before),
        "start": query(filters.params) if page.before else "",
    }  # fmt: skip


def _cursor(request: HttpRequest) -> Cursor | None:
    for name, is_backward in (("apres", False), ("avant", True)):
        text = request.GET.get(name, "")
        if text:
            cursor = parse_cursor(text, is_backward=is_backward)
            if cursor is None:
                raise BadRequest
            return cursor
    return None
