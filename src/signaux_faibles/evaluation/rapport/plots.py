"""Drawings of the report, and the sentence read instead of each."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from signaux_faibles.domain.periode import label_month
from signaux_faibles.evaluation.rapport.drawing import Drawing, Series, bars, lines
from signaux_faibles.evaluation.rapport.words import PROTOCOL_LABELS, by_protocol, decimal, percent

SECTORS_SHOWN = 8
NAF = "sections de la nomenclature d'activités"
SEPARATOR = " – "
"""Between the letter of a section and its label."""

TENTHS = "dixièmes des entreprises, du moins au plus risqué"


@dataclass(frozen=True)
class Plot:
    """A drawing of the report: name of its file, text read instead of it, its SVG, what its labels stand for."""

    name: str
    text: str
    svg: str
    legend: str = ""

    @property
    def markdown(self) -> str:
        """The drawing in a page of Markdown."""
        drawing = f"![{self.text.replace('[', '(').replace(']', ')')}]({self.name})\n"
        return f"{drawing}\n{self.legend}\n" if self.legend else drawing


def alerts(report: Mapping[str, Any]) -> Plot:
    """How many companies out of a hundred fail, at each level, under both protocols."""
    series = []
    for label, one in zip(PROTOCOL_LABELS.values(), by_protocol(report, "figures"), strict=True):
        shares = (one["base_rate"], one["modere"]["precision"], one["eleve"]["precision"])
        series.append(Series(label, tuple(share * 100 for share in shares)))
    free = [decimal(value, 1) for value in series[0].values]
    text = (
        f"Sur 100 entreprises, combien défaillent dans les 18 mois : {free[0]} parmi toutes celles qui sont jugées,"
        f" {free[1]} parmi celles en alerte modérée ou élevée, {free[2]} parmi celles en alerte élevée."
    )
    labels = ("toutes les entreprises", "alerte modérée ou élevée", "alerte élevée")
    return Plot("rapport_alertes.svg", text, bars(Drawing(text, labels, tuple(series), unit="/ 100")))


def calibration(report: Mapping[str, Any]) -> Plot:
    """What was announced and what happened, by tenth of the companies, without known proceedings."""
    bins = report["figures"]["without_known"]["calibration"]
    series = (
        Series("Annoncé", tuple(part["announced"] * 100 for part in bins)),
        Series("Observé", tuple(part["observed"] * 100 for part in bins)),
    )
    last = bins[-1]
    text = (
        f"Risque annoncé et part de défaillances observée, par dixième d'entreprises, du moins au plus risqué. Pour le"
        f" dixième le plus risqué : {percent(last['announced'])} annoncé, {percent(last['observed'])} observé."
    )
    labels = tuple(str(rank) for rank in range(1, len(bins) + 1))
    return Plot("rapport_calibration.svg", text, lines(Drawing(text, labels, series, axis=TENTHS)))


def origins(report: Mapping[str, Any]) -> Plot:
    """Average precision of each origin, under both protocols."""
    both = by_protocol(report, "figures")
    months = list(both[0]["average_precision_by_origin"])
    series = tuple(
        Series(label, tuple(one["average_precision_by_origin"].get(month) for month in months))
        for label, one in zip(PROTOCOL_LABELS.values(), both, strict=True)
    )
    known = [value for value in series[0].values if value is not None]
    spread = f", de {decimal(min(known), 3)} à {decimal(max(known), 3)} sans les procédures connues" if known else ""
    text = f"Précision moyenne à chaque date où le modèle a été appris de nouveau{spread}."
    labels = tuple(label_month(int(month)) for month in months)
    return Plot("rapport_dates.svg", text, bars(Drawing(text, labels, series, unit="", decimals=3)))


LEAD_LABELS = {
    "0-2": "moins de 3 mois",
    "3-5": "3 à 5 mois",
    "6-11": "6 à 11 mois",
    "12-17": "12 à 17 mois",
    "18+": "18 mois et plus",
}


def leads(report: Mapping[str, Any]) -> Plot:
    """How long before the proceeding the first alert came."""
    by_level = {one["level"]: one for one in report["lead_times"]}
    words = {"modere": "Alerte modérée ou élevée", "eleve": "Alerte élevée"}
    series = tuple(
        Series(word, tuple(100 * by_level[level]["by_class"][name] / total for name in LEAD_LABELS))
        for level, word in words.items()
        if (total := by_level[level]["failures_count"])
    )
    one = by_level["modere"]
    text = (
        f"Défaillances annoncées, selon le temps entre la première alerte et l'ouverture de la procédure :"
        f" {percent(one['caught_share'])} l'ont été par une alerte modérée ou élevée."
    )
    labels = tuple(LEAD_LABELS.values())
    return Plot("rapport_avance.svg", text, bars(Drawing(text, labels, series, unit="%")))


def sectors(report: Mapping[str, Any]) -> Plot | None:
    """Observed over expected in the largest sectors, without known proceedings; None when sectors are not known."""
    known = [
        one
        for one in report["slices"]["without_known"]
        if one["dimension"] == "secteur" and one["observed_over_expected"] is not None and SEPARATOR in one["label"]
    ][:SECTORS_SHOWN]
    if not known:
        return None
    values = tuple(one["observed_over_expected"] for one in known)
    low, high = min(known, key=_ratio), max(known, key=_ratio)
    text = (
        f"Défaillances observées pour une annoncée, dans les {len(known)} plus grands secteurs : de"
        f" {decimal(_ratio(low))} ({low['label']}) à {decimal(_ratio(high))} ({high['label']})."
    )
    labels = tuple(one["label"].split(SEPARATOR)[0] for one in known)
    drawn = Drawing(text, labels, (Series("Observé pour 1 annoncé", values),), unit="", decimals=2, axis=NAF)
    legend = " ; ".join(one["label"].replace(SEPARATOR, " : ") for one in known)
    return Plot("rapport_secteurs.svg", text, bars(drawn), f"{legend}.")


def _ratio(one: Mapping[str, Any]) -> float:
    return float(one["observed_over_expected"])
