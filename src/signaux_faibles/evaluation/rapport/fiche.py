"""The sheet of the algorithm: what the law asks an administration to say of an algorithm that helps it decide.

References
----------
Etalab, « Les algorithmes publics : enjeux et obligations », inventory of public algorithms; CRPA, articles L. 311-3-1
and L. 312-1-3.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from signaux_faibles.domain.periode import label_month, parse_month
from signaux_faibles.evaluation.rapport.words import (
    PROTOCOL_LABELS,
    count,
    decimal,
    interval,
    months,
    otherwise_words,
    percent,
    table,
)
from signaux_faibles.lists.places import Capacity


@dataclass(frozen=True)
class Sheet:
    """What the sheet is made from.

    Parameters
    ----------
    model_id : str
    status : str
        In French: `en service`, `candidat`, `retiré`.
    promoted_for : str
        Reason of its promotion; empty when there was none.
    card : mapping
        Card of the model.
    features_by_theme : mapping of str to int
        Features read, by French theme.
    sources : sequence of str
        French names of the data.
    figures : mapping or None
        Figures of the backtest of its recipe, by protocol; None when it was not judged.
    backtest_id : str
    is_synthetic : bool
    otherwise : tuple of str
        Inputs of that backtest that are not those of the model.
    capacity : Capacity, optional
        Places that gave the levels of the list told of; the thresholds of the model did without.
    """

    model_id: str
    status: str
    promoted_for: str
    card: Mapping[str, Any]
    features_by_theme: Mapping[str, int]
    sources: Sequence[str]
    figures: Mapping[str, Any] | None
    backtest_id: str
    is_synthetic: bool
    otherwise: tuple[str, ...] = ()
    capacity: Capacity | None = None


def sheet_page(sheet: Sheet) -> str:
    """The sheet, in Markdown."""
    parts = [
        _identity(sheet),
        WHY,
        _data(sheet),
        _method(sheet),
        HUMAN,
        _figures(sheet),
        LIMITS,
        RECOURSE,
    ]
    return "\n".join(parts)


def _identity(sheet: Sheet) -> str:
    said = f" Motif de sa mise en service : {sheet.promoted_for}." if sheet.promoted_for else ""
    invented = "\n**Modèle d'une France inventée : rien ici ne porte sur de vraies entreprises.**\n"
    return f"""# Fiche de l'algorithme « Signaux Faibles »
{invented if sheet.is_synthetic else ""}
## Identité

- **Nom** : Signaux Faibles, détection précoce des entreprises en difficulté.
- **Administration responsable** : celle qui exploite le service (en France, la direction générale des entreprises avec
  ses partenaires : Urssaf, DGFiP, Banque de France, DGEFP).
- **Modèle décrit** : {sheet.model_id}, {sheet.status}.{said}
- **Recette** : {sheet.card["inputs"]["recipe"]["title"]}.
- **Données arrêtées** : fin {label_month(parse_month(sheet.card["inputs"]["as_of"]))}.
- **Type** : apprentissage automatique supervisé ; le calcul est fait à chaque liste, sur toutes les entreprises du
  périmètre.
"""


WHY = """## À quoi il sert

- **Objectif** : dire à des agents de l'État quelles entreprises risquent d'ouvrir une procédure collective dans les
  dix-huit mois, pour qu'ils leur proposent une aide avant qu'il ne soit trop tard.
- **Ce qu'il produit** : une probabilité, un niveau (alerte élevée, alerte modérée, pas d'alerte) et les raisons qui ont
  déplacé le risque de cette entreprise.
- **Personnes concernées** : les entreprises employeuses du périmètre, personnes morales. Les entrepreneurs individuels
  n'en font pas partie.
- **Ce à quoi il ne sert pas** : ni contrôle, ni sanction, ni attribution d'une aide, ni note de crédit. Les listes ne
  sont pas publiques, et un agent ne voit que son territoire.
"""


def _data(sheet: Sheet) -> str:
    lines = [(theme, str(number)) for theme, number in sheet.features_by_theme.items()]
    is_filled = bool(sheet.card["inputs"]["recipe"]["fill_missing_with_zero"])
    return f"""## Les données

Le modèle lit {sum(sheet.features_by_theme.values())} variables, calculées à partir de : {", ".join(sheet.sources)}. Une
donnée n'est utilisée que pour les mois où elle était déjà connue ; {MISSING[is_filled]}.
Aucune variable ne décrit une personne physique. Chaque variable est décrite, avec son calcul et sa source, dans le
dictionnaire de la publication.

{table(("Thème", "Variables"), lines)}"""


MISSING = {
    False: "une donnée inconnue reste\ninconnue, elle n'est jamais remplacée par zéro",
    True: "une donnée inconnue est\nremplacée par zéro, comme le faisait le modèle que cette recette imite",
}


def _method(sheet: Sheet) -> str:
    card, meaning = sheet.card, sheet.card["meaning"]
    calibrator = CALIBRATORS.get(str(meaning["calibrator"].get("kind")), str(meaning["calibrator"].get("kind")))
    return f"""## Comment il calcule

1. **Apprendre** : le modèle compare {count(card["training"]["rows_count"])} situations passées (une entreprise, un
   mois), dont {count(card["training"]["positives_count"])} suivies d'une procédure dans les dix-huit mois
   (mois appris : {months(card["inputs"]["train"])}). Les mois où une procédure était déjà ouverte sont
   écartés.
2. **Donner un pourcentage qui veut dire ce qu'il dit** : le score est ramené à une probabilité par une calibration
   ({calibrator}), réglée sur des entreprises que le modèle n'avait pas vues.
3. **Donner un niveau** : {_levels(card, sheet.capacity)}.
4. **Expliquer** : la part de chaque donnée dans le risque de l'entreprise est calculée exactement, et leur somme
   redonne le risque affiché.

