"""What the expert rules would have changed in the alerts of a backtest: in a sentence, and rule by rule."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from signaux_faibles.domain.niveau import Niveau
from signaux_faibles.evaluation.rapport.words import count, percent, table

Effect = Mapping[str, Any]
"""`lists.rules.RulesEffect`, as JSON."""

UNKNOWN = (
    "Ces chiffres ne peuvent pas être donnés : le panel jugé n'est plus dans l'entrepôt, ou n'a pas les variables que"
    " ces règles lisent."
)

NOT_MEASURED = (
    "« Dette Urssaf déjà prépondérante » lit les contributions au score, que le jugement ne garde pas : elle n'est"
    " jamais remplie ici, et la hausse récente de la dette, qu'elle retient, compte donc plus souvent que dans une"
    " liste."
)


def rules_words(found: Effect | None) -> str:
    """What all the rules together would do to each level, in a sentence."""
    if found is None:
        return UNKNOWN
    said = []
    for niveau, word in ((Niveau.ELEVE, "alertes élevées"), (Niveau.MODERE, "alertes modérées ou élevées")):
        none, every = found["none"][niveau.value], found["every"][niveau.value]
        said.append(
            f"- {word} : {count(none['alerts_count'])} sans règle, {count(every['alerts_count'])} avec ;"
            f" défaillent vraiment {percent(none['precision_ratio'])} puis {percent(every['precision_ratio'])} ;"
            f" défaillances annoncées {percent(none['recall_ratio'])} puis {percent(every['recall_ratio'])}."
        )
    lines = "\n".join(said)
    return (
        "Les règles d'experts des listes de 2022 et 2023 sont éteintes : une liste ne les applique que si on le"
        " demande. Toutes appliquées à tous les mois jugés (une alerte compte chaque mois), hors procédures déjà"
        " connues, elles auraient donné :\n\n"
        f"{lines}\n\nRègle par règle : [les tableaux](rapport_details.md)."
    )


def rules_table(found: Effect | None) -> str:
    """Effect of each rule: alone, then what is lost when it alone is left out."""
    if found is None:
        return f"## Règles d'experts\n\n{UNKNOWN}\n"
    head = ("Règle", "Lignes où elle est remplie", "Dont défaillances", "Niveaux relevés", "Niveaux abaissés")
    fired = [
        (
            one["label"],
            count(one["fired_count"]),
            percent(one["fired_failures_count"] / one["fired_count"] if one["fired_count"] else None),
            count(one["raised_count"]),
            count(one["lowered_count"]),
        )
        for one in found["by_rule"]
    ]
    rules = found["by_rule"]
    levels = [
        ("Aucune règle", *_quality(found["none"])),
        *((f"{one['label']}, seule", *_quality(one["alone"])) for one in rules if one["alone"] != found["none"]),
        ("Toutes", *_quality(found["every"])),
        *(
            (f"Toutes sauf : {one['label']}", *_quality(one["without"]))
            for one in rules
            if one["without"] != found["every"]
        ),
    ]
    rows = f"{count(found['rows_count'])} lignes, dont {count(found['failures_count'])} défaillances"
    return (
        "## Règles d'experts\n\nÉteintes par défaut. Effet sur les niveaux du jugement, hors procédures déjà connues"
        f" ({rows}), sans regarder les dates auxquelles elles étaient en vigueur. Le second tableau tait celles qui n'y"
        f" changent rien : une règle sur les comptes ne compte qu'avec une autre. {NOT_MEASURED}\n\n"
        f"{table(head, fired)}\n{table(LEVEL_HEAD, levels)}"
    )


LEVEL_HEAD = (
    "Règles appliquées",
    "Alertes élevées",
    "Défaillent vraiment",
    "Défaillances annoncées",
    "Alertes modérées ou élevées",
    "Défaillent vraiment",
    "Défaillances annoncées",
)


def _quality(found: Effect) -> tuple[str, ...]:
    """Alerts, precision and recall of both levels."""
    return tuple(
        cell
        for niveau in (Niveau.ELEVE, Niveau.MODERE)
        for one in (found[niveau.value],)
        for cell in (count(one["alerts_count"]), percent(one["precision_ratio"]), percent(one["recall_ratio"]))
    )
