"""The report for everybody: one page, in French, without a word of statistics that is not explained."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from signaux_faibles.evaluation.drift import Drift, warning
from signaux_faibles.evaluation.rapport import plots
from signaux_faibles.evaluation.rapport.regles import rules_words
from signaux_faibles.evaluation.rapport.words import (
    PROTOCOL_LABELS,
    by_protocol,
    count,
    decimal,
    interval,
    months,
    otherwise_words,
    out_of_100,
    percent,
    percent_interval,
    table,
)

FAIR_RATIO = (0.8, 1.25)
"""Observed over expected between which a percentage is said to be about right."""


@dataclass(frozen=True)
class Setting:
    """What a report is about, beyond its backtest.

    Parameters
    ----------
    model_id : str
    is_synthetic : bool
    drift : Drift or None
        Of the month of the list; None outside a release.
    otherwise : tuple of str
        Inputs of the backtest (`model.card.DECISIVE`) that are not those of the model.
    """

    model_id: str
    is_synthetic: bool
    drift: Drift | None = None
    otherwise: tuple[str, ...] = ()


def plain_page(report: Mapping[str, Any], setting: Setting) -> dict[str, str]:
    """Files of the page: `rapport.md` and its drawings."""
    drawn = [plots.alerts(report), plots.calibration(report), plots.leads(report), plots.origins(report)]
    sectors = plots.sectors(report)
    alerts, calibration, leads, origins = (plot.markdown for plot in drawn)
    parts = [
        _head(report, setting),
        f"## Que vaut une alerte ?\n\n{_alert_words(report)}\n\n{alerts}\n{_both(report)}",
        f"## Le pourcentage affiché est-il juste ?\n\n{_calibration_words(report)}\n\n{calibration}",
        f"## Combien de temps à l'avance ?\n\n{_lead_words(report)}\n\n{leads}",
        f"## Que trouve un service qui a peu de temps ?\n\n{_capacity(report)}",
        f"## Où se trompe-t-il ?\n\n{_slice_words(report)}\n\n{sectors.markdown if sectors else ''}",
        f"## Est-il le même d'une année à l'autre ?\n\n{_stability_words(report)}\n\n{origins}",
        f"## Que changeraient les règles d'experts ?\n\n{rules_words(report['rules'])}",
        LIMITS,
    ]
    files = {plot.name: plot.svg for plot in [*drawn, *([sectors] if sectors else [])]}
    return {"rapport.md": "\n".join(part.rstrip() + "\n" for part in parts), **files}


def _head(report: Mapping[str, Any], setting: Setting) -> str:
    origins = report["origins"]
    dates = ", ".join(months(origin["month"]) for origin in origins)
    made = (
        f"À {len(origins)} dates passées ({dates}), la recette du modèle"
        if len(origins) > 1
        else f"À une date passée ({dates}), la recette du modèle"
    )
    invented = (
        "**Ces chiffres portent sur une France inventée : ils ne disent rien de la vraie.**\n\n"
        if setting.is_synthetic
        else ""
    )
    alarm = warning(setting.drift) if setting.drift else ""
    head = "".join(f"**{said}**\n\n" for said in (alarm, otherwise_words(setting.otherwise)) if said)
    return f"""# Rapport d'évaluation du modèle

