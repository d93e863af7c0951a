"""An agent's journey in a real browser: sign in, filter a list, open a sheet; every page accessible, wide and narrow.

The captures of the agents' documentation are written here, on content that never changes.
"""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Browser, Page, expect

from signaux_faibles.web.ops.serve import Service
from web.release_sample import CATALOGUE, OCTOBER, WITHOUT_CURVE

CAPTURES = Path(__file__).parents[2] / "docs" / "agents" / "captures"
WIDE, NARROW = {"width": 1280, "height": 900}, {"width": 320, "height": 800}
COMPANY, ELSEWHERE = CATALOGUE[1], CATALOGUE[7]
PAGES = {
    "home": "/",
    "search": "/?q=imaginaire",
    "no result": "/?q=zzzzzz",
    "lists": "/listes/",
    "list": f"/listes/{OCTOBER}/",
    "filtered list": f"/listes/{OCTOBER}/?q=ouche&effectif_min=10",
    "list without some": f"/listes/{OCTOBER}/?sans=delai_en_cours&sans=creation_recente",
    "exits": f"/listes/{OCTOBER}/?evolution=sortie",
    "empty list": f"/listes/{OCTOBER}/?q=zzzzzz",
    "bad filter": f"/listes/{OCTOBER}/?effectif_min=dix&departement=99",
    "not found": "/nulle-part/",
    "sheet": f"/entreprises/{COMPANY.siren}/",
    "sheet with a rule": f"/entreprises/{CATALOGUE[0].siren}/",
    "sheet of which little is known": f"/entreprises/{CATALOGUE[4].siren}/",
    "sheet without curve": f"/entreprises/{CATALOGUE[WITHOUT_CURVE - 1].siren}/",
    "locked sheet": f"/entreprises/{ELSEWHERE.siren}/",
    "model": "/modele/",
    "report": "/modele/rapport/",
    "report tables": "/modele/rapport_details/",
    "sheet of the algorithm": "/modele/fiche_algorithme/",
}


def sign_in(page: Page, service: Service, agent: int = 0) -> None:
    """Sign in as a demonstration agent: 0 departement, 1 region, 2 country."""
    page.goto("/")
    page.get_by_label("Adresse électronique professionnelle").fill(service.agents[agent][0])
    page.get_by_label("Mot de passe").fill(service.password)
    page.get_by_role("button", name="Se connecter").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Rechercher une entreprise")


def check_accessible(page: Page, name: str) -> None:
    """No axe violation, and nothing wider than the window."""
    found = Axe().run(page)
    assert found.violations_count == 0, f"{name}: {found.generate_report()}"
    overflow = page.evaluate("document.documentElement.scrollWidth - document.documentElement.clientWidth")
    assert overflow <= 0, f"{name}: {overflow} px wider than the window"


def capture(page: Page, name: str) -> None:
    """Write a capture of the window for the agents' documentation."""
    CAPTURES.mkdir(parents=True, exist_ok=True)
    page.screenshot(path=CAPTURES / f"{name}.png")


def test_from_sign_in_to_a_sheet_and_out(page: Page, service: Service) -> None:
    page.goto("/")
    capture(page, "connexion")
    sign_in(page, service)
    page.get_by_role("navigation", name="Menu principal").get_by_role("link", name="Listes de détection").click()
    capture(page, "listes")
    page.get_by_role("link", name="Octobre 2026", exact=True).click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Liste d’octobre\u00a02026")
    capture(page, "liste")
    page.get_by_label("SIREN ou raison sociale").fill("ouche")
    page.get_by_label("Effectif minimal").fill("10")
    page.get_by_role("button", name="Appliquer").click()
    expect(page.get_by_role("status")).to_contain_text("1\u00a0entreprise")
    page.get_by_role("link", name="10\u00a0salariés et plus").click()
    expect(page).to_have_url(f"{service.address}listes/{OCTOBER}/?q=ouche")
    page.get_by_role("link", name="Chaudronnerie Imaginaire de l’Ouche").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Chaudronnerie Imaginaire de l’Ouche")
    capture(page, "fiche")
    page.locator("section[aria-labelledby=echeances]").screenshot(path=CAPTURES / "fiche-echeances.png")
    page.locator("details.sf-tete__compte > summary").click()
    page.get_by_role("button", name="Se déconnecter").click()
    expect(page.get_by_role("heading", name="Se connecter")).to_be_visible()
    page.goto("/listes/")
    expect(page.get_by_role("heading", name="Se connecter")).to_be_visible()


def test_what_the_model_is_worth_is_read_in_the_service(page: Page, service: Service) -> None:
    sign_in(page, service)
    page.get_by_role("navigation", name="Menu principal").get_by_role("link", name="Le modèle").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Le modèle")
    capture(page, "modele")
    page.get_by_role("link", name="Rapport d’évaluation").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Rapport d’évaluation du modèle")
    drawings = page.locator("img.sf-document__dessin")
    expect(drawings).to_have_count(5)
    for drawing in drawings.all():
        drawing.scroll_into_view_if_needed()
        expect(drawing).to_have_js_property("naturalWidth", 720)
    page.evaluate("window.scrollTo(0, 0)")
    CAPTURES.mkdir(parents=True, exist_ok=True)
    page.screenshot(path=CAPTURES / "rapport-evaluation.png", full_page=True)
    page.get_by_role("link", name="les tableaux").first.click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Tableaux de l’évaluation")
    page.goto("/modele/fiche_algorithme/")
    expect(page.get_by_role("heading", level=1)).to_have_text("Fiche de l’algorithme «\u00a0Signaux Faibles\u00a0»")
    capture(page, "fiche-algorithme")


