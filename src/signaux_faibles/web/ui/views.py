"""Error pages, finished and in French."""

from django.http import HttpRequest, HttpResponse
from django.template.loader import render_to_string
from django.views.decorators.csrf import requires_csrf_token


def _page(request: HttpRequest, code: int, title: str, text: str, todo: str) -> HttpResponse:
    # Rendered without context processors: an error page must not need the database, which may be the cause.
    content = {"code": code, "title": title, "text": text, "todo": todo}
    return HttpResponse(render_to_string("ui/error.html", content), status=code)


@requires_csrf_token
def bad_request(request: HttpRequest, exception: Exception | None = None) -> HttpResponse:
    """400."""
    return _page(request, 400, "Demande incorrecte", "L’adresse ou le formulaire envoyé ne peut pas être lu.",
                 "Revenez à la page précédente et recommencez.")  # fmt: skip


@requires_csrf_token
def forbidden(request: HttpRequest, exception: Exception | None = None) -> HttpResponse:
    """403."""
    return _page(request, 403, "Accès refusé", "Votre habilitation ne permet pas d’ouvrir cette page.",
                 "Si votre mission le demande, adressez-vous au correspondant de votre administration.")  # fmt: skip


def csrf_failure(request: HttpRequest, reason: str = "") -> HttpResponse:
    """403 of a form whose protection is missing or too old."""
    return _page(request, 403, "Formulaire expiré", "Le formulaire est resté ouvert trop longtemps, ou vient d’une autre page.",
                 "Rien n’a été enregistré. Rechargez la page et recommencez.")  # fmt: skip


@requires_csrf_token
def not_found(request: HttpRequest, exception: Exception | None = None) -> HttpResponse:
    """404."""
    return _page(request, 404, "Page introuvable", "Aucune page ne correspond à cette adresse.",
                 "Vérifiez l’adresse, ou repartez des listes.")  # fmt: skip


def server_error(request: HttpRequest) -> HttpResponse:
    """500."""
    return _page(request, 500, "Le service a rencontré une erreur", "La page n’a pas pu être préparée. L’erreur est notée dans le journal du service.",
                 "Réessayez dans quelques minutes. Si l’erreur revient, prévenez l’équipe du service.")  # fmt: skip
