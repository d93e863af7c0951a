"""The list that open data alone give opens in a real browser."""

from __future__ import annotations

import shutil
import tempfile
from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Page, expect

from e2e.conftest import _free_port
from e2e.test_agent_journey import check_accessible, sign_in
from open_france import UNTIL, make_open_france
from signaux_faibles.web.ops.serve import Service, running_service

NATIONAL = 2


@pytest.fixture(scope="module")
def service() -> Iterator[Service]:
    """The service over the release of a lake of open data."""
    folder = Path(tempfile.mkdtemp(prefix="signaux-open-"))
    folder.chmod(0o711)
    try:
        france = make_open_france(folder)
        with running_service(
            france.lake.root, [france.release], port=_free_port(), demo_agents=True, durable=False
        ) as running:
            yield running
    finally:
        shutil.rmtree(folder, ignore_errors=True)


def test_the_list_and_a_sheet_open(page: Page, service: Service) -> None:
    sign_in(page, service, NATIONAL)
    page.goto(f"/listes/{UNTIL}/")
    cards = page.locator("li.sf-fiche")
    assert cards.count() > 5
    check_accessible(page, "open list")
    cards.first.get_by_role("link").first.click()
    expect(page.get_by_role("heading", level=1)).to_be_visible()
    assert "/entreprises/" in page.url
    check_accessible(page, "open sheet")
