"""The company sheet: what each agent reads, from the real templates over the sample release."""

from __future__ import annotations

import re
from collections.abc import Callable
from decimal import Decimal
from html.parser import HTMLParser

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from signaux_faibles.web.releases.models import (
    Compte,
    Entreprise,
    Etablissement,
    Explication,
    Historique,
    Procedure,
    Release,
    Score,
    Serie,
)
from web.release_sample import CATALOGUE, COMPANIES, Company, fake_siren

pytestmark = pytest.mark.django_db

SignIn = Callable[..., Client]
BY_RANK = {company.rank: company for company in COMPANIES}
AGGRAVATED, ALERTED, FIRST, HEALED, IN_PROCEDURE, OUT, CLOSED = (BY_RANK[rank] for rank in (1, 2, 3, 10, 11, 12, 13))
MODERATE, HEADLESS, NAMED_WITH_TAGS = BY_RANK[4], BY_RANK[5], BY_RANK[7]
OCTOBER = "essai-2026-10"


class Text(HTMLParser):
    """Text of a page as it is read, and the attributes that matter."""

    def __init__(self) -> None:
        super().__init__()
        self.words: list[str] = []
        self.styles = 0
        self.tags: list[str] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append(tag)
        self.styles += any(name == "style" or name.startswith("on") for name, _ in attrs)

    def handle_data(self, data: str) -> None:
        self.words.append(data)


def parse(html: str) -> Text:
    parser = Text()
    parser.feed(html)
    return parser


def read(client: Client, company: Company | str, query: str = "") -> str:
    """HTML of a sheet."""
    siren = company if isinstance(company, str) else company.siren
    response = client.get(f"/entreprises/{siren}/{query}")
    assert response.status_code == 200
    return response.content.decode()


def words(html: str) -> str:
    """Text of a page with plain spaces."""
    return re.sub(r"[\s\u00a0\u202f]+", " ", " ".join(parse(html).words))


def test_agent_who_is_not_signed_in_is_sent_to_the_sign_in(client: Client) -> None:
    response = client.get(f"/entreprises/{ALERTED.siren}/")
    assert response.status_code == 302
    assert response["Location"].startswith("/compte/")


def test_header_names_the_company_and_says_how_it_changed(sign_in: SignIn) -> None:
    text = words(read(sign_in("21"), AGGRAVATED))
    assert "Transports Inventés du Morvan" in text
    assert "SIREN 900 101 373" in text
    assert "Saulieu (21)" in text
    assert "(49.41A)" in text
    assert "62 salariés en juillet 2026" in text
    assert "Aggravée depuis juillet 2026" in text
    assert "In bonis" in text


def test_closed_company_and_first_alert_have_their_badges(sign_in: SignIn) -> None:
    client = sign_in(national=True)
    assert '<span class="sf-badge sf-badge--procedure">Fermée</span>' in read(client, CLOSED)
    assert '<span class="sf-badge sf-badge--nouveau">1re alerte</span>' in read(client, FIRST)


def test_probability_is_told_as_a_natural_frequency(sign_in: SignIn) -> None:
    html = read(sign_in("21"), ALERTED)
    text = words(html)
    assert "41 % de risque à 18 mois" in text
    assert "Il était de 35 % dans la liste de juillet 2026." in text
    assert "Sur 100 entreprises au même risque, environ 41 ouvriront une procédure collective" in text
    assert "Les 59 autres, non : une alerte est une raison d’appeler, pas un verdict." in text
    assert html.count("sf-gaufre__oui") == 41


def test_risk_of_less_than_one_in_a_hundred_has_no_hundred_others(sign_in: SignIn) -> None:
    Score.objects.filter(release_id=OCTOBER, siren=HEALED.siren).update(probability_18m=0.003)
    text = words(read(sign_in(national=True), HEALED))
    assert "moins d’une ouvrira une procédure collective dans les 18 mois. Les autres, non." in text


def test_waterfall_and_its_table_add_up_to_the_displayed_risk(sign_in: SignIn) -> None:
    html = read(sign_in("21"), ALERTED)
    table = re.search(r"<caption>Du risque de départ au risque affiché.*?</table>", html, re.S)
    assert table is not None
    cells = re.findall(r'data-titre="Points">([^<]*)<', table[0])
    shown = [Decimal(re.sub(r"[^\d,\-]", "", c.replace("\u2212", "-")).replace(",", ".")) for c in cells if c]
    assert sum(shown) == Decimal("41.0")
    assert "Ce qui pousse le risque de 4 % à 41 %" in words(html)
    assert "La dette Urssaf augmente depuis 11 mois." in words(html)


