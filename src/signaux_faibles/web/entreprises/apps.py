"""Application of the company sheet."""

from __future__ import annotations

from django.apps import AppConfig


class EntreprisesConfig(AppConfig):
    """The company sheet: identity, score and its reasons, curves, history."""

    name = "signaux_faibles.web.entreprises"
    verbose_name = "Fiches d'entreprise"
