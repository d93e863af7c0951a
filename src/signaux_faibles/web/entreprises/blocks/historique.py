"""Course of the risk and past alerts, list by list."""

from __future__ import annotations

from dataclasses import dataclass

from signaux_faibles.domain.data_class import DataClass
from signaux_faibles.domain.niveau import Niveau
from signaux_faibles.domain.periode import format_month, parse_month
from signaux_faibles.web.entreprises.conclusions.risque import conclude_risque, headline
from signaux_faibles.web.entreprises.selectors import SheetData
from signaux_faibles.web.lists.enums import Evolution
from signaux_faibles.web.releases.levels import is_by_places
from signaux_faibles.web.ui.charts.frame import Caption, figure
from signaux_faibles.web.ui.charts.markup import Markup
from signaux_faibles.web.ui.charts.risque import ListPoint, risk_chart, risk_table
from signaux_faibles.web.ui.charts.wording import capitalised
from signaux_faibles.web.ui.typography import INSECABLE, short_month, spaced

_SHOWN = 8
"""Lists in the strip of marks; the table under the curve has them all."""


@dataclass(frozen=True)
class PastList:
    """One mark of the strip."""

    list_month: str
    month: str
    niveau: str
    label: str
    probability: str
    note: str
    is_current: bool
    is_loaded: bool


@dataclass(frozen=True)
class HistoriqueBlock:
    """Curve and strip."""

    figure: Markup | None
    lists: tuple[PastList, ...]


def build_historique(data: SheetData) -> HistoriqueBlock | None:
    """The block; None when the agent may not see it, or when the company is in no list."""
    if not data.can_read(DataClass.SCORE):
        return None
    lists = list_points(data)
    if not lists:
        return None
    has_curve = any(point.probability is not None for point in lists)
    return HistoriqueBlock(_figure(data, lists) if has_curve else None, _strip(data, lists))


def list_points(data: SheetData) -> list[ListPoint]:
    """The company in each list, in order of time, the list of the release included."""
    points = {
        row.list: ListPoint(
            parse_month(row.list),
            row.probability_18m if row.niveau else None,
            Niveau(row.niveau) if row.niveau else None,
            row.threshold_modere,
            row.threshold_eleve,
            bool(row.is_first_alert),
            row.evolution or "",
        )
        for row in data.historique
    }
    score, release = data.score, data.release
    if score is not None and release.list_month not in points:
        points[release.list_month] = ListPoint(
            parse_month(release.list_month),
            score.probability_18m,
            Niveau(score.niveau) if score.niveau else None,
            release.threshold_modere,
            release.threshold_eleve,
            bool(score.is_first_alert),
            score.evolution or "",
        )
    return [points[key] for key in sorted(points)]


def _figure(data: SheetData, lists: list[ListPoint]) -> Markup:
    read_with = (
        "lue avec les seuils de cette liste"
        if not is_by_places(data.release)
        else "avec les seuils de son modèle\u00a0; les niveaux de la dernière ont été donnés par places"
    )
    caption = Caption(
        conclude_risque(lists),
        "probabilité à 18\u00a0mois",
        "",
        f"Chaque marque est une liste publiée, {read_with}. Source{INSECABLE}: Signaux Faibles.",
    )
    return figure(caption, risk_chart(lists), risk_table(lists))


def _strip(data: SheetData, lists: list[ListPoint]) -> tuple[PastList, ...]:
    marks = [
        PastList(
            list_month=format_month(point.month),
            month=capitalised(short_month(point.month)),
            niveau=point.niveau.value if point.niveau else "",
            label=spaced(point.niveau.label) if point.niveau else "Pas de score",
            probability="" if point.probability is None else headline(point.probability),
            note=_note(point),
            is_current=format_month(point.month) == data.release.list_month,
            is_loaded=format_month(point.month) in data.loaded_lists,
        )
        for point in lists
    ]
    return tuple(marks[-_SHOWN:])


_NOTES = {
    Evolution.PREMIERE: "1re alerte",
    Evolution.RETOUR: "de retour",
    Evolution.AGGRAVATION: "aggravée",
    Evolution.AMELIORATION: "atténuée",
    Evolution.SORTIE: "sortie d’alerte",
}


def _note(point: ListPoint) -> str:
    """What a list said of the change of the company since the list before it: read, not worked out again."""
    evolution = Evolution.of(point.evolution, point.is_first_alert)
    return "" if evolution is None else _NOTES[evolution]