def test_displayed_features_add_up_to_their_theme(sign_in: SignIn) -> None:
    release = Release.objects.get(pk=OCTOBER)
    rows = Explication.objects.filter(release=release, siren=ALERTED.siren)
    theme = rows.get(nature="theme", theme="dette_urssaf")
    rows.filter(nature="variable", theme="dette_urssaf").delete()
    for rank, part in enumerate((0.3, 0.3, 0.3)):
        Explication.objects.create(
            release=release, siren=ALERTED.siren, rang=50 + rank, nature="variable", theme="dette_urssaf", feature="f",
            label=f"Variable {rank}", points=theme.points * part, value=1.0, unit="mois", data_class="urssaf",
        )  # fmt: skip
    html = read(sign_in("21"), ALERTED)
    table = re.search(r"<caption>Dettes Urssaf\u00a0: variables.*?</table>", html, re.S)
    assert table is not None
    cells = re.findall(r'data-titre="Points">([^<]*)<', table[0])
    shown = [Decimal(c.replace("\u2212", "-").replace(",", ".")) for c in cells]
    headline = re.search(r'sf-theme__points sf-hausse">\+([\d,]+)', html)
    assert headline is not None
    assert len(shown) == 4
    assert "Autres variables du thème" in table[0]
    assert sum(shown) == Decimal(headline[1].replace(",", "."))


def test_explanation_that_does_not_add_up_is_not_drawn(sign_in: SignIn) -> None:
    Explication.objects.filter(release_id=OCTOBER, siren=ALERTED.siren, nature="theme", theme="effectif").delete()
    html = read(sign_in("21"), ALERTED)
    assert "Explication indisponible" in html
    assert "sf-cascade" not in html
    assert "41\u202f%" in html


def test_changes_compare_both_lists_theme_by_theme(sign_in: SignIn) -> None:
    text = words(read(sign_in("21"), ALERTED))
    assert "Ce qui a changé depuis la liste de juillet 2026" in text
    assert re.search(r"Risque\s+Élevé, 35,0 %\s+Élevé, 41,0 %\s+\+6,0 pts", text)
    assert re.search(r"Dettes Urssaf\s+\+18,6 pts\s+\+22,2 pts\s+\+3,6 pts", text)


def test_changes_without_the_previous_release_keep_the_level(sign_in: SignIn) -> None:
    Release.objects.filter(list_month="2026-07").delete()
    text = words(read(sign_in("21"), ALERTED))
    assert "Élevé, 35,0 %" in text
    assert "+18,6 pts" not in text


def test_company_scored_for_the_first_time_has_nothing_to_compare(sign_in: SignIn) -> None:
    text = words(read(sign_in("21"), HEADLESS))
    assert "Rien à comparer" in text
    assert "n’était pas scorée dans la liste de juillet 2026" in text


def test_history_links_to_the_lists_that_are_loaded_only(sign_in: SignIn) -> None:
    html = read(sign_in("21"), ALERTED)
    assert f'href="/entreprises/{ALERTED.siren}/?liste=2026-07"' in html
    assert "?liste=2026-04" not in html
    assert "Avr.\u00a02026" in html
    assert "1re alerte" in html
    assert "aggravée" in html


def test_data_blocks_conclude_and_say_how_fresh_they_are(sign_in: SignIn) -> None:
    text = words(read(sign_in("21"), ALERTED))
    assert "La dette dépasse cinq mois de cotisations" in text
    assert "Source : Urssaf, données connues jusqu’en septembre 2026." in text
    assert "L’effectif a baissé de 12 % en 22 mois" in text
    assert "Urssaf (données connues jusqu’en juillet 2026) et DGEFP (données connues jusqu’en juin 2026)" in text
    assert "Les fournisseurs sont payés avec 18 jours de retard" in text
    assert "Altares, dernier mois connu non communiqué" in text
    assert "dernier exercice clos le 31/12/2025" in text


def test_every_chart_has_its_figures_in_a_table(sign_in: SignIn) -> None:
    html = read(sign_in("21"), ALERTED)
    assert html.count("<figure") == html.count("Lire les chiffres en tableau") == 12


def test_months_after_the_freshness_of_a_source_are_hatched_and_blank(sign_in: SignIn) -> None:
    html = read(sign_in("21"), ALERTED)
    assert html.count('fill="url(#hachure)"') == 2
    row = re.search(
        r"<tr><th scope=\"row\">Août\u00a02026</th>(.*?)</tr>", html[html.index("Effectif et activité partielle") :]
    )
    assert row is not None
    assert re.findall(r">([^<]*)</td>", row[1]) == ["–", "–", "–"]


