"""A company of a published list in the layouts of today's consumers."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from pathlib import Path

import pyarrow as pa
import pyarrow.compute as pc

from signaux_faibles.domain.niveau import Niveau
from signaux_faibles.domain.periode import batch_key, parse_month
from signaux_faibles.domain.rounding import round_to_total
from signaux_faibles.domain.territoire import departements
from signaux_faibles.domain.theme import Theme
from signaux_faibles.lists.rules import RULES
from signaux_faibles.release.manifest import Manifest
from signaux_faibles.release.reader import read_table

ALERT = {Niveau.ELEVE: "Alerte seuil F1", Niveau.MODERE: "Alerte seuil F2", Niveau.AUCUN: "Pas d'alerte"}
"""Labels that the consumers test; the model of 2024 wrote `Alerte seuil F1/2`, which none of them knows."""

BASE = "base"
"""Where the points of the average company are kept, before those of the themes."""

FRONT_TOPICS = {
    BASE: "Risque-moyen-de-départ",
    Theme.DETTE_URSSAF: "Dettes-sociales",
    Theme.SANTE_FINANCIERE: "Données-financières",
    Theme.ACTIVITE_PARTIELLE: "Recours-à-l'activité-partielle",
    Theme.RETARDS_PAIEMENT: "Retards-de-paiement-fournisseurs",
    Theme.EFFECTIF: "Variation-de-l'effectif-de-l'entreprise",
    Theme.IDENTITE: "Secteur-âge-et-taille",
}

API_TOPICS = {
    BASE: "model_offset",
    Theme.DETTE_URSSAF: "dette_urssaf",
    Theme.SANTE_FINANCIERE: "santé_financière",
    Theme.ACTIVITE_PARTIELLE: "activité_partielle",
    Theme.RETARDS_PAIEMENT: "retards_paiement",
    Theme.EFFECTIF: "misc",
    Theme.IDENTITE: "identité",
}

OTHERS = "autres"
"""Feature that stands for the small ones of a theme."""

SELECTED_COUNT = 3
"""Features named as concerning, and as reassuring."""

DECIMALS = 4

Row = Mapping[str, object]
Points = Mapping[str, Mapping[str, float]]
"""Points of percentage by theme (or `base`), then by feature; all of them add up to the risk in percent."""


@dataclass(frozen=True)
class Entry:
    """A company that has a level.

    Parameters
    ----------
    score, entreprise : mapping
        Its rows of the tables `scores` and `entreprises` of the release.
    probability : float
    niveau, niveau_avant_regles : Niveau
    points : mapping of str to mapping of str to float
        Empty without alert.
    """

    score: Row
    entreprise: Row
    probability: float
    niveau: Niveau
    niveau_avant_regles: Niveau
    points: Points

    def macro(self, topics: Mapping[str, str]) -> dict[str, float]:
        """Points of each topic; they add up to the risk in percent, to the last decimal."""
        return {topics[theme]: round(sum(features.values()), DECIMALS) for theme, features in self.points.items()}


@dataclass(frozen=True)
class Publication:
    """A published list, as its release holds it."""

    manifest: Manifest
    scores: pa.Table
    explications: pa.Table
    entreprises: pa.Table

    @classmethod
    def read(cls, folder: Path, manifest: Manifest) -> Publication:
        """List of a release; of the explanations, those of the companies alerted."""
        scores, explications = read_table(folder, "scores"), read_table(folder, "explications")
        alerted = scores.filter(pc.is_in(scores["niveau"], pa.array([Niveau.ELEVE.value, Niveau.MODERE.value])))
        kept = explications.filter(pc.is_in(explications["siren"], alerted["siren"].combine_chunks()))
        return cls(manifest, scores, kept, read_table(folder, "entreprises"))

    @property
    def without_level_count(self) -> int:
        """Companies of the list that have no level."""
        return int(self.scores["niveau"].null_count)

    def entries(self) -> Iterator[Entry]:
        """Companies that have a level, by siren."""
        columns = ["siren", "code_naf", "code_commune", "region"]
        companies = {row["siren"]: row for row in self.entreprises.select(columns).to_pylist()}
        lines: dict[str, list[Row]] = {}
        for line in self.explications.to_pylist():
            lines.setdefault(line["siren"], []).append(line)
        for batch in self.scores.to_batches():
            for score in batch.to_pylist():
                if score["niveau"] is not None:
                    yield _entry(score, companies.get(score["siren"], {}), lines.get(score["siren"], []))


def front_entry(entry: Entry, manifest: Manifest) -> dict[str, object]:
    """Layout of the service of 2024; explanations of the alerts only."""
    content: dict[str, object] = {
        "siren": entry.score["siren"],
        "code_naf": entry.entreprise.get("code_naf"),
        "code_commune": entry.entreprise.get("code_commune"),
        "région": _regions().get(str(entry.entreprise.get("region"))),
        "Risque de défaillance": _percent(entry.probability),
        "alert": ALERT[entry.niveau],
        "idListe": manifest.list_label,
        "batch": batch_key(parse_month(manifest.list_month)),
        "algo": manifest.model_id,
        "période": f"{manifest.list_month}-01",
        "Seuil modéré": manifest.threshold_modere,
        "Seuil fort": manifest.threshold_eleve,
    }
    if entry.points:
        content["macroExpl"] = entry.macro(FRONT_TOPICS)
        content["microExpl"] = {FRONT_TOPICS[theme]: dict(features) for theme, features in entry.points.items()}
    return content


def api_entry(entry: Entry, manifest: Manifest) -> dict[str, object]:
    """Layout of the interface before it: a score from 0 to 1, its change, the rules that fired."""
    before = entry.score["probability_precedente"]
    content: dict[str, object] = {
        "siren": entry.score["siren"],
        "score": entry.probability,
        "diff": entry.probability - before if isinstance(before, float) else None,
        "alert": ALERT[entry.niveau],
        "alertPreRedressements": ALERT[entry.niveau_avant_regles],
        "redressements": _references(entry.score["redressements"]),
        "periode": f"{manifest.list_month}-01T00:00:00Z",
        "batch": batch_key(parse_month(manifest.list_month)),
        "idListe": manifest.list_label,
        "algo": manifest.model_id,
    }
    if entry.points:
        content["explSelection"] = _selection(entry.points)
        content["macroExpl"] = entry.macro(API_TOPICS)
        content["microExpl"] = _flat(entry.points)
    return content


def _entry(score: Row, entreprise: Row, lines: Sequence[Row]) -> Entry:
    probability = float(str(score["probability_18m"]))
    niveau = Niveau(str(score["niveau"]))
    return Entry(
        score=score,
        entreprise=entreprise,
        probability=probability,
        niveau=niveau,
        niveau_avant_regles=Niveau(str(score["niveau_avant_regles"] or niveau)),
        points=_points(lines, _percent(probability)),
    )


def _percent(probability: float) -> float:
    return round(100 * probability, DECIMALS)


def _points(lines: Sequence[Row], percent: float) -> dict[str, dict[str, float]]:
    """Points by theme and feature, rounded so that themes add up to the risk, and features to their theme."""
    if not lines:
        return {}
    themes = {str(line["theme"] or BASE): _points_of(line) for line in lines if line["nature"] in ("base", "theme")}
    rounded = dict(zip(themes, round_to_total(list(themes.values()), percent, decimals=DECIMALS), strict=True))
    found: dict[str, dict[str, float]] = {}
    for theme, total in rounded.items():
        own = {
            str(line["feature"]): _points_of(line)
            for line in lines
            if line["nature"] == "variable" and line["theme"] == theme
        } or {theme if theme == BASE else OTHERS: total}
        found[theme] = dict(zip(own, round_to_total(list(own.values()), total, decimals=DECIMALS), strict=True))
    return found


def _points_of(line: Row) -> float:
    return 100 * float(str(line["points"]))


def _selection(points: Points) -> dict[str, list[list[str]]]:
    """Features that weigh most, each with its topic: the first that raise the risk, the first that lower it."""
    weighed = sorted(
        (
            (value, API_TOPICS[theme], feature)
            for theme, features in points.items()
            for feature, value in features.items()
            if theme != BASE and feature != OTHERS
        ),
        key=lambda line: (-abs(line[0]), line[1:]),
    )
    raising = [[topic, feature] for value, topic, feature in weighed if value > 0]
    lowering = [[topic, feature] for value, topic, feature in weighed if value < 0]
    return {"selectConcerning": raising[:SELECTED_COUNT], "selectReassuring": lowering[:SELECTED_COUNT]}


def _flat(points: Points) -> dict[str, float]:
    """Points by feature; what is not of one feature bears the name of its topic."""
    return {
        (API_TOPICS[theme] if theme == BASE else f"{OTHERS}_{theme}" if feature == OTHERS else feature): value
        for theme, features in points.items()
        for feature, value in features.items()
    }


def _references(names: object) -> list[str]:
    """Codes of the rules as the consumers know them; `confidentiel` stays what it is."""
    codes = names if isinstance(names, list) else []
    return [RULES[name].reference if name in RULES else str(name) for name in codes]


@cache
def _regions() -> dict[str, str]:
    return {departement.region: departement.libelle_region for departement in departements().values()}
