"""What the service takes from its environment."""

from __future__ import annotations

import stat
from pathlib import Path

import pytest
from django.core.exceptions import ImproperlyConfigured

from signaux_faibles.web.config import environment


def test_secret_key_is_drawn_once_and_private(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("SIGNAUX_SECRET_KEY", raising=False)
    key = environment.secret_key(tmp_path)
    assert len(key) >= 64
    assert environment.secret_key(tmp_path) == key
    assert stat.S_IMODE((tmp_path / "secret_key").stat().st_mode) == 0o600
    monkeypatch.setenv("SIGNAUX_SECRET_KEY", "given")
    assert environment.secret_key(tmp_path) == "given"


def test_database_is_read_from_its_address(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("DATABASE_URL", "postgresql://qui:se%40cret@base.example:5433/signaux?sslmode=require")
    found = environment.database()
    assert {name: found[name] for name in ("NAME", "USER", "PASSWORD", "HOST", "PORT", "OPTIONS")} == {
        "NAME": "signaux",
        "USER": "qui",
        "PASSWORD": "se@cret",
        "HOST": "base.example",
        "PORT": "5433",
        "OPTIONS": {"sslmode": "require"},
    }


@pytest.mark.parametrize("url", ["", "postgresql://qui:secret@base.example:port/x?zut"])
def test_bad_database_address_is_refused_without_repeating_it(monkeypatch: pytest.MonkeyPatch, url: str) -> None:
    monkeypatch.setenv("DATABASE_URL", url)
    with pytest.raises(ImproperlyConfigured, match="DATABASE_URL") as caught:
        environment.database()
    assert "secret" not in str(caught.value)


def test_allowed_hosts_add_to_those_of_the_settings(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("SIGNAUX_ALLOWED_HOSTS", "a.example, b.example")
    monkeypatch.setenv("SIGNAUX_BIND_HOST", "192.0.2.1")
    assert environment.allowed_hosts(["localhost"]) == ["localhost", "a.example", "b.example", "192.0.2.1"]


def test_settings_of_production_are_strict(monkeypatch: pytest.MonkeyPatch) -> None:
    from signaux_faibles.web.config.settings import base

    assert (base.DEBUG, base.ALLOWED_HOSTS) == (False, [])
    assert base.SESSION_COOKIE_SECURE
    assert base.CSRF_COOKIE_SECURE
    assert base.SECURE_SSL_REDIRECT
    assert base.SECURE_HSTS_SECONDS >= 365 * 24 * 3600
    assert "django.contrib.auth.middleware.LoginRequiredMiddleware" in base.MIDDLEWARE