def test_urssaf_chart_stops_at_its_latest_source(sign_in: SignIn) -> None:
    release = Release.objects.get(pk=OCTOBER)
    Release.objects.filter(pk=OCTOBER).update(freshness=release.freshness | {"debit": "2026-06"})
    html = read(sign_in("21"), ALERTED)
    assert "Source\u00a0: Urssaf, données connues jusqu’en juin\u00a02026." in html
    assert html.count('fill="url(#hachure)"') == 3
    table = html[html.index("<caption>Cotisations, dettes et délais") :]
    table = table[: table.index("</table>")]
    rows = dict(re.findall(r'<tr><th scope="row">([^<]*)</th>(.*?)</tr>', table))
    assert re.findall(r">([^<]*)</td>", rows["Juil.\u00a02026"]) == ["–"] * 4
    assert "–" not in re.findall(r">([^<]*)</td>", rows["Juin\u00a02026"])


def test_establishments_give_address_headcount_debt_and_state(sign_in: SignIn) -> None:
    text = words(read(sign_in("21"), ALERTED))
    assert "2 établissements, dont 1 en activité" in text
    assert re.search(
        r"Siège\s+900 102 746 00011\s+12 rue de l’Exemple 21000 Dijon\s+Dijon \(21\)\s+44\s+209 400 €", text
    )
    assert "Fermé le 31/03/2024" in text


def test_many_establishments_are_shown_on_demand(sign_in: SignIn) -> None:
    release = Release.objects.get(pk=OCTOBER)
    Etablissement.objects.bulk_create(
        Etablissement(release=release, siret=f"{ALERTED.siren}9{rank:04d}", siren=ALERTED.siren, is_active=True)
        for rank in range(60)
    )
    client = sign_in("21")
    assert read(client, ALERTED).count('class="sf-pastille') == 50
    assert "Afficher 12\u00a0autres établissements" in read(client, ALERTED)
    assert read(client, ALERTED, "?etablissements=tous").count('class="sf-pastille') == 62


def test_company_in_procedure_is_not_scored_and_the_sheet_says_why(sign_in: SignIn) -> None:
    html = read(sign_in(national=True), IN_PROCEDURE)
    text = words(html)
    assert "Pas de score : une procédure collective est déjà ouverte" in text
    assert "Redressement judiciaire depuis le 9 juillet 2026" in text
    assert "sf-cascade" not in html
    assert "sf-synthese__nombre" not in html
    assert "Sortie d’alerte depuis" not in text


def test_company_out_of_perimeter_and_company_without_score_say_so(sign_in: SignIn) -> None:
    client = sign_in(national=True)
    assert "entreprise hors du périmètre du modèle" in words(read(client, OUT))
    Score.objects.filter(siren=OUT.siren).delete()
    assert "Pas de score dans cette liste" in words(read(client, OUT))


def test_company_of_which_nothing_is_known_has_finished_empty_states(sign_in: SignIn) -> None:
    release = Release.objects.get(pk=OCTOBER)
    siren = fake_siren(900)
    Entreprise.objects.create(release=release, siren=siren, recherche="")
    text = words(read(sign_in(national=True), siren))
    for sentence in (
        "Entreprise sans nom connu", "Pas de score dans cette liste", "Aucune donnée de l’Urssaf",
        "Aucune donnée d’emploi",
        "Retards de paiement inconnus", "Aucun compte publié", "Aucune procédure collective connue",
        "Aucun établissement connu",
    ):  # fmt: skip
        assert sentence in text


def test_level_below_the_thresholds_is_not_called_an_alert(sign_in: SignIn) -> None:
    text = words(read(sign_in(national=True), HEALED))
    assert "Pas d’alerte" in text
    assert "Pas d'alerte" not in text
    assert "Pourquoi ce risque" in text
    assert "Sortie d’alerte depuis juillet 2026" in text
    assert "une alerte est une raison d’appeler" not in text


def test_older_list_shows_its_own_data_and_says_so(sign_in: SignIn) -> None:
    text = words(read(sign_in("21"), ALERTED, "?liste=2026-07"))
    assert "Fiche de la liste de juillet 2026" in text
    assert "Voir la fiche actuelle" in text
    assert "35 % de risque à 18 mois" in text
    assert "41 %" not in text


