"""A theme whose source was never delivered says so on the sheet."""

from __future__ import annotations

import pytest

from signaux_faibles.sources import SOURCES
from signaux_faibles.web.releases.context import SOURCE_LABELS
from signaux_faibles.web.releases.models import Release
from web.test_entreprise import ALERTED, OCTOBER, SignIn, read, words

pytestmark = pytest.mark.django_db

SENTENCE = (
    "Données jamais reçues à cette date : Demandes d’activité partielle (DGEFP) et Retards de paiement (Altares)."
)


def test_theme_without_its_source_says_so_and_the_others_do_not(sign_in: SignIn) -> None:
    release = Release.objects.get(pk=OCTOBER)
    assert "jamais reçues" not in words(read(sign_in("21"), ALERTED))
    release.manifest["missing_themes"] = {"effectif": ["apdemande", "paydex"]}
    release.save()
    text = words(read(sign_in("21"), ALERTED))
    assert text.count("jamais reçues") == 1
    theme = text.split("Le détail par thème")[1].split("Effectif", 1)[1]
    assert SENTENCE in theme[:400]


def test_every_source_has_a_name_on_the_site() -> None:
    assert sorted(set(SOURCES) - set(SOURCE_LABELS)) == []


def test_release_loaded_before_the_field_existed_is_still_read(sign_in: SignIn) -> None:
    release = Release.objects.get(pk=OCTOBER)
    del release.manifest["missing_themes"]
    release.save()
    assert "jamais reçues" not in words(read(sign_in("21"), ALERTED))
