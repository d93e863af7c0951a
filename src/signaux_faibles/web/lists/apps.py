"""Declaration of the application to Django."""

from __future__ import annotations

from django.apps import AppConfig


class ListsConfig(AppConfig):
    """`lists`."""

    name = "signaux_faibles.web.lists"
    label = "lists"
