"""The strip of past lists says what each of them said: their one definition is read, and not worked out again."""

from __future__ import annotations

import re
from collections.abc import Callable
from pathlib import Path

import pytest
from django.test import Client

from lakes import new_lake
from signaux_faibles.domain.niveau import Niveau
from signaux_faibles.engine import Engine
from signaux_faibles.pipeline.publish.scores import historique
from signaux_faibles.web.releases.models import Historique, Release, Score
from web.pages import cards_of, text_of
from web.release_sample import CATALOGUE, LISTS, OCTOBER
from written_lists import A, write

pytestmark = pytest.mark.django_db

SignIn = Callable[..., Client]
COMPANY = CATALOGUE[3]
AUCUN, MODERE, ELEVE = Niveau.AUCUN, Niveau.MODERE, Niveau.ELEVE


def strip_of(client: Client) -> list[str]:
    """Words of each mark of the strip, the oldest first."""
    html = client.get(f"/entreprises/{COMPANY.siren}/").content.decode()
    marks = re.search(r'<ol class="sf-histo">(.*?)</ol>', html, re.S)
    assert marks is not None
    return [text_of(mark).replace("\u00a0", " ").replace("\u202f", " ") for mark in marks[1].split("</li>")[:-1]]


def tell(folder: Path, *niveaux: Niveau | None) -> None:
    """Make the lists of a lake give these levels to the company, and bring into the release what they say of it."""
    made = new_lake(folder)
    months = LISTS[-len(niveaux) :]
    for month, niveau in zip(months, niveaux, strict=True):
        write(made, month, {A: (niveau, None if niveau is None else 0.2)})
    with Engine(made.scratch / "essai") as engine:
        rows = historique(engine, made, OCTOBER).to_pylist()
    release = Release.objects.get(list_month=OCTOBER)
    Historique.objects.filter(release=release, siren=COMPANY.siren).delete()
    Historique.objects.bulk_create(Historique(release=release, **(row | {"siren": COMPANY.siren})) for row in rows)
    said = {name: rows[-1][name] for name in ("niveau", "probability_18m", "is_first_alert", "evolution")}
    Score.objects.filter(release=release, siren=COMPANY.siren).update(**said)


def test_company_without_level_between_two_alerts_comes_back(sign_in: SignIn, tmp_path: Path) -> None:
    tell(tmp_path / "lac", MODERE, None, MODERE)
    client = sign_in("21")
    assert strip_of(client) == [
        "Alerte modérée Avr. 2026 20 %, 1re alerte",
        "Pas de score Juil. 2026 sortie d’alerte",
        "Alerte modérée Oct. 2026 20 %, de retour",
    ]
    page = client.get(f"/entreprises/{COMPANY.siren}/").content.decode()
    assert "De retour en alerte" in page
    assert "De nouveau scorée, l’entreprise est en alerte modérée" in page
    card = next(
        card for card in cards_of(client.get(f"/listes/{OCTOBER}/").content.decode()) if card.siren == COMPANY.siren
    )
    assert "De retour" in card.words


def test_company_that_comes_back_graver_is_not_aggravated(sign_in: SignIn, tmp_path: Path) -> None:
    tell(tmp_path / "lac", MODERE, None, ELEVE)
    assert strip_of(sign_in("21"))[-1] == "Alerte élevée Oct. 2026 20 %, de retour"


def test_every_change_is_told(sign_in: SignIn, tmp_path: Path) -> None:
    tell(tmp_path / "lac", AUCUN, MODERE, ELEVE, MODERE, AUCUN, MODERE)
    notes = [mark.partition("20 %")[2].lstrip(", ") for mark in strip_of(sign_in("21"))]
    assert notes == ["", "1re alerte", "aggravée", "atténuée", "sortie d’alerte", "de retour"]


def test_release_that_says_nothing_of_a_list_has_no_note(sign_in: SignIn) -> None:
    Historique.objects.filter(siren=COMPANY.siren).update(is_first_alert=None, evolution=None)
    assert not [mark for mark in strip_of(sign_in("21")) if "alerte" in mark.rpartition("%")[2]]
