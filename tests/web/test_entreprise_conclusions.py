"""Titles of the charts: each says what the data show, and changes when they do."""

from __future__ import annotations

from datetime import date

import pytest

from signaux_faibles.domain.niveau import Niveau
from signaux_faibles.domain.procol import EtatProcol
from signaux_faibles.lists.evolution import evolution_of
from signaux_faibles.web.entreprises.conclusions.comptes import conclude_ratio
from signaux_faibles.web.entreprises.conclusions.emploi import (
    conclude_activite_partielle,
    conclude_effectif,
    conclude_retards,
)
from signaux_faibles.web.entreprises.conclusions.procedures import conclude_procedures
from signaux_faibles.web.entreprises.conclusions.risque import (
    between,
    conclude_cascade,
    conclude_horizons,
    conclude_risque,
    headline,
)
from signaux_faibles.web.entreprises.conclusions.urssaf import conclude_dette
from signaux_faibles.web.entreprises.conclusions.words import change, duration, share
from signaux_faibles.web.ui.charts.comptes import Quantiles, Ratio
from signaux_faibles.web.ui.charts.cotisations import Urssaf
from signaux_faibles.web.ui.charts.mensuel import Window
from signaux_faibles.web.ui.charts.procedures import StateChange
from signaux_faibles.web.ui.charts.risque import ListPoint
from signaux_faibles.web.ui.charts.series import EMPTY, MonthlySeries

END = 2026 * 12 + 8
WINDOW = Window(END - 24, END)


def plain(text: str) -> str:
    """The text with ordinary spaces, easier to read in a test."""
    return text.replace("\u202f", " ").replace("\u00a0", " ")


def monthly(*values: float | None) -> MonthlySeries:
    """A series that ends with the window."""
    return MonthlySeries(END - len(values) + 1, values)


def ramp(start: float, end: float, months: int = 25) -> MonthlySeries:
    """A series that goes straight from a value to another, the last month being that of the window."""
    return monthly(*(start + (end - start) * i / (months - 1) for i in range(months)))


@pytest.mark.parametrize(
    ("series", "expected"),
    [
        (EMPTY, "Effectif inconnu"),
        (monthly(12), "12 salariés en septembre 2026"),
        (ramp(100, 75), "L’effectif a baissé d’un quart en deux ans"),
        (ramp(100, 82), "L’effectif a baissé de 18 % en deux ans"),
        (ramp(60, 120, 13), "L’effectif a doublé en un an"),
        (ramp(50, 51), "L’effectif est stable depuis deux ans"),
        (ramp(50, 50, 7), "L’effectif est stable depuis six mois"),
        (monthly(3, 2, 1), "L’effectif est passé de 3 à 1 salarié en deux mois"),
        (monthly(0, 40), "L’effectif est passé de 0 à 40 salariés en un mois"),
    ],
)
def test_headcount_title(series: MonthlySeries, expected: str) -> None:
    assert plain(conclude_effectif(series, WINDOW)) == expected


@pytest.mark.parametrize(
    ("used", "allowed", "expected"),
    [
        (EMPTY, EMPTY, "Aucune activité partielle connue sur la période."),
        (monthly(0, 0), monthly(4, 4), "Activité partielle autorisée, aucune consommation connue."),
        (monthly(3, 0, 12), EMPTY, "Activité partielle consommée pendant 2 mois, jusqu’à 12 ETP en septembre 2026."),
    ],
)
def test_short_time_work_message(used: MonthlySeries, allowed: MonthlySeries, expected: str) -> None:
    assert plain(conclude_activite_partielle(used, allowed, WINDOW)) == expected


@pytest.mark.parametrize(
    ("series", "title", "message"),
    [
        (EMPTY, "Retards de paiement inconnus", ""),
        (monthly(27), "Les fournisseurs sont payés avec 27 jours de retard", ""),
        (monthly(-2), "Les fournisseurs sont payés dans les délais", ""),
        (
            ramp(11, 27, 13),
            "Les fournisseurs sont payés avec 27 jours de retard",
            "Le retard était de 11 jours un an plus tôt.",
        ),
        (
            ramp(0, 1, 13),
            "Les fournisseurs sont payés avec 1 jour de retard",
            "Il n’y avait pas de retard un an plus tôt.",
        ),
        (ramp(9, 9, 13), "Les fournisseurs sont payés avec 9 jours de retard", "Comme un an plus tôt."),
    ],
)
def test_payment_delays(series: MonthlySeries, title: str, message: str) -> None:
    found = conclude_retards(series, WINDOW)
    assert (plain(found.title), plain(found.message)) == (title, message)


