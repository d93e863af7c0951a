"""Pages of the lists."""

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render

from signaux_faibles.web.releases import selectors as releases


def index(request: HttpRequest) -> HttpResponse:
    """Every list."""
    return render(request, "lists/index.html", {"rubrique": "listes", "releases": releases.published_releases()})


def detail(request: HttpRequest, list_month: str) -> HttpResponse:
    """One list."""
    release = releases.release_of_list(list_month)
    if release is None:
        raise Http404
    return render(request, "lists/index.html", {"rubrique": "listes", "releases": [release]})
