"""What to know beside the level: flags of the list, expert rules that fired, level that the model alone gave."""

from __future__ import annotations

from dataclasses import dataclass

from signaux_faibles.domain.niveau import Niveau
from signaux_faibles.web.entreprises.selectors import SheetData
from signaux_faibles.web.releases.codes import Code
from signaux_faibles.web.releases.levels import places_text
from signaux_faibles.web.ui.typography import INSECABLE, plural, spaced


@dataclass(frozen=True)
class ASavoir:
    """`flags` and `rules` hold only what the agent may read; `places` says what gave the level, if not thresholds."""

    places: str
    flags: tuple[Code, ...]
    rules: tuple[Code, ...]
    before_rules: str


def build_a_savoir(data: SheetData) -> ASavoir | None:
    """The block; None when there is nothing to tell."""
    places = places_text(data.release) if data.score is not None and data.score.niveau else ""
    if not places and not data.flags and not data.rules:
        return None
    return ASavoir(places, data.flags, data.rules, _before_rules(data))


def _before_rules(data: SheetData) -> str:
    """Level of the model alone, when rules changed it and all may be told: otherwise it would tell of the others."""
    score = data.score
    if score is None or not score.niveau or not score.niveau_avant_regles or score.niveau == score.niveau_avant_regles:
        return ""
    if len(data.rules) < len(score.redressements or ()):
        return ""
    before, now = Niveau(score.niveau_avant_regles), Niveau(score.niveau)
    verb = "relevé" if now.rank > before.rank else "abaissé"
    subject = plural(len(data.rules), "La règle ci-dessous a", "Les règles ci-dessous ont")
    level = spaced(before.label)
    return f"{subject} {verb} le niveau. Le modèle seul disait{INSECABLE}: {level[:1].lower()}{level[1:]}."
