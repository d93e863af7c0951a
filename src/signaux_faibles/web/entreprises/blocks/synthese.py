"""Top of the sheet: how high, why in one sentence, and what the figure means."""

from __future__ import annotations

from dataclasses import dataclass

from signaux_faibles.domain.data_class import DataClass
from signaux_faibles.domain.niveau import Niveau, niveau_of
from signaux_faibles.domain.procol import EtatProcol
from signaux_faibles.domain.theme import Theme
from signaux_faibles.web.entreprises.blocks.notice import Empty, Locked
from signaux_faibles.web.entreprises.blocks.terms import Term, sentence_of, themes_of
from signaux_faibles.web.entreprises.conclusions.risque import between, headline
from signaux_faibles.web.entreprises.selectors import SheetData
from signaux_faibles.web.releases.levels import is_by_places
from signaux_faibles.web.releases.models import Release, Score
from signaux_faibles.web.ui.charts.gaufre import waffle
from signaux_faibles.web.ui.charts.markup import Markup
from signaux_faibles.web.ui.typography import INSECABLE, joined, number, of_month, spaced

_NOUNS = {
    Theme.DETTE_URSSAF: ("la dette envers l’Urssaf", "de la dette envers l’Urssaf"),
    Theme.SANTE_FINANCIERE: ("la santé financière", "de la santé financière"),
    Theme.ACTIVITE_PARTIELLE: ("le recours à l’activité partielle", "du recours à l’activité partielle"),
    Theme.RETARDS_PAIEMENT: ("les retards de paiement", "des retards de paiement"),
    Theme.EFFECTIF: ("l’évolution de l’effectif", "de l’évolution de l’effectif"),
    Theme.IDENTITE: (
        "le profil de l’entreprise (secteur, âge, taille)",
        "du profil de l’entreprise (secteur, âge, taille)",
    ),
}

_OPENINGS = {
    Niveau.ELEVE: "Le risque est élevé",
    Niveau.MODERE: "Le risque est modéré",
    Niveau.AUCUN: "Le risque est sous les seuils d’alerte",
}
_WITHOUT_PLACE = "L’entreprise n’est pas en alerte dans cette liste"
"""The same when places gave the levels: a risk without alert may be above any threshold."""

_FROM_THE_PAST = (
    f"Le passé ne permet pas d’être plus précis{INSECABLE}: 9{INSECABLE}fois sur{INSECABLE}10, le risque réel d’un tel"
    " score est dans cet intervalle."
)
_UNKNOWN = "peu_d_informations"
_LITTLE_KNOWN = (
    f"On ne sait presque rien de l’entreprise{INSECABLE}: son risque peut être celui de 9{INSECABLE}entreprises"
    f" sur{INSECABLE}10, toutes dans cet intervalle."
)
"""Why the bounds of a risk are what they are."""

_NOTABLE = 0.005
"""Half a point: under it a theme is not worth a word."""


@dataclass(frozen=True)
class Synthese:
    """What the top of the sheet says of a scored company."""

    niveau: str
    opening: str
    headline: str
    interval: str
    meaning: str
    doubt: str
    before: str
    because: str
    sentence: str
    relief: str
    waffle: Markup
    odds: str
    others: str
    similar: str


def build_synthese(data: SheetData) -> Synthese | Locked | Empty:
    """The top of the sheet."""
    if not data.can_read(DataClass.SCORE):
        return Locked("Niveau verrouillé", "Le niveau d’alerte, ses raisons et son historique sont confidentiels.")
    score = data.score
    if score is None or score.probability_18m is None or not score.niveau:
        return _unscored(data)
    terms = themes_of(data.explications)
    raising = [term for term in terms if term.value >= _NOTABLE][:2]
    lowering = [term for term in terms if term.value <= -_NOTABLE][:2]
    level = Niveau(score.niveau)
    out_of_100 = min(max(round(100 * score.probability_18m), 0), 100)
    return Synthese(
        niveau=level.value,
        opening=_WITHOUT_PLACE if level is Niveau.AUCUN and is_by_places(data.release) else _OPENINGS[level],
        headline=headline(score.probability_18m),
        interval=_interval(score),
        meaning=_LITTLE_KNOWN if any(flag.name == _UNKNOWN for flag in data.flags) else _FROM_THE_PAST,
        doubt=_doubt(score, data.release),
        before=_before(data),
        because=_because(level, raising),
        sentence=raising[0].told if raising else "",
        relief=_relief(lowering),
        waffle=waffle(out_of_100),
        odds=_odds(score.probability_18m, out_of_100),
        others=_others(100 - out_of_100, is_alert=level is not Niveau.AUCUN),
        similar=sentence_of(data.explications, "similaires"),
    )