def test_older_list_knows_nothing_of_later_ones(sign_in: SignIn) -> None:
    Historique.objects.create(
        release_id="essai-2026-07", siren=ALERTED.siren, list="2026-10", niveau="eleve", probability_18m=0.99
    )
    assert "99 %" not in words(read(sign_in("21"), ALERTED, "?liste=2026-07"))


@pytest.mark.parametrize(
    ("siren", "query", "sentence"),
    [
        ("900999999", "", "Entreprise absente de cette liste"),
        ("123", "", "Ce n’est pas un SIREN"),
        ("٩٠٠١٠٢٧٤٦", "", "Ce n’est pas un SIREN"),
        (CATALOGUE[0].siren, "?liste=2019-01", "Cette liste n’est pas chargée"),
        (CATALOGUE[0].siren, "?liste=%27;drop", "Cette liste n’est pas chargée"),
    ],
)
def test_unknown_company_or_list_is_a_finished_404(sign_in: SignIn, siren: str, query: str, sentence: str) -> None:
    response = sign_in(national=True).get(f"/entreprises/{siren}/{query}")
    assert response.status_code == 404
    assert sentence in response.content.decode()


def test_company_of_an_older_list_only_is_found_there(sign_in: SignIn) -> None:
    Entreprise.objects.filter(release_id=OCTOBER, siren=ALERTED.siren).delete()
    response = sign_in("21").get(f"/entreprises/{ALERTED.siren}/")
    assert response.status_code == 404
    assert f'href="/entreprises/{ALERTED.siren}/?liste=2026-07"' in response.content.decode()


def test_service_without_release_says_so(sign_in: SignIn) -> None:
    Release.objects.all().delete()
    response = sign_in("21").get(f"/entreprises/{ALERTED.siren}/")
    assert response.status_code == 404
    assert "Aucune liste n’est chargée" in response.content.decode()


def test_names_are_escaped_everywhere(sign_in: SignIn) -> None:
    Procedure.objects.create(
        release_id=OCTOBER, siren=NAMED_WITH_TAGS.siren, date="2020-01-01", etat="sauvegarde",
        label="<script>x</script>", source='"><img src=x>',
    )  # fmt: skip
    Explication.objects.filter(siren=NAMED_WITH_TAGS.siren).update(label="<i>Thème</i>", sentence="<script>y</script>")
    html = read(sign_in(national=True), NAMED_WITH_TAGS)
    assert "<script" not in html
    assert "<img" not in html
    assert "<i>" not in html
    assert "Tôlerie &lt;b&gt;Inventée&lt;/b&gt; &amp; Fils" in html


@pytest.mark.parametrize("company", [ALERTED, IN_PROCEDURE, OUT, CLOSED, HEALED, MODERATE])
@pytest.mark.parametrize("zone", [(), ("21",), ("89", "69", "71", "25")])
def test_no_inline_style_nor_script_on_any_sheet(sign_in: SignIn, company: Company, zone: tuple[str, ...]) -> None:
    page = parse(read(sign_in(*zone), company))
    assert page.styles == 0
    assert "style" not in page.tags
    assert "script" not in page.tags


def test_page_has_one_title_and_its_anchors_exist_once(sign_in: SignIn) -> None:
    html = read(sign_in("21"), ALERTED)
    assert parse(html).tags.count("h1") == 1
    found = re.findall(r' id="([^"]+)"', html)
    assert len(found) == len(set(found))
    toc = re.search(r'<nav class="sf-sommaire".*?</nav>', html, re.S)
    assert toc is not None
    assert set(re.findall(r'href="#([^"]+)"', toc[0])) <= set(found)


def count_queries(client: Client, company: Company) -> int:
    with CaptureQueriesContext(
        connection,
    ) as captured:
        read(client, company)
    return len(captured)


def test_number_of_queries_is_bounded_and_does_not_follow_the_data(sign_in: SignIn) -> None:
    client = sign_in(national=True)
    few = count_queries(client, ALERTED)
    release = Release.objects.get(pk=OCTOBER)
    for rank in range(30):
        siret = f"{ALERTED.siren}8{rank:04d}"
        Etablissement.objects.create(release=release, siret=siret, siren=ALERTED.siren, is_active=True)
        Serie.objects.create(
            release=release,
            id_serie=siret,
            kind="debit_patronale",
            first_month=24_300,
            values=[1.0],
            data_class="urssaf",
        )
    Compte.objects.create(release=release, siren=ALERTED.siren, exercice="2019-12-31")
    assert count_queries(client, ALERTED) == few
    assert few <= 20
