"""Declaration of the application to Django."""

from __future__ import annotations

from django.apps import AppConfig


class OpsConfig(AppConfig):
    """`ops`."""

    name = "signaux_faibles.web.ops"
    label = "ops"