Le code est sous licence libre (MIT), et deux calculs à partir des mêmes données donnent les mêmes résultats.
"""


def _levels(card: Mapping[str, Any], capacity: Capacity | None) -> str:
    """What gives a level: the thresholds of the model, or the places of each departement."""
    if capacity is None:
        eleve, modere = (percent(card["meaning"]["thresholds"][level]) for level in ("eleve", "modere"))
        return f"""alerte élevée à partir de {eleve}
   ({_threshold(card, "eleve")}), alerte modérée à partir de {modere}
   ({_threshold(card, "modere")})"""
    next_ones = capacity.alerts - capacity.eleve
    moderate = f"modérée pour {_companies(next_ones, 'suivante')}" if next_ones else "aucune alerte modérée"
    return f"""dans chaque département, les entreprises sont rangées par score, et une alerte va à celles que les
   agents peuvent rencontrer en un trimestre : alerte élevée pour {_companies(capacity.eleve, "première")},
   {moderate}. Une entreprise déjà en alerte dans le trimestre passe d'abord. Les seuils du
   modèle, que jugent les chiffres plus bas, n'ont donné aucun niveau de cette liste"""


def _companies(number: int, word: str) -> str:
    """`la première`, `les 10 premières`..."""
    return f"la {word}" if number == 1 else f"les {count(number)} {word}s"


def _threshold(card: Mapping[str, Any], level: str) -> str:
    """How the threshold of a level was chosen."""
    floor = card["inputs"]["recipe"].get(f"{level}_precision_ratio")
    if floor is not None:
        return f"le plus bas seuil dont au moins {percent(floor, 0)} des alertes étaient justes"
    return {
        "eleve": "meilleur compromis quand une fausse alerte coûte plus qu'un oubli",
        "modere": "meilleur compromis quand un oubli coûte plus qu'une fausse alerte",
    }[level]


CALIBRATORS = {"platt": "courbe de Platt", "beta": "courbe bêta", "isotonic": "régression isotonique"}

HUMAN = """## La place de l'humain

- **Aucune décision n'est automatique.** Une alerte ne déclenche rien par elle-même : un agent lit la fiche, vérifie,
  puis décide ou non de prendre contact.
- L'agent voit les raisons du niveau, les chiffres de l'entreprise dont elles viennent, et jusqu'à quel mois chaque
  source est connue.
- Des règles d'experts peuvent s'ajouter au modèle ; elles sont éteintes par défaut, et chaque niveau qu'elles changent
  le dit.
- Le choix du modèle en service est une décision humaine, motivée et inscrite au registre ; on peut revenir au
  précédent.
"""


def _figures(sheet: Sheet) -> str:
    """Figures under both protocols, or that there are none."""
    if sheet.figures is None:
        return "## Ce qu'il vaut\n\nCe modèle n'a pas été évalué : ses alertes ne doivent pas être utilisées.\n"
    both = [sheet.figures[protocol] for protocol in PROTOCOL_LABELS]
    lines = [
        ("Part de défaillances", *(percent(one["base_rate"]) for one in both)),
        ("Précision moyenne", *(interval(one["average_precision"]) for one in both)),
        ("Aire sous la courbe ROC", *(interval(one["auc"]) for one in both)),
        ("Alerte élevée : défaillent vraiment", *(percent(one["eleve"]["precision"]) for one in both)),
        ("Alerte élevée : défaillances annoncées", *(percent(one["eleve"]["recall"]) for one in both)),
        ("Alerte modérée ou élevée : défaillent vraiment", *(percent(one["modere"]["precision"]) for one in both)),
        ("Alerte modérée ou élevée : défaillances annoncées", *(percent(one["modere"]["recall"]) for one in both)),
        ("Défaillances observées pour une annoncée", *(decimal(one["observed_over_expected"]) for one in both)),
    ]
    alarm = f"**{said}**\n\n" if (said := otherwise_words(sheet.otherwise)) else ""
    return f"""## Ce qu'il vaut

{alarm}Jugement {sheet.backtest_id} : la recette est apprise de nouveau à des dates passées, puis jugée sur des
entreprises qu'elle n'a jamais vues, à des mois postérieurs. Le premier protocole dit ce que le modèle annonce de
nouveau ; le second compte aussi les entreprises dont la procédure était déjà ouverte, comme l'ont fait des chiffres
publiés. Entre crochets, l'intervalle à 90 %.

{table(("", *PROTOCOL_LABELS.values()), lines)}"""


LIMITS = """## Ses limites

- Il apprend du passé : une crise, une aide ou une règle nouvelles lui échappent.
- Il ne voit ni les procédures amiables, ni un client perdu, ni une commande signée.
- Il se trompe plus dans les secteurs et les territoires où les défaillances sont rares : le rapport d'évaluation le dit
  tranche par tranche.
- Une corrélation n'est pas une cause : les raisons disent ce qui a déplacé le score, pas ce qui sauverait l'entreprise.
- L'absence d'alerte n'est pas un certificat de bonne santé.
"""

RECOURSE = """## Vos droits

- Une alerte n'est pas une décision : elle n'ouvre ni ne ferme aucun droit.
- Une entreprise peut demander à l'administration qui exploite le service si elle a été signalée, quelles données ont
  servi et comment, dans les limites des secrets protégés par la loi (secret fiscal, secret des affaires) ; à défaut de
  réponse dans le délai d'un mois, elle peut saisir la Commission d'accès aux documents administratifs (CADA).
- Elle peut faire corriger une donnée fausse auprès de l'organisme qui la détient (Urssaf, Insee, greffe), la correction
  entrant dans la liste suivante.
"""
