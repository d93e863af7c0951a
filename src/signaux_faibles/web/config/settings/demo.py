"""Settings of `signaux serve` on this machine: plain HTTP, local names only unless told otherwise."""

from __future__ import annotations

from signaux_faibles.web.config import environment
from signaux_faibles.web.config.settings.base import *  # noqa: F403

ALLOWED_HOSTS = environment.allowed_hosts(["localhost", "127.0.0.1", "[::1]"])
SESSION_COOKIE_SECURE = False
CSRF_COOKIE_SECURE = False
SECURE_SSL_REDIRECT = False
SECURE_HSTS_SECONDS = 0
SECURE_PROXY_SSL_HEADER: tuple[str, str] | None = None  # type: ignore[no-redef]
# On plain HTTP browsers ignore this header and say so in the console.
SECURE_CROSS_ORIGIN_OPENER_POLICY = None
