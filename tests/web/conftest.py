"""Django over a real PostgreSQL, and a release loaded once for every test of the service."""

from __future__ import annotations

import atexit
import os
import shutil
import tempfile
from collections.abc import Iterator
from pathlib import Path

import pytest

_FOLDER = Path(tempfile.mkdtemp(prefix="signaux-web-tests-"))
atexit.register(shutil.rmtree, _FOLDER, ignore_errors=True)
os.environ["DJANGO_SETTINGS_MODULE"] = "signaux_faibles.web.config.settings.test"
os.environ["SIGNAUX_SERVICE_FOLDER"] = str(_FOLDER / "service")
# A given database is used as it is; otherwise ours is started when the first test needs it. The name is not that of the
# service: workers inherit the environment of the process that made them, where DATABASE_URL is already set below.
_GIVEN_DATABASE = os.environ.get("SIGNAUX_TEST_DATABASE_URL", "")
os.environ["DATABASE_URL"] = _GIVEN_DATABASE or f"postgresql://postgres@/signaux?host={_FOLDER / 'pg'}"

import django  # noqa: E402

django.setup()

from django.db import connection  # noqa: E402
from django.test import Client  # noqa: E402

from signaux_faibles.web.accounts.models import User  # noqa: E402
from signaux_faibles.web.accounts.services import AgentIdentity, save_agent  # noqa: E402
from signaux_faibles.web.ops.postgres import running_postgres  # noqa: E402
from signaux_faibles.web.releases.services import load_release  # noqa: E402
from web.pages import PASSWORD  # noqa: E402
from web.release_sample import write_sample  # noqa: E402


@pytest.fixture(scope="session")
def django_db_modify_db_settings() -> Iterator[None]:
    """Start PostgreSQL before pytest-django makes its database."""
    if _GIVEN_DATABASE:
        yield
        return
    _FOLDER.chmod(0o711)
    # A worker may have read the settings, from the environment it inherited, before this file gave it a folder.
    connection.settings_dict["HOST"] = str(_FOLDER / "pg")
    with running_postgres(_FOLDER / "pg", _FOLDER / "pg.log", durable=False):
        yield


@pytest.fixture(scope="session")
def sample(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, Path]:
    """The two release folders of the sample: July, October."""
    return write_sample(tmp_path_factory.mktemp("releases"))


@pytest.fixture(scope="session")
def django_db_setup(django_db_setup: None, django_db_blocker: object, sample: tuple[Path, Path]) -> None:
    """Load the sample once; every test then runs in a transaction that is rolled back."""
    with django_db_blocker.unblock():  # type: ignore[attr-defined]
        for folder in sample:
            load_release(folder)


@pytest.fixture
def make_agent(db: None) -> object:
    """Make an agent: `make_agent("21", "58")`, `make_agent(national=True)`, `make_agent()` for one without zone."""

    def make(*departements: str, national: bool = False, email: str = "agent@essai.example") -> User:
        identity = AgentIdentity(email, "Camille", "Inventée", "Analyste")
        return save_agent(identity, password=PASSWORD, departements=departements, is_national=national)

    return make


@pytest.fixture
def sign_in(make_agent: object) -> object:
    """A client signed in as an agent made like `make_agent`."""

    def signed(*departements: str, national: bool = False) -> Client:
        client = Client()
        client.force_login(make_agent(*departements, national=national))  # type: ignore[operator]
        return client

    return signed
