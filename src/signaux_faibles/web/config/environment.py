"""What the service takes from its environment, checked once, each with a sentence when it is wrong.

`DATABASE_URL`
    PostgreSQL to use. `signaux serve` sets it to the embedded one when the operator did not.
`SIGNAUX_SERVICE_FOLDER`
    Private folder of the service: secret key, collected static files.
`SIGNAUX_SECRET_KEY`
    Secret key; when absent, one is made once and kept in the service folder.
`SIGNAUX_ALLOWED_HOSTS`
    Names the service answers to, separated by commas.
`SIGNAUX_BIND_HOST`
    Address `signaux serve` listens on: the service answers to it too.
"""

from __future__ import annotations

import os
import secrets
from pathlib import Path
from typing import Any

from django.core.exceptions import ImproperlyConfigured
from psycopg import ProgrammingError
from psycopg.conninfo import conninfo_to_dict


def service_folder() -> Path:
    """Private folder of the service, made when absent."""
    text = os.environ.get("SIGNAUX_SERVICE_FOLDER", "")
    if not text:
        raise ImproperlyConfigured("SIGNAUX_SERVICE_FOLDER is not set. Start the service with `signaux serve`.")
    folder = Path(text)
    folder.mkdir(parents=True, exist_ok=True)
    return folder


def secret_key(folder: Path) -> str:
    """Secret key of the environment, else the one kept in the folder, made at first use, readable by its owner only."""
    given = os.environ.get("SIGNAUX_SECRET_KEY", "")
    if given:
        return given
    path = folder / "secret_key"
    try:
        handle = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    except FileExistsError:
        return path.read_text(encoding="ascii").strip()
    with os.fdopen(handle, "w", encoding="ascii") as stream:
        stream.write(secrets.token_urlsafe(64))
    return path.read_text(encoding="ascii").strip()


def database() -> dict[str, Any]:
    """Django's description of the database named by `DATABASE_URL`."""
    url = os.environ.get("DATABASE_URL", "")
    if not url:
        raise ImproperlyConfigured("DATABASE_URL is not set. Start the service with `signaux serve`, or set it.")
    try:
        parts: dict[str, Any] = dict(conninfo_to_dict(url))
    except ProgrammingError:
        # The message of psycopg holds the URL, hence the password: it is not repeated.
        raise ImproperlyConfigured(
            "DATABASE_URL cannot be read. Expected postgresql://user:password@host:5432/name."
        ) from None
    return {
        "ENGINE": "django.db.backends.postgresql",
        "NAME": parts.pop("dbname", ""),
        "USER": parts.pop("user", ""),
        "PASSWORD": parts.pop("password", ""),
        "HOST": parts.pop("host", ""),
        "PORT": parts.pop("port", ""),
        "OPTIONS": parts,
        "CONN_MAX_AGE": 60,
        "CONN_HEALTH_CHECKS": True,
    }


def allowed_hosts(default: list[str]) -> list[str]:
    """Names the service answers to: those of the environment, and these."""
    text = ",".join((os.environ.get("SIGNAUX_ALLOWED_HOSTS", ""), os.environ.get("SIGNAUX_BIND_HOST", "")))
    return [*default, *(name.strip() for name in text.split(",") if name.strip())]
