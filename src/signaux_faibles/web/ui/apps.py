"""Declaration of the application to Django."""

from __future__ import annotations

from django.apps import AppConfig


class UiConfig(AppConfig):
    """`ui`."""

    name = "signaux_faibles.web.ui"
    label = "ui"
