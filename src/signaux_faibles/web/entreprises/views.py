"""Views of the company sheet."""

from __future__ import annotations

from django.http import Http404, HttpRequest, HttpResponse


def detail(request: HttpRequest, siren: str) -> HttpResponse:
    """The sheet of a company."""
    raise Http404
