"""What a release says of itself: tables `imports` and `dictionnaire`, and the folder `rapport/`."""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Any

import pyarrow as pa

from signaux_faibles.domain.periode import label_month, parse_month
from signaux_faibles.evaluation.rapport.words import count, decimal
from signaux_faibles.features.catalogue import CATALOGUE
from signaux_faibles.ingest.manifest import read_manifest
from signaux_faibles.ingest.versions import staged_deliveries
from signaux_faibles.lake import Lake
from signaux_faibles.model.registry import Status, read_card, serving_registry
from signaux_faibles.model.splits import EMBARGO_MONTHS, Period, make_origin, read_period
from signaux_faibles.model.train import Model
from signaux_faibles.panel.build import first_stock
from signaux_faibles.pipeline.publish.documents import documents, evaluation_text
from signaux_faibles.pipeline.publish.scores import definitions
from signaux_faibles.release.tables import DICTIONNAIRE, IMPORTS, TABLES
from signaux_faibles.sources import SOURCES


def imports(lake: Lake, as_of: int) -> pa.Table:
    """What was imported up to a month: counts only."""
    reports = [
        read_manifest(lake.staged(source, batch))
        for source in sorted(SOURCES)
        for batch in staged_deliveries(lake, source)
        if batch.month <= as_of
    ]
    rows = [
        {
            "source": report.source,
            "batch": report.batch,
            "rows_count": report.read,
            "rejects_count": report.rejected,
            "rejects_by_class": json.dumps(report.rejects_by_class, sort_keys=True),
            "freshness_month": report.freshness_month,
        }
        for report in reports
    ]
    return pa.Table.from_pylist(rows, schema=IMPORTS.arrow)


def freshness(table: pa.Table) -> dict[str, str]:
    """Last month covered by each source, `YYYY-MM`."""
    last: dict[str, str] = {}
    for row in table.to_pylist():
        if row["freshness_month"]:
            last[row["source"]] = max(last.get(row["source"], ""), row["freshness_month"])
    return dict(sorted(last.items()))


def freshness_months(table: pa.Table) -> dict[str, int]:
    """Last month covered by each source, as an integer."""
    return {source: parse_month(text) for source, text in freshness(table).items()}


def dictionnaire() -> pa.Table:
    """Every column of the release, feature of the model and code of a score, with label, unit, class and source."""
    rows = [
        {
            "table": table.name,
            "column": column.name,
            "label": column.label,
            "unit": column.unit,
            "data_class": column.data_class.value,
            "explanation": column.explanation,
            "source": column.source,
        }
        for table in TABLES.values()
        for column in table.columns
    ]
    rows += [
        {
            "table": "features",
            "column": feature.name,
            "label": feature.label,
            "unit": feature.unit,
            "data_class": feature.data_class.value,
            "explanation": feature.explanation,
            "source": ", ".join(feature.sources),
        }
        for feature in CATALOGUE
    ]
    rows += definitions()
    return pa.Table.from_pylist(rows, schema=DICTIONNAIRE.arrow)


def report_files(lake: Lake, model: Model, month: int) -> dict[str, str]:
    """Texts of `rapport/`: cards of the model and of the algorithm in French, drift, report when it was judged."""
    card = read_card(lake, model.model_id)
    files = {
        "fiche_modele.md": _model_card(card, model, serving_registry(lake).status(model.model_id))
        + _open_data_limit(lake, model),
        "modele.json": json.dumps(card, indent=2, sort_keys=True) + "\n",
        **documents(lake, model, month),
    }
    if evaluation := evaluation_text(lake, model):
        files["evaluation.json"] = evaluation
    return files


def _model_card(card: Mapping[str, Any], model: Model, status: Status) -> str:
    origin, training, inputs = make_origin(model.as_of), card["training"], card["inputs"]
    calibrated = _in_french(read_period(card["calibration"]["months"]))
    parameters = ", ".join(f"{name} {value}" for name, value in sorted(inputs["recipe"]["parameters"].items()))
    losses = ", ".join(f"{name} {decimal(loss, 4)}" for name, loss in sorted(card["meaning"]["losses"].items()))
    return f"""# Fiche du modèle {model.model_id}

- Statut au registre : {status.label}.
- Recette : {model.recipe.title}.
- Apprenant : {model.recipe.learner.value}, graine {model.recipe.seed} ; {parameters}.
- Événement annoncé : première ouverture d'une procédure collective dans les 18 mois.
- Variables : {len(model.recipe.features)}, décrites dans la table « dictionnaire ».
- Apprentissage : {count(training["rows_count"])} lignes, dont {count(training["positives_count"])} positives.
- Mois appris : {_in_french(origin.train)} ; l'issue de chacun était connue quand le modèle a été fait,
  {EMBARGO_MONTHS} mois après le dernier.
- Calibration : {calibrated}, par des modèles qui n'ont jamais vu l'entreprise jugée ; retenue :
  {card["meaning"]["calibrator"]["kind"]} (perte logarithmique des courbes essayées : {losses}).
- Seuils : élevé à {decimal(model.thresholds.eleve, 4)} ({_rule(model.recipe.eleve_precision_ratio, "F0,5")}), modéré à
  {decimal(model.thresholds.modere, 4)} ({_rule(model.recipe.modere_precision_ratio, "F2")}), choisis sur ces mêmes
  scores.
- Jugement : la même recette, apprise de nouveau à des dates passées avec ce qu'on savait alors, est jugée sur les douze
  mois qui suivent chacune ([rapport](rapport.md), [tableaux](rapport_details.md), evaluation.json).
- Le modèle écarte de l'apprentissage les mois des entreprises déjà en procédure.
- {MISSING[model.recipe.fill_missing_with_zero]}
- Pour refaire ce modèle octet pour octet : panel {inputs["panel"][:16]}, catalogue {inputs["catalogue"]}, code
  {inputs["code"]}.
- À quoi il sert, qui décide, quels recours : [fiche de l'algorithme](fiche_algorithme.md).
"""


def _rule(floor: float | None, otherwise: str) -> str:
    """How a threshold was chosen: by a floor of precision, or by an F-measure."""
    return otherwise if floor is None else f"précision d'au moins {decimal(100 * floor, 0)} %"


MISSING = {
    False: "Une donnée inconnue reste inconnue : elle n'est jamais remplacée par zéro.",
    True: "Une donnée inconnue est remplacée par zéro, comme le faisait le modèle que cette recette imite.",
}


def _open_data_limit(lake: Lake, model: Model) -> str:
    """What a model learnt on open data alone does not see."""
    stock = first_stock(lake, model.as_of)
    if stock is None:
        return ""
    return f"""- Données ouvertes seules : l'effectif est celui d'une tranche, connue trois ans après. Les mois d'avant
  {label_month(stock)} sont jugés d'après le premier stock importé, qui ne donne pas de tranche aux entreprises cessées
  longtemps avant lui : des défaillances de ces mois manquent à l'apprentissage, le risque annoncé est trop bas.
"""


def _in_french(period: Period) -> str:
    return f"de {label_month(period.first_month)} à {label_month(period.last_month)}"
