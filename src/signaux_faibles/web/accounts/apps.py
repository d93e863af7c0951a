"""Declaration of the application to Django."""

from __future__ import annotations

from django.apps import AppConfig


class AccountsConfig(AppConfig):
    """`accounts`."""

    name = "signaux_faibles.web.accounts"
    label = "accounts"
