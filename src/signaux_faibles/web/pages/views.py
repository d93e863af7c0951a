"""The home page."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from signaux_faibles.web.accounts.rules import zone_of
from signaux_faibles.web.lists.enums import Evolution
from signaux_faibles.web.lists.selectors import NO_TOTALS, totals_by_release
from signaux_faibles.web.pages.selectors import MIN_LETTERS, search
from signaux_faibles.web.releases.selectors import current_release

MAX_QUERY = 100


@require_safe
def home(request: HttpRequest) -> HttpResponse:
    """Search, its results, and the current list in the agent's zone."""
    release = current_release()
    q = " ".join(request.GET.get("q", "").split())[:MAX_QUERY]
    content = {
        "rubrique": "accueil",
        "zone": zone_of(request.user),
        "release": release,
        "q": q,
        "min_letters": MIN_LETTERS,
    }
    if release is not None and q:
        content |= {"results": search(request.user, release, q)}
    elif release is not None:
        totals = totals_by_release(request.user, [release]).get(release.pk, NO_TOTALS)
        content |= {"totals": totals, "premieres": totals.evolutions[Evolution.PREMIERE]}
    return render(request, "pages/home.html", content)
