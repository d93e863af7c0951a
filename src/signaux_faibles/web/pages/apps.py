"""Declaration of the application to Django."""

from __future__ import annotations

from django.apps import AppConfig


class PagesConfig(AppConfig):
    """`pages`."""

    name = "signaux_faibles.web.pages"
    label = "pages"