def _interval(score: Score) -> str:
    """Bounds of the probability; empty when the release has none."""
    if score.probability_low is None or score.probability_high is None:
        return ""
    return between(score.probability_low, score.probability_high)


def _doubt(score: Score, release: Release) -> str:
    """What the bounds change: nothing when both are at one level, or when no threshold gave it."""
    if is_by_places(release) or score.probability_low is None or score.probability_high is None:
        return ""
    low, high = (
        niveau_of(bound, threshold_eleve=release.threshold_eleve, threshold_modere=release.threshold_modere)
        for bound in (score.probability_low, score.probability_high)
    )
    if low is high:
        return ""
    names = [f"«{INSECABLE}{spaced(level.label).lower()}{INSECABLE}»" for level in (low, high)]
    return f"D’une borne à l’autre, le niveau irait de {names[0]} à {names[1]}."


def _before(data: SheetData) -> str:
    """Probability in the list before this one."""
    earlier = [row for row in data.historique if row.list < data.release.list_month]
    where = f"dans la liste {of_month(earlier[-1].list)}" if earlier else "dans la liste précédente"
    value = None if data.score is None else data.score.probability_precedente
    if value is not None:
        return f"Il était de {headline(value)} {where}."
    return f"L’entreprise n’était pas scorée {where}." if earlier else "Première liste où l’entreprise est scorée."


def _because(level: Niveau, raising: list[Term]) -> str:
    if not raising:
        return ""
    causes = joined([_NOUNS[term.theme][1] for term in raising])
    return f"surtout à cause {causes}" if level is not Niveau.AUCUN else f"malgré l’effet {causes}"


def _relief(lowering: list[Term]) -> str:
    if not lowering:
        return ""
    names = joined([_NOUNS[term.theme][0] for term in lowering])
    is_plural = len(lowering) > 1 or lowering[0].theme is Theme.RETARDS_PAIEMENT
    return f"{names[0].upper()}{names[1:]} {'l’atténuent' if is_plural else 'l’atténue'}."


def _odds(probability: float, out_of_100: int) -> str:
    """The probability as a natural frequency."""
    horizon = f"dans les 18{INSECABLE}mois"
    if out_of_100 == 0:
        return f"Sur 100 entreprises au même risque, moins d’une ouvrira une procédure collective {horizon}."
    verb = "ouvrira" if out_of_100 == 1 else "ouvriront"
    count = "une" if out_of_100 == 1 else f"{out_of_100}"
    return f"Sur 100 entreprises au même risque, environ {count} {verb} une procédure collective {horizon}."


def _others(count: int, *, is_alert: bool) -> str:
    """The rest of the hundred, and what an alert is."""
    subject = {0: "", 1: "L’autre, non", 100: "Les autres, non"}.get(count, f"Les {number(count)} autres, non")
    warning = "une alerte est une raison d’appeler, pas un verdict." if is_alert else ""
    if subject and warning:
        return f"{subject}{INSECABLE}: {warning}"
    return f"{subject}." if subject else warning.capitalize()


def _unscored(data: SheetData) -> Empty:
    exclusion = None if data.score is None else data.score.exclusion
    if exclusion == "procedure":
        state = EtatProcol(data.etat_procol).label.lower() if data.etat_procol else "procédure collective"
        return Empty(
            "Pas de score : une procédure collective est déjà ouverte",
            f"Le service annonce les procédures à venir ; celle-ci est connue ({state}). "
            "Les données de l’entreprise restent affichées ci-dessous.",
        )
    if exclusion == "hors_perimetre":
        return Empty(
            "Pas de score : entreprise hors du périmètre du modèle",
            "Le modèle n’examine que les entreprises en activité, hors entrepreneurs individuels, organismes publics "
            "et financiers, dont l’effectif a atteint le seuil retenu. L’absence de score ne dit rien de leur santé.",
        )
    return Empty(
        "Pas de score dans cette liste",
        "L’entreprise n’a pas été examinée par le modèle pour cette liste. L’absence de score ne dit rien de sa santé.",
    )