def urssaf(debt: MonthlySeries, *, contribution: float | None = 1_000.0, plan: float = 0.0) -> Urssaf:
    called = EMPTY if contribution is None else monthly(*[contribution] * 25)
    return Urssaf(called, debt, EMPTY, monthly(plan) if plan else EMPTY)


@pytest.mark.parametrize(
    ("data", "title", "message"),
    [
        (urssaf(EMPTY), "Aucune dette Urssaf connue", ""),
        (urssaf(ramp(0, 0)), "Aucune dette Urssaf depuis deux ans", ""),
        (urssaf(monthly(5_000, 0)), "La dette Urssaf est soldée", ""),
        (urssaf(ramp(400, 400)), "La dette représente moins d’un mois de cotisations", "Elle est stable depuis un an."),
        (urssaf(ramp(6_000, 6_000)), "La dette atteint six mois de cotisations", "Elle est stable depuis un an."),
        (urssaf(ramp(2_100, 6_300, 13)), "La dette dépasse six mois de cotisations", "Elle a triplé en un an."),
        (
            urssaf(ramp(1_000, 15_500, 13)),
            "La dette dépasse 15 mois de cotisations",
            "Elle a été multipliée par 16 en un an.",
        ),
        (urssaf(ramp(31_000, 31_000)), "La dette dépasse deux ans de cotisations", "Elle est stable depuis un an."),
        (
            urssaf(monthly(0, 2_000, 3_500)),
            "La dette dépasse trois mois de cotisations",
            "Elle est apparue depuis moins de deux mois.",
        ),
        (
            urssaf(ramp(0, 3_500, 13)),
            "La dette dépasse trois mois de cotisations",
            "Elle est apparue depuis moins d’un an.",
        ),
        (
            urssaf(ramp(250_000, 200_000, 13), contribution=None, plan=130_000.0),
            "La dette Urssaf atteint 200 k€",
            "Elle a baissé de 20 % en un an. Un délai de paiement de 130 k€ est en cours.",
        ),
    ],
)
def test_debt_title_counts_months_of_contributions(data: Urssaf, title: str, message: str) -> None:
    found = conclude_dette(data, WINDOW)
    assert (plain(found.title), plain(found.message)) == (title, message)


def test_debt_known_by_half_is_not_a_fall() -> None:
    data = Urssaf(EMPTY, monthly(2_000, 2_000, 2_000), monthly(1_000, 1_000, None), EMPTY)
    assert data.debt(END) is None
    assert plain(conclude_dette(data, WINDOW).title) == "La dette Urssaf atteint 3 k€"


def lists(*levels: str) -> list[ListPoint]:
    """One point a list, with what that list said of its change; `-` for a list where the company was set aside."""
    chance = {"a": 0.05, "m": 0.2, "e": 0.4}
    level = {"a": Niveau.AUCUN, "m": Niveau.MODERE, "e": Niveau.ELEVE}
    points = []
    for i, code in enumerate(levels):
        before = level.get(levels[i - 1]) if i else None
        change = evolution_of(level.get(code), before) if i else None
        points.append(ListPoint(END + 3 * i, chance.get(code), level.get(code), 0.12, 0.3, evolution=change or ""))
    return points


@pytest.mark.parametrize(
    ("points", "expected"),
    [
        (lists("-"), "L’entreprise n’a été scorée dans aucune liste"),
        (lists("e", "-"), "L’entreprise est écartée du score dans la dernière liste"),
        (lists("-", "e"), "Première liste où l’entreprise est scorée"),
        (lists("a", "m", "e"), "L’entreprise vient de passer en alerte élevée"),
        (lists("a", "m"), "L’entreprise vient de passer en alerte modérée"),
        (lists("e", "m"), "L’entreprise est redescendue en alerte modérée"),
        (lists("m", "a"), "L’entreprise est sortie d’alerte"),
        (lists("a", "e", "e", "e"), "L’entreprise est en alerte élevée depuis trois listes"),
        (lists("a", "a"), "L’entreprise n’a jamais été en alerte"),
        (lists("a", "-", "a"), "L’entreprise n’a jamais été en alerte"),
        (lists("m", "a", "a"), "L’entreprise est sans alerte depuis deux listes"),
        (lists("m", "-", "m"), "De nouveau scorée, l’entreprise est en alerte modérée"),
        (lists("m", "-", "e"), "De nouveau scorée, l’entreprise est en alerte élevée"),
        (lists("m", "-", "m", "m"), "L’entreprise est en alerte modérée depuis deux listes"),
        (lists("m", "-", "a"), "L’entreprise est sans alerte"),
    ],
)
def test_risk_title(points: list[ListPoint], expected: str) -> None:
    assert plain(conclude_risque(points)) == expected


