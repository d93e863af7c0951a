"""Settings of the tests: as the demo, with cheap passwords, and templates that fail on an undefined variable."""

from __future__ import annotations

from typing import Any, NoReturn

from signaux_faibles.web.config.settings.demo import *  # noqa: F403
from signaux_faibles.web.config.settings.demo import STORAGES as _STORAGES
from signaux_faibles.web.config.settings.demo import TEMPLATES as _TEMPLATES


class UndefinedVariable(str):
    """Stands for an undefined template variable: showing it is a bug of the page."""

    def __contains__(self, key: object) -> bool:
        return True

    def __mod__(self, name: Any) -> NoReturn:
        raise AssertionError(f"undefined template variable: {name}")


ALLOWED_HOSTS = ["testserver", "localhost", "127.0.0.1"]
PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]
STORAGES = _STORAGES | {"staticfiles": {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"}}
TEMPLATES = _TEMPLATES
TEMPLATES[0]["OPTIONS"]["string_if_invalid"] = UndefinedVariable("%s")
