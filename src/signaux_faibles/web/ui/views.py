"""Error pages, finished and in French."""

from __future__ import annotations

from dataclasses import dataclass

from django.http import HttpRequest, HttpResponse
from django.template.loader import render_to_string
from django.views.decorators.csrf import requires_csrf_token


@dataclass(frozen=True)
class ErrorPage:
    """What an error page says: what happened, and what to do."""

    code: int
    title: str
    text: str
    todo: str

    def render(self) -> HttpResponse:
        """The page, without context processors: it must not need the database, which may be the cause."""
        return HttpResponse(render_to_string("ui/error.html", {"page": self}), status=self.code)


BAD_REQUEST = ErrorPage(
    400,
    "Demande incorrecte",
    "L’adresse ou le formulaire envoyé ne peut pas être lu.",
    "Revenez à la page précédente et recommencez.",
)
FORBIDDEN = ErrorPage(
    403,
    "Accès refusé",
    "Votre habilitation ne permet pas d’ouvrir cette page.",
    "Si votre mission le demande, adressez-vous au correspondant de votre administration.",
)
EXPIRED_FORM = ErrorPage(
    403,
    "Formulaire expiré",
    "Le formulaire est resté ouvert trop longtemps, ou vient d’une autre page. Rien n’a été enregistré.",
    "Rechargez la page et recommencez.",
)
NOT_FOUND = ErrorPage(
    404,
    "Page introuvable",
    "Aucune page ne correspond à cette adresse.",
    "Vérifiez l’adresse, ou repartez de l’accueil.",
)
SERVER_ERROR = ErrorPage(
    500,
    "Le service a rencontré une erreur",
    "La page n’a pas pu être préparée. L’erreur est notée dans le journal du service.",
    "Réessayez dans quelques minutes. Si l’erreur revient, prévenez l’équipe du service.",
)


@requires_csrf_token
def bad_request(request: HttpRequest, exception: Exception | None = None) -> HttpResponse:
    """400."""
    return BAD_REQUEST.render()


@requires_csrf_token
def forbidden(request: HttpRequest, exception: Exception | None = None) -> HttpResponse:
    """403."""
    return FORBIDDEN.render()


def csrf_failure(request: HttpRequest, reason: str = "") -> HttpResponse:
    """403 of a form whose protection is missing or too old."""
    return EXPIRED_FORM.render()


@requires_csrf_token
def not_found(request: HttpRequest, exception: Exception | None = None) -> HttpResponse:
    """404."""
    return NOT_FOUND.render()


def server_error(request: HttpRequest) -> HttpResponse:
    """500."""
    return SERVER_ERROR.render()
