"""Why this alert: the waterfall, then each theme with its features."""

from __future__ import annotations

from dataclasses import dataclass

from signaux_faibles.domain.data_class import DataClass
from signaux_faibles.web.entreprises.blocks.notice import Empty, Locked
from signaux_faibles.web.entreprises.blocks.terms import (
    Feature,
    Reason,
    Term,
    cascade_of,
    features_of,
    reasons_of,
    sentence_of,
    themes_of,
)
from signaux_faibles.web.entreprises.conclusions.risque import conclude_cascade
from signaux_faibles.web.entreprises.selectors import SheetData
from signaux_faibles.web.releases.context import SOURCE_LABELS
from signaux_faibles.web.releases.levels import drawn_thresholds
from signaux_faibles.web.releases.models import Release
from signaux_faibles.web.ui.charts.cascade import Cascade, cascade_chart, cascade_table
from signaux_faibles.web.ui.charts.frame import Caption, TwinTable, figure, table
from signaux_faibles.web.ui.charts.markup import Markup
from signaux_faibles.web.ui.charts.wording import french, points
from signaux_faibles.web.ui.typography import INSECABLE, joined, month, spaced


@dataclass(frozen=True)
class ThemeDetail:
    """One theme, unfolded."""

    label: str
    points: str
    css: str
    sentence: str
    features: Markup | None
    missing: str
    is_open: bool


@dataclass(frozen=True)
class ReasonLine:
    """A reason to read first, as displayed."""

    label: str
    told: str
    points: str


@dataclass(frozen=True)
class Pourquoi:
    """The waterfall, the reasons to read first, and the themes."""

    figure: Markup
    note: str
    concerning: tuple[ReasonLine, ...]
    reassuring: tuple[ReasonLine, ...]
    themes: tuple[ThemeDetail, ...]


def build_pourquoi(data: SheetData) -> Pourquoi | Locked | Empty | None:
    """The block; None for a company that has no score, about which the top of the sheet has said enough."""
    if not data.can_read(DataClass.SCORE):
        return Locked(
            "Explications verrouillées", "Le risque, ses raisons et son historique ne sont lus que dans la zone."
        )
    score = data.score
    if score is None or score.probability_18m is None:
        return None
    cascade = cascade_of(
        data.explications,
        score.probability_18m,
        **drawn_thresholds(data.release),
    )
    if cascade is None:
        return Empty(
            "Explication indisponible",
            "Les raisons de ce score manquent dans la publication, ou ne redonnent pas le risque affiché.",
        )
    caption = Caption(
        conclude_cascade(cascade.base, cascade.total),
        "points de probabilité",
        "On part du risque moyen. Chaque barre ajoute ou retire des points\u202f; "
        "leur somme donne exactement le risque affiché.",
        model_source(data.release),
    )
    drawn = figure(caption, cascade_chart(cascade), cascade_table(cascade))
    return Pourquoi(
        figure=drawn,
        note=sentence_of(data.explications, "base"),
        concerning=_reasons(reasons_of(data.explications, "preoccupant")),
        reassuring=_reasons(reasons_of(data.explications, "rassurant")),
        themes=_details(data, cascade),
    )


def _reasons(reasons: list[Reason]) -> tuple[ReasonLine, ...]:
    return tuple(ReasonLine(one.label, one.told, points(100 * one.value)) for one in reasons)


def model_source(release: Release) -> str:
    """Line under a chart of what the model says."""
    return (
        f"Source{INSECABLE}: Signaux Faibles, modèle {release.model_id}, données arrêtées à fin {month(release.as_of)}."
    )


def _details(data: SheetData, cascade: Cascade) -> tuple[ThemeDetail, ...]:
    shown = cascade.rounded()[1:]
    return tuple(
        _detail(data, term, value, is_open=rank == 0)
        for rank, (term, value) in enumerate(zip(themes_of(data.explications), shown, strict=True))
    )


def _detail(data: SheetData, term: Term, shown: float, *, is_open: bool) -> ThemeDetail:
    features = features_of(data.explications, term, shown)
    label = spaced(term.label)
    css = "sf-hausse" if shown > 0 else "sf-baisse" if shown < 0 else ""
    return ThemeDetail(
        label=label,
        points=points(shown),
        css=css,
        sentence=term.told,
        features=_features_table(label, features) if features else None,
        missing=_missing(data.release, term.theme),
        is_open=is_open,
    )


def _missing(release: Release, theme: str) -> str:
    """What a theme does without: sources that nobody delivered before the list was made."""
    names = release.manifest.get("missing_themes", {}).get(theme, ())
    if not names:
        return ""
    labels = joined([SOURCE_LABELS.get(name, name) for name in names])
    return spaced(f"Données jamais reçues à cette date : {labels}. Le risque de ce thème est estimé sans elles.")


def _features_table(label: str, features: list[Feature]) -> Markup:
    rows = tuple(
        (f"{one.label}. {one.told}" if one.told else one.label, one.value, french(one.points, 1, signed=True))
        for one in features
    )
    twin = TwinTable(f"{label}{INSECABLE}: variables", ("Variable", "Entreprise", "Points"), rows)
    return table(twin, is_folding=True)
