"""Declaration of the application to Django."""

from __future__ import annotations

from django.apps import AppConfig


class ReleasesConfig(AppConfig):
    """`releases`."""

    name = "signaux_faibles.web.releases"
    label = "releases"