@pytest.mark.parametrize(
    ("base", "total", "expected"),
    [
        (0.028, 0.414, "Ce qui pousse le risque de 3 % à 41 %"),
        (0.028, 0.004, "Ce qui ramène le risque de 3 % à 0,4 %"),
        (0.028, 0.0281, "Le risque reste proche de sa moyenne, 3 %"),
    ],
)
def test_waterfall_title(base: float, total: float, expected: str) -> None:
    assert plain(conclude_cascade(base, total)) == expected


@pytest.mark.parametrize(
    ("points", "expected"),
    [
        (((3, 0.2), (6, 0.3), (12, 0.35), (18, 0.4)), "La moitié du risque au moins est dans les trois prochains mois"),
        (((3, 0.1), (6, 0.2), (12, 0.3), (18, 0.4)), "La moitié du risque au moins est dans les six prochains mois"),
        (((3, 0.1), (6, 0.19), (12, 0.3), (18, 0.4)), "Le risque s’étale sur les 18 mois"),
        (((3, 0.01), (6, 0.02), (12, 0.19), (18, 0.4)), "Le risque vient surtout après un an"),
        (((6, 0.02), (18, 0.4)), "Le risque vient surtout après six mois"),
    ],
)  # fmt: skip
def test_title_of_the_horizons_says_when_the_risk_comes(points: tuple[tuple[int, float], ...], expected: str) -> None:
    assert plain(conclude_horizons(points)) == expected


@pytest.mark.parametrize(
    ("low", "high", "expected"),
    [
        (0.124, 0.206, "entre 12 et 21 %"),
        (0.004, 0.031, "entre 0,4 et 3,1 %"),
        (0.121, 0.124, "entre 12,1 et 12,4 %"),
        (0.1231, 0.1234, "12,3 %, à un dixième de point près"),
        (0.0004, 0.0039, "moins de 0,4 %"),
        (0.0, 1.0, "moins de 100,0 %"),
        (0.0001, 0.0002, "0,0 %, à un dixième de point près"),
    ],
)
def test_bounds_are_told_in_words(low: float, high: float, expected: str) -> None:
    assert plain(between(low, high)) == expected


def test_headline_is_whole_from_one_per_cent() -> None:
    assert [plain(headline(p)) for p in (0.414, 0.0096, 0.004, 0.0)] == ["41 %", "1 %", "0,4 %", "0,0 %"]


@pytest.mark.parametrize(
    ("value", "expected"),
    [
        (-9.0, "Parmi les 10 % les plus bas du secteur en 2025."),
        (2.0, "Dans le quart le plus bas du secteur en 2025."),
        (6.0, "Dans la moitié centrale du secteur en 2025."),
        (12.0, "Dans le quart le plus haut du secteur en 2025."),
        (30.0, "Parmi les 10 % les plus hauts du secteur en 2025."),
        (None, "Aucune valeur publiée."),
    ],
)
def test_ratio_message_places_the_company_in_its_sector(value: float | None, expected: str) -> None:
    ratio = Ratio("Marge", "%", (2025,), (value,), (Quantiles(0, 3, 6, 10, 16),))
    assert plain(conclude_ratio(ratio)) == expected


def test_ratio_message_without_sector_says_so() -> None:
    ratio = Ratio("Marge", "%", (2024, 2025), (5.0, None), (None, None))
    assert plain(conclude_ratio(ratio)) == "Dernière valeur en 2024, sans comparaison possible au secteur."


def test_procedures_title_is_the_last_state() -> None:
    opened = StateChange(date(2019, 4, 1), EtatProcol.REDRESSEMENT)
    closed = StateChange(date(2024, 3, 14), EtatProcol.IN_BONIS)
    assert plain(conclude_procedures([])) == "Aucune procédure collective connue"
    assert plain(conclude_procedures([opened])) == "Redressement judiciaire depuis le 1er avril 2019"
    assert plain(conclude_procedures([opened, closed])) == "Aucune procédure en cours depuis le 14 mars 2024"


def test_words_for_changes_and_durations() -> None:
    assert [plain(share(x)) for x in (0.25, 0.33, 0.5, 0.67, 0.75, 0.18)] == [
        "d’un quart", "d’un tiers", "de moitié", "de deux tiers", "des trois quarts", "de 18 %",
    ]  # fmt: skip
    assert [plain(duration(n)) for n in (1, 6, 12, 18, 24)] == ["un mois", "six mois", "un an", "18 mois", "deux ans"]
    assert plain(change(100, 230)) == "a plus que doublé"
    assert plain(change(10, 26)) == "a été multiplié par 2,6"
