"""What the card of a company says, from its score, its identity and its series."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import partial

from signaux_faibles.domain.data_class import DataClass
from signaux_faibles.domain.niveau import Niveau
from signaux_faibles.domain.procol import EtatProcol
from signaux_faibles.web.accounts.models import User
from signaux_faibles.web.lists.enums import Evolution
from signaux_faibles.web.lists.selectors import series_of, strongest_reasons
from signaux_faibles.web.policy.rules import can_see_class
from signaux_faibles.web.releases.codes import Code, Codes, flags_told, rules_told
from signaux_faibles.web.releases.models import Entreprise, Release, Score, Serie
from signaux_faibles.web.ui.charts.series import MonthlySeries
from signaux_faibles.web.ui.charts.tendance import sparkline
from signaux_faibles.web.ui.typography import (
    ABSENT,
    INSECABLE,
    counted,
    euros,
    number,
    of,
    percent,
    short_month,
    signed,
    spaced,
)  # fmt: skip

TREND_MONTHS = 12
DEBT_KINDS = ("debit_ouvriere", "debit_patronale")
STABLE_RATIO = 0.005
"""A change that would be written as 0 % is said stable."""


@dataclass(frozen=True)
class Figure:
    """A figure of a card: its value, what it became, and its trend."""

    label: str
    value: str
    note: str = ""
    trend: str = ""


@dataclass(frozen=True)
class Badge:
    """A badge of a card: its words and the suffix of its class."""

    words: str
    style: str


@dataclass(frozen=True)
class Card:
    """A company in a list."""

    score: Score
    entreprise: Entreprise
    risk: str
    badges: tuple[Badge, ...]
    meta: str
    reason: str
    to_know: str
    rules: str
    places: str
    figures: tuple[Figure, ...]


def build_cards(user: User, release: Release, scores: Sequence[Score], previous_list: str, codes: Codes) -> list[Card]:
    """Cards of a page, with two queries whatever the number of companies.

    What a flag or an expert rule tells is of its own class: an agent who may not read it finds no trace of it.

    Parameters
    ----------
    user : User
        Each piece of a card is shown only if its class is open to this agent.
    release : Release
    scores : sequence of Score
    previous_list : str
        Month of the list before, `YYYY-MM`; empty when there is none.
    codes : mapping
        Flags and rules of the release.
    """
    sirens = [score.siren for score in scores]
    reasons = strongest_reasons(release, sirens)
    series = series_of(release, sirens, ("effectif", *DEBT_KINDS))
    cards = []
    for score in scores:
        entreprise = score.entreprise
        may_read = partial(can_see_class, user, entreprise)
        reason = reasons.get(score.siren)
        sentence = reason.sentence if reason and can_see_class(user, entreprise, reason.data_class or "") else ""
        figures = [_effectif(entreprise, series.get((score.siren, "effectif")))]
        if can_see_class(user, entreprise, DataClass.URSSAF):
            figures.append(_debt(score, series))
        figures.append(_before(score, previous_list))
        cards.append(
            Card(
                score=score, entreprise=entreprise, reason=spaced(sentence or ""), badges=_badges(score, previous_list),
                risk=percent(score.probability_18m) if score.probability_18m is not None else "",
                meta=_meta(entreprise), to_know=_labels(flags_told(score, codes, may_read)),
                rules=_labels(rules_told(score, codes, may_read)), places=_places(entreprise), figures=tuple(figures),
            )
        )  # fmt: skip
    return cards


def _badges(score: Score, previous_list: str) -> tuple[Badge, ...]:
    since = f" depuis {_month_name(previous_list)}" if previous_list else ""
    badges = []
    evolution = Evolution.of(score.evolution, score.is_first_alert)
    if evolution is not None:
        is_dated = evolution not in (Evolution.PREMIERE, Evolution.RETOUR)
        badges.append(Badge(f"{evolution.badge}{since if is_dated else ''}", evolution.style))
    if score.etat_procol and score.etat_procol != EtatProcol.IN_BONIS:
        badges.append(Badge(EtatProcol(score.etat_procol).label, "procedure"))
    elif score.exclusion == "hors_perimetre":
        badges.append(Badge("Hors périmètre", "contour"))
    return tuple(badges)


def _labels(codes: Sequence[Code]) -> str:
    return " · ".join(code.label for code in codes)


def _meta(entreprise: Entreprise) -> str:
    place = f"{entreprise.commune} ({entreprise.departement})" if entreprise.commune else entreprise.departement or ""
    return " · ".join(filter(None, [place, entreprise.libelle_naf]))


def _places(entreprise: Entreprise) -> str:
    active = entreprise.etablissements_actifs_count
    if active is None:
        return ""
    return f"{counted(active, 'établissement')} en activité"


def _effectif(entreprise: Entreprise, serie: Serie | None) -> Figure:
    if serie is None or entreprise.effectif_count is None:
        return Figure(
            "Effectif", number(entreprise.effectif_count), "" if entreprise.effectif_count is not None else "inconnu"
        )
    monthly = _monthly(serie)
    return Figure("Effectif", number(entreprise.effectif_count), _effectif_note(monthly), _trend(monthly))


def _effectif_note(monthly: MonthlySeries) -> str:
    last = monthly.last_known()
    before = monthly.at(last[0] - TREND_MONTHS) if last else None
    if last is None or before is None:
        return ""
    change = last[1] - before
    return f"{signed(change)} en 12{INSECABLE}mois" if change else f"stable sur 12{INSECABLE}mois"


def _debt(score: Score, series: Mapping[tuple[str, str], Serie]) -> Figure:
    if score.dette_urssaf_eur is None:
        return Figure("Dette Urssaf", ABSENT, "inconnue")
    parts = [_monthly(series[score.siren, kind]) for kind in DEBT_KINDS if (score.siren, kind) in series]
    monthly = _summed(parts)
    note = _debt_note(monthly) if score.dette_urssaf_eur else "aucune dette connue"
    trend = _trend(monthly, "dette") if any(value for value in monthly.values if value) else ""
    return Figure("Dette Urssaf", euros(score.dette_urssaf_eur), note, trend)


def _debt_note(monthly: MonthlySeries) -> str:
    last = monthly.last_known()
    before = monthly.at(last[0] - 6) if last else None
    if last is None or before is None:
        return ""
    if before <= 0:
        return f"nulle il y a 6{INSECABLE}mois" if last[1] > 0 else ""
    change = last[1] / before - 1
    if abs(change) < STABLE_RATIO:
        return f"stable sur 6{INSECABLE}mois"
    if change >= 1:
        return f"{number(last[1] / before, 1)}{INSECABLE}fois plus qu’il y a 6{INSECABLE}mois"
    return f"{'+' if change > 0 else ''}{percent(change)} en 6{INSECABLE}mois"


def _before(score: Score, previous_list: str) -> Figure:
    label = f"Liste {of(_month_name(previous_list))}" if previous_list else "Liste précédente"
    if score.probability_precedente is None:
        return Figure(label, ABSENT, "sans score")
    note = Niveau(score.niveau_precedent).label.lower() if score.niveau_precedent else ""
    return Figure(label, percent(score.probability_precedente), spaced(note))


def _month_name(list_month: str) -> str:
    return short_month(list_month).split(INSECABLE)[0]


def _monthly(serie: Serie) -> MonthlySeries:
    return MonthlySeries(serie.first_month, tuple(serie.values or ()))


def _summed(parts: Sequence[MonthlySeries]) -> MonthlySeries:
    """Sum of series, known where all of them are."""
    if not parts:
        return MonthlySeries(0, ())
    first, last = min(p.first_month for p in parts), max(p.last_month for p in parts)
    values: list[float | None] = []
    for month in range(first, last + 1):
        known = [value for part in parts if (value := part.at(month)) is not None]
        values.append(sum(known) if len(known) == len(parts) else None)
    return MonthlySeries(first, tuple(values))


def _trend(monthly: MonthlySeries, variant: str = "") -> str:
    last = monthly.last_known()
    if last is None:
        return ""
    return sparkline(monthly.window(last[0] - TREND_MONTHS + 1, last[0]), variant=variant)
