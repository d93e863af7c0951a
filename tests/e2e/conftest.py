"""A real service over the sample, and a real browser."""

from __future__ import annotations

import os
import shutil
import socket
import tempfile
from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, ConsoleMessage, Page, Request, sync_playwright

from signaux_faibles.web.ops.serve import Service, running_service
from web.release_sample import write_sample

CHROMIUM_NAMES = ("chromium", "chromium-browser", "google-chrome")
CHROMIUM_FLAGS = [
    "--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run", "--disable-background-networking",
    "--disable-component-update", "--disable-sync", "--hide-scrollbars", "--force-color-profile=srgb",
]  # fmt: skip


@pytest.fixture(scope="module")
def service() -> Iterator[Service]:
    """The service on a free port, over an embedded PostgreSQL of its own."""
    # Not pytest's folder: as root it is closed to the account PostgreSQL runs as.
    lake = Path(tempfile.mkdtemp(prefix="signaux-e2e-"))
    lake.chmod(0o711)
    try:
        releases = write_sample(lake / "releases")
        with running_service(lake, releases, port=_free_port(), demo_agents=True, durable=False) as running:
            yield running
    finally:
        shutil.rmtree(lake, ignore_errors=True)


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    """A Chromium of the system, closed with the module: its event loop would forbid the ORM to later tests."""
    chromium = os.environ.get("SIGNAUX_CHROMIUM") or next(filter(None, map(shutil.which, CHROMIUM_NAMES)), None)
    if not chromium:
        pytest.fail("No Chromium. Install it: apt-get update && apt-get install -y chromium (or set SIGNAUX_CHROMIUM).")
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=chromium, args=CHROMIUM_FLAGS)
        yield browser
        browser.close()


@pytest.fixture
def page(browser: Browser, service: Service) -> Iterator[Page]:
    """A new window on the service; any console error, failed request or blocked content fails the test."""
    context = browser.new_context(base_url=service.address, locale="fr-FR", viewport={"width": 1280, "height": 900})
    window = context.new_page()
    problems: list[str] = []
    window.on("console", lambda line: problems.append(line.text) if _is_problem(line) else None)
    window.on("pageerror", lambda error: problems.append(str(error)))
    window.on("requestfailed", lambda request: problems.append(_failure(request)) if _is_broken(request) else None)
    yield window
    context.close()
    assert problems == []


def _is_broken(request: Request) -> bool:
    """True unless the browser itself dropped the request: leaving a page aborts what it was still loading."""
    return request.failure != "net::ERR_ABORTED"


def _failure(request: Request) -> str:
    return f"request failed: {request.url} ({request.failure})"


def _is_problem(line: ConsoleMessage) -> bool:
    """True for an error or a warning, except that of a page that answers 4xx on purpose."""
    is_refused_page = "the server responded with a status of 4" in line.text and "/static/" not in line.location["url"]
    return line.type in ("error", "warning") and not is_refused_page


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])
