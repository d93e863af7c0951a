"""The home page, and what is said of the model."""

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.views.decorators.http import require_safe

from signaux_faibles.web.accounts.rules import zone_of
from signaux_faibles.web.lists.enums import Evolution
from signaux_faibles.web.lists.selectors import NO_TOTALS, totals_by_release
from signaux_faibles.web.pages.documents import TITLES, entries_of
from signaux_faibles.web.pages.markdown import DRAWING, PAGE, to_html
from signaux_faibles.web.pages.selectors import MIN_LETTERS, search
from signaux_faibles.web.releases.models import Release
from signaux_faibles.web.releases.selectors import current_release, document

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


@require_safe
def model(request: HttpRequest) -> HttpResponse:
    """What the current release says of its model: list of its documents."""
    release = current_release()
    content = {"rubrique": "modele", "release": release, "entries": entries_of(release) if release else []}
    return render(request, "pages/model.html", content)


@require_safe
def model_document(request: HttpRequest, name: str) -> HttpResponse:
    """A page on the model of the current release."""
    release = current_release()
    text = _text(release, name + PAGE) if name in TITLES else None
    if release is None or text is None:
        raise Http404
    trail = [{"label": "Le modèle", "url": reverse("model")}, {"label": TITLES[name], "url": ""}]
    content = {"rubrique": "modele", "fil": trail, "title": TITLES[name], "release": release, "body": to_html(text)}
    return render(request, "pages/document.html", content)


@require_safe
def model_drawing(request: HttpRequest, name: str) -> HttpResponse:
    """A drawing of the report of the current release."""
    text = _text(current_release(), name + DRAWING)
    if text is None:
        raise Http404
    return HttpResponse(text, content_type="image/svg+xml; charset=utf-8")


def _text(release: Release | None, name: str) -> str | None:
    return document(release, name) if release else None