{invented}{head}Modèle {setting.model_id}. {made} a été apprise de nouveau avec ce que l'on savait alors, sur d'autres
entreprises que celles qu'elle juge. On regarde ensuite ce qui est arrivé, sur les douze mois jugés après chaque date,
dans les dix-huit mois qui suivent chacun. Tous les chiffres sont donnés deux fois : **sans** les entreprises dont la
procédure collective était déjà ouverte, ce qui dit ce que le modèle apporte de nouveau, et **avec** elles, pour se
comparer aux chiffres publiés ainsi, toujours plus flatteurs. Entre crochets, l'intervalle à 90 %. Le détail, tranche
par tranche, est dans [les tableaux](rapport_details.md).
"""


def _alert_words(report: Mapping[str, Any]) -> str:
    free = report["figures"]["without_known"]
    eleve, modere = free["eleve"], free["modere"]
    if not eleve["flagged_share"]:
        return "Aucune entreprise jugée n'atteint l'alerte élevée : le seuil est trop haut pour ces années."
    return (
        f"Sur 100 entreprises en alerte élevée, {out_of_100(eleve['precision'])} ont connu l'ouverture d'une procédure"
        f" dans les dix-huit mois, contre {out_of_100(free['base_rate'])} sur 100 entreprises prises au hasard. Les"
        f" alertes modérées et élevées réunies touchent {percent(modere['flagged_share'])} des entreprises et annoncent"
        f" {percent(modere['recall'])} des défaillances, et {percent(modere['jobs_recall'])} des emplois des"
        f" entreprises qui défaillent."
    )


def _both(report: Mapping[str, Any]) -> str:
    """The main figures, both protocols side by side."""
    both = by_protocol(report, "figures")
    lines = [
        ("Entreprises jugées", *(count(one["companies_count"]) for one in both)),
        ("Part de défaillances", *(percent(one["base_rate"]) for one in both)),
        ("Précision moyenne (1 : parfait)", *(interval(one["average_precision"]) for one in both)),
        ("Aire sous la courbe ROC (0,5 : hasard)", *(interval(one["auc"]) for one in both)),
    ]
    for level, word in (("eleve", "Alerte élevée"), ("modere", "Alerte modérée ou élevée")):
        lines += [
            (f"{word} : part des entreprises", *(percent(one[level]["flagged_share"]) for one in both)),
            (f"{word} : défaillent vraiment", *(percent(one[level]["precision"]) for one in both)),
            (f"{word} : défaillances annoncées", *(percent(one[level]["recall"]) for one in both)),
        ]
    lines.append(
        ("Défaillances observées pour une annoncée", *(decimal(one["observed_over_expected"]) for one in both))
    )
    return table(("", *PROTOCOL_LABELS.values()), lines)


def _calibration_words(report: Mapping[str, Any]) -> str:
    """Observed over expected, overall and at each level, each with what it means."""
    free = report["figures"]["without_known"]
    ratios = {
        "sur l'ensemble": free["observed_over_expected"],
        "parmi les alertes modérées et élevées": free["modere"]["observed_over_expected"],
        "parmi les alertes élevées": free["eleve"]["observed_over_expected"],
    }
    said = ", ".join(f"{decimal(ratio)} {where} ({_judged(ratio)})" for where, ratio in ratios.items())
    return (
        f"Pour une défaillance annoncée, on en observe {said}. Sur le dessin, deux courbes confondues diraient un"
        f" pourcentage exact."
    )


def _judged(ratio: float | None) -> str:
    """What a ratio of observed over expected says of the percentage shown."""
    if ratio is None:
        return "rien n'a été annoncé"
    low, high = FAIR_RATIO
    if ratio < low:
        return "**pourcentage affiché trop haut**"
    return "**pourcentage affiché trop bas**" if ratio > high else "pourcentage à peu près juste"


def _lead_words(report: Mapping[str, Any]) -> str:
    one = report["lead_times"][0]
    if not one["caught_count"]:
        return "Aucune défaillance n'a été précédée d'une alerte."
    return (
        f"Sur {count(one['failures_count'])} défaillances d'entreprises jugées dans les dix-huit mois d'avant,"
        f" {percent(one['caught_share'])} ont été précédées d'une alerte. La moitié de ces alertes sont venues plus de"
        f" {decimal(one['lead_median_months'], 0)} mois avant l'ouverture de la procédure. Une entreprise jugée pour la"
        f" première fois peu avant sa défaillance ne peut pas être annoncée plus tôt : l'avance réelle est un peu plus"
        f" longue."
    )


def _capacity(report: Mapping[str, Any]) -> str:
    both = by_protocol(report, "capacity")
    if not both[0]:
        return "Le département du siège n'est pas connu : ces chiffres ne peuvent pas être donnés."
    lines = [
        (
            f"{one['capacity']} entreprises",
            percent_interval(one["precision"]),
            percent_interval(one["recall"]),
            percent_interval(other["precision"]),
            percent_interval(other["recall"]),
        )
        for one, other in zip(*both, strict=True)
    ]
    head = ("", "Défaillent vraiment (sans)", "Défaillances trouvées (sans)", "Défaillent (avec)", "Trouvées (avec)")
    return (
        "En appelant chaque trimestre, dans chaque département, les premières entreprises de la liste, sans et avec les"
        f" procédures déjà connues :\n\n{table(head, lines)}"
    )


def _slice_words(report: Mapping[str, Any]) -> str:
    slices = {(one["dimension"], one["label"]): one for one in report["slices"]["without_known"]}
    words = [
        "Pour une défaillance annoncée, on en observe plus ou moins selon le secteur (1 : juste ; plus de 1 : le risque"
        " est sous-estimé)."
    ]
    industry = next((one for (kind, label), one in slices.items() if kind == "secteur" and label[:1] == "C"), None)
    if industry is not None:
        words.append(
            f"Dans l'industrie manufacturière, {percent(industry['positives_share'])} des entreprises défaillent,"
            f" {percent(industry['modere_share'])} sont en alerte, et on observe"
            f" {decimal(industry['observed_over_expected'])} défaillance pour une annoncée."
        )
    covid = next((one for (kind, label), one in slices.items() if kind == "periode" and "crise" in label), None)
    if covid is not None:
        words.append(
            f"Les années de crise sanitaire sont jugées à part : {percent(covid['positives_share'])} de défaillances,"
            f" {decimal(covid['observed_over_expected'])} observée pour une annoncée."
        )
    if not report["has_attributes"]:
        words.append("Le secteur, la région et l'âge ne sont pas donnés : le panel jugé n'est plus dans l'entrepôt.")
    return " ".join(words)


def _stability_words(report: Mapping[str, Any]) -> str:
    words = ["La précision moyenne est calculée à chaque date : deux dates n'ont pas le même modèle."]
    for one in report["churn"]:
        if one["level"] == "modere" and one["kind"] == "meme_origine":
            words.append(
                f"D'un mois au suivant, {percent(one['left_share'])} des alertes quittent la liste parce que le risque"
                f" a baissé, {percent(one['gone_share'])} parce que l'entreprise n'est plus jugée (procédure ouverte,"
                f" sortie du périmètre, issue encore inconnue), et {percent(one['entered_share'])} des alertes sont"
                f" nouvelles."
            )
        elif one["level"] == "modere":
            words.append(
                f"Quand le modèle est refait, {percent(one['left_share'])} des alertes sortent et"
                f" {percent(one['entered_share'])} sont nouvelles."
            )
    return " ".join(words)


LIMITS = """## Ce que ces chiffres ne disent pas

- Une entreprise en difficulté peut ne jamais défaillir, parce qu'elle a été aidée : une alerte « fausse » n'est pas un
  appel inutile.
- Les procédures amiables sont confidentielles : elles ne comptent pas comme des défaillances.
- Le modèle de la liste a appris plus de mois que ceux qui sont jugés ici : c'est la même recette, pas le même
  apprentissage.
- Une alerte est une raison d'appeler, jamais un verdict, et jamais un motif de contrôle.
"""
