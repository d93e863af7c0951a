"""Declaration of the application to Django."""

from __future__ import annotations

from django.apps import AppConfig


class PolicyConfig(AppConfig):
    """`policy`."""

    name = "signaux_faibles.web.policy"
    label = "policy"