def test_national_agent_turns_the_pages_of_a_list(page: Page, service: Service) -> None:
    sign_in(page, service, 2)
    page.goto(f"/listes/{OCTOBER}/")
    names = page.locator(".sf-fiche__nom")
    expect(names).to_have_count(20)
    first = names.all_inner_texts()
    page.get_by_role("link", name="Les 20 suivantes").click()
    # A click does not wait for the page that it asks for: the count does.
    expect(names).to_have_count(15)
    second = names.all_inner_texts()
    assert len({*first, *second}) == 35
    page.get_by_role("link", name="Les 20 précédentes").click()
    expect(names).to_have_text(first)


def test_sheet_out_of_zone_is_locked(page: Page, service: Service) -> None:
    sign_in(page, service)
    page.goto(f"/?q={ELSEWHERE.siren}")
    expect(page.get_by_text("Hors zone", exact=True)).to_be_visible()
    page.get_by_role("link", name="Électricité Imaginaire d’Ajaccio").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Électricité Imaginaire d’Ajaccio")
    assert "30\u202f%" not in page.content()


def test_what_to_know_is_told_beside_the_level(page: Page, service: Service) -> None:
    sign_in(page, service)
    page.goto(f"/entreprises/{CATALOGUE[3].siren}/")
    block = page.get_by_role("region", name="À savoir à côté du niveau")
    expect(block.get_by_role("listitem")).to_have_count(3)
    expect(block).to_contain_text("Règles d’experts remplies")
    block.screenshot(path=CAPTURES / "fiche-a-savoir.png")


def test_companies_with_a_payment_plan_are_left_out(page: Page, service: Service) -> None:
    sign_in(page, service)
    page.goto(f"/listes/{OCTOBER}/")
    expect(page.get_by_role("link", name="Chaudronnerie Imaginaire de l’Ouche")).to_be_visible()
    page.get_by_label("Délai de paiement Urssaf en cours").check()
    page.get_by_role("button", name="Appliquer").click()
    expect(page.get_by_role("link", name="Transports Inventés du Morvan")).to_be_visible()
    expect(page.get_by_role("link", name="Chaudronnerie Imaginaire de l’Ouche")).to_have_count(0)


def test_risk_by_horizon_is_read_with_the_keyboard(page: Page, service: Service) -> None:
    sign_in(page, service)
    page.goto(f"/entreprises/{COMPANY.siren}/")
    read_horizons(page)


def test_sheet_is_whole_without_script(page: Page, browser: Browser, service: Service) -> None:
    sign_in(page, service)
    context = browser.new_context(
        base_url=service.address, storage_state=page.context.storage_state(), java_script_enabled=False
    )
    bare = context.new_page()
    bare.goto(f"/entreprises/{COMPANY.siren}/")
    expect(bare.get_by_text("entre 33 et 51", exact=False).first).to_be_visible()
    read_horizons(bare)
    context.close()


def read_horizons(page: Page) -> None:
    """Unfold the table of the risk by horizon, and scroll it, with the keyboard alone."""
    section = page.locator("section[aria-labelledby=echeances]")
    expect(section.locator("svg.sf-dessin")).to_have_accessible_name(re.compile(r"41\s% à 18\smois"))
    table = section.get_by_role("table")
    expect(table).to_be_hidden()
    section.locator("summary").focus()
    page.keyboard.press("Enter")
    expect(table).to_be_visible()
    expect(table.get_by_role("row")).to_have_count(5)
    page.keyboard.press("Tab")
    expect(section.get_by_role("region")).to_be_focused()


def test_keyboard_reaches_the_content_first(page: Page, service: Service) -> None:
    sign_in(page, service)
    page.goto("/listes/")
    page.keyboard.press("Tab")
    focused = page.locator(":focus")
    expect(focused).to_have_text("Aller au contenu")
    page.keyboard.press("Enter")
    assert page.evaluate("document.activeElement.id") == "contenu"


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("size", [WIDE, NARROW], ids=["1280", "320"])
def test_every_page_is_accessible(page: Page, service: Service, size: dict[str, int], scheme: str) -> None:
    page.set_viewport_size(size)  # type: ignore[arg-type]
    page.emulate_media(color_scheme=scheme)  # type: ignore[arg-type]
    page.goto("/compte/connexion/")
    check_accessible(page, "sign in")
    sign_in(page, service)
    for name, address in PAGES.items():
        page.goto(address)
        check_accessible(page, name)


@pytest.mark.parametrize("size", [WIDE, NARROW], ids=["1280", "320"])
def test_error_messages_are_accessible(page: Page, service: Service, size: dict[str, int]) -> None:
    page.set_viewport_size(size)  # type: ignore[arg-type]
    page.goto("/compte/connexion/")
    page.get_by_label("Adresse électronique professionnelle").fill("agent@essai.example")
    page.get_by_role("button", name="Se connecter").click()
    expect(page.get_by_text("Écrivez votre mot de passe.")).to_be_visible()
    check_accessible(page, "sign in refused")
