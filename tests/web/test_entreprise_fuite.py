"""What an agent may not see is not in the page, nor even read from the database.

Every confidential value of the company is replaced by one that cannot be there by chance, and the same page is read by
an agent of the zone, who must find them all, then by others, who must find none.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from signaux_faibles.domain.data_class import DataClass
from signaux_faibles.release.tables import SERIES_KINDS
from signaux_faibles.web.releases.models import Explication, Historique, Release, Score, Serie
from web.release_sample import COMPANIES

pytestmark = pytest.mark.django_db

SignIn = Callable[..., Client]
COMPANY = next(company for company in COMPANIES if company.rank == 2)  # head office in 21, no other departement
ESTABLISHMENT = next(
    company for company in COMPANIES if company.rank == 6
)  # head office in 75, establishments in 21, 58

PROBABILITY, BEFORE, POINTS, VALUE = 0.617, 0.238, 0.3713, 98_765_431.0
LABEL, SENTENCE = "Libellé de sentinelle", "Phrase de sentinelle."
CONFIDENTIAL_KINDS = tuple(
    kind for kind, (_, _, data_class) in SERIES_KINDS.items() if data_class is not DataClass.PUBLIC
)
SERIES_VALUES = {kind: 71_300_007.0 + 1_010 * rank for rank, kind in enumerate(CONFIDENTIAL_KINDS)}
SIRET_VALUE = 83_400_009.0


@pytest.fixture(autouse=True)
def sentinels(db: None) -> Iterator[None]:
    """Give the company of the sample values that cannot be met by chance."""
    for company in (COMPANY, ESTABLISHMENT):
        for release in Release.objects.all():
            mark(release, company.siren, company.siret)
    return


def mark(release: Release, siren: str, siret: str) -> None:
    Score.objects.filter(release=release, siren=siren).update(
        probability_18m=PROBABILITY, probability_precedente=BEFORE, niveau="eleve", niveau_precedent="modere",
        evolution="aggravation", is_first_alert=False, dette_urssaf_eur=VALUE,
        probability_low=0.4444, probability_high=0.8888, probability_3m=0.0731, probability_6m=0.1519,
        probability_12m=0.3456, flags=["delai_en_cours"], redressements=["activite_partielle_elevee"],
    )  # fmt: skip
    Explication.objects.filter(release=release, siren=siren).delete()
    terms = [
        ("base", "", PROBABILITY - POINTS),
        ("theme", "dette_urssaf", POINTS),
        ("variable", "dette_urssaf", POINTS),
    ]
    Explication.objects.bulk_create(
        Explication(
            release=release, siren=siren, rang=rank, nature=nature, theme=theme, feature="f", label=LABEL,
            points=points, value=VALUE, unit="€", sentence=SENTENCE, direction="hausse", data_class="score",
        )
        for rank, (nature, theme, points) in enumerate(terms)
    )  # fmt: skip
    Historique.objects.filter(release=release, siren=siren).update(probability_18m=BEFORE)
    Serie.objects.filter(release=release, id_serie__in=[siren, siret]).exclude(kind="effectif").delete()
    ids = [(siren, kind, value) for kind, value in SERIES_VALUES.items()] + [(siret, "debit_patronale", SIRET_VALUE)]
    Serie.objects.bulk_create(
        Serie(
            release=release, id_serie=key, kind=kind, first_month=2024 * 12 + 6, values=[value] * 27,
            data_class=SERIES_KINDS[kind][2].value,
        )
        for key, kind, value in ids
    )  # fmt: skip


SENTINELS = {
    "probability": "62%", "probability, one decimal": "61,7", "previous probability": "24%",
    "previous probability, one decimal": "23,8", "points": "+37,1", "feature value": "98765431", "label": LABEL,
    "sentence": SENTENCE.rstrip("."), "level": "Alerteélevée", "level mark": "#m-eleve", "evolution": "Aggravée",
    "establishment debt": "83400009", "waterfall": "sf-cascade", "waffle": "sf-gaufre", "interval": "entre 44 et 89",
    "3 months": "7,3%à3mois",
    "6 months": "15%à6mois", "12 months": "35%à12mois", "flag": "Délai de paiement Urssaf en cours",
    "rule": "Activité partielle élevée",
    **{f"series {kind}": f"{value:.0f}" for kind, value in SERIES_VALUES.items()},
}  # fmt: skip
"""What each confidential value looks like on the page, spaces and thousands separators left out."""


def body(client: Client, siren: str, query: str = "") -> str:
    """The page from its title on, without spaces: the sprite of the marks, at its top, is the same for all."""
    response = client.get(f"/entreprises/{siren}/{query}")
    assert response.status_code == 200
    html = response.content.decode()
    return re.sub(r"(&nbsp;|[\s\u00a0\u202f])+", "", html[html.index("<main") :])


def found_in(page: str) -> set[str]:
    return {name for name, text in SENTINELS.items() if re.sub(r"\s", "", text) in page}


def test_agent_of_the_zone_reads_every_confidential_value(sign_in: SignIn) -> None:
    assert found_in(body(sign_in("21"), COMPANY.siren)) == set(SENTINELS)


def test_national_agent_reads_every_confidential_value(sign_in: SignIn) -> None:
    assert found_in(body(sign_in(national=True), COMPANY.siren)) == set(SENTINELS)


@pytest.mark.parametrize("departement", ["75", "21", "58"])
def test_an_active_establishment_in_the_zone_is_enough(sign_in: SignIn, departement: str) -> None:
    assert found_in(body(sign_in(departement), ESTABLISHMENT.siren)) == set(SENTINELS)


@pytest.mark.parametrize("zone", [("58",), ("2A", "75", "974"), ()])
@pytest.mark.parametrize("query", ["", "?liste=2026-07", "?etablissements=tous"])
def test_agent_out_of_the_zone_reads_none(sign_in: SignIn, zone: tuple[str, ...], query: str) -> None:
    assert found_in(body(sign_in(*zone), COMPANY.siren, query)) == set()


def test_agent_out_of_the_zone_still_reads_what_is_public(sign_in: SignIn) -> None:
    page = body(sign_in("58"), COMPANY.siren)
    for text in ("Horsdevotrezone", "L’effectifabaissé", "Montantsdescomptes", "12ruedel’Exemple", "Inbonis"):
        assert text in page
    for title in ("Niveauverrouillé", "Explicationsverrouillées", "Donnéesdel’Urssafverrouillées"):
        assert title in page
    assert "Retardsdepaiementverrouillés" in page
    assert "laDGEFP,estverrouillée" in page


def test_agent_without_habilitation_is_told_so(sign_in: SignIn) -> None:
    assert "Votrecompten’apasdezone." in body(sign_in(), COMPANY.siren)


def test_a_company_set_aside_from_the_score_does_not_show_why_out_of_the_zone(sign_in: SignIn) -> None:
    out = next(company for company in COMPANIES if company.rank == 12)
    assert "horsdupérimètre" in body(sign_in("69"), out.siren)
    assert "horsdupérimètre" not in body(sign_in("21"), out.siren).lower().replace("holdinghorspérimètre", "")


def test_confidential_rows_are_not_even_read_out_of_the_zone(sign_in: SignIn) -> None:
    client = sign_in("58")
    with CaptureQueriesContext(connection) as captured:
        body(client, COMPANY.siren)
    statements = [query["sql"] for query in captured]
    tables = {model._meta.db_table for model in (Explication, Historique)}
    assert not [sql for sql in statements if any(f'"{table}"' in sql for table in tables)]
    scores = [sql for sql in statements if f'FROM "{Score._meta.db_table}"' in sql]
    assert scores
    assert all(
        re.match(r'SELECT "\w+"\."etat_procol" AS "\w+" FROM|SELECT "\w+"\."etat_procol" FROM', sql) for sql in scores
    )
    series = [sql for sql in statements if f'"{Serie._meta.db_table}"' in sql]
    assert series
    assert all("'public'" in sql and "'urssaf'" not in sql for sql in series)


def test_every_confidential_kind_of_series_has_a_sentinel() -> None:
    assert {"cotisation", "debit_ouvriere", "debit_patronale", "delai", "ap_autorisee"} < set(SERIES_VALUES)
