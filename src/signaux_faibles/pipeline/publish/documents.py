"""What a release, or a folder, says of a model: report of its backtest, drift of the month, sheet of the algorithm."""

from __future__ import annotations

import json
from collections import Counter
from dataclasses import asdict
from pathlib import Path

from signaux_faibles.domain.periode import format_month
from signaux_faibles.engine import Engine, parquet_sql
from signaux_faibles.evaluation.backtest import Backtest
from signaux_faibles.evaluation.drift import ALERT_PSI, NAMED, Drift, warning
from signaux_faibles.evaluation.kept import figures_of, judged, made_otherwise
from signaux_faibles.evaluation.rapport.details import details_page
from signaux_faibles.evaluation.rapport.fiche import Sheet, sheet_page
from signaux_faibles.evaluation.rapport.page import Setting, plain_page
from signaux_faibles.evaluation.report import Report, read_report, to_json
from signaux_faibles.features.catalogue import BY_NAME
from signaux_faibles.lake import Lake
from signaux_faibles.lists import places
from signaux_faibles.lists.places import Capacity
from signaux_faibles.lists.store import read_list_card
from signaux_faibles.model.registry import Action, read_card, serving_registry
from signaux_faibles.model.train import Model
from signaux_faibles.pipeline.publish.drift import month_drift

DRIFT_NAME = "derive.json"
SHEET_NAME = "fiche_algorithme.md"

PRODUCERS = {
    "sirene": "répertoire Sirene (Insee)",
    "sirene_ul": "répertoire Sirene (Insee)",
    "sirene_histo": "répertoire Sirene (Insee)",
    "effectif": "effectifs (Urssaf)",
    "effectif_ent": "effectifs (Urssaf)",
    "cotisation": "cotisations (Urssaf)",
    "debit": "dettes de cotisations (Urssaf)",
    "delai": "délais de paiement accordés (Urssaf)",
    "ccsf": "saisines de la commission des chefs de services financiers (Urssaf)",
    "procol": "procédures collectives (Urssaf)",
    "bodacc": "annonces de procédures collectives (Bodacc)",
    "apconso": "activité partielle (DGEFP)",
    "apdemande": "activité partielle (DGEFP)",
    "comptes": "comptes annuels publiés (INPI, Banque de France)",
    "dgfip_indmap": "déclarations fiscales (DGFiP)",
    "dgfip_af": "déclarations fiscales (DGFiP)",
    "dgfip_dirco": "déclarations fiscales (DGFiP)",
    "paydex": "retards de paiement (Altares)",
    "paydex_retro": "retards de paiement (Altares)",
}
"""French name of the data of each source; a source unknown here is said under its own name."""


def documents(lake: Lake, model: Model, month: int | None = None) -> dict[str, str]:
    """Texts on a model, by file name: the sheet; and the report, when its recipe was judged on its panel.

    Parameters
    ----------
    month : int, optional
        Month of a list, whose drift is then told, and what gave its levels.
    """
    judged_in, made = judged_by(lake, model)
    capacity = read_list_card(lake, format_month(month)).capacity if month is not None else None
    found = {SHEET_NAME: sheet(lake, model, capacity)}
    with Engine(lake.scratch / "documents") as engine:
        drifted = month_drift(engine, lake, model, month) if month is not None else None
        report = read_report(judged_in, made, head_offices(engine, judged_in, made)) if made else None
    if drifted is not None:
        found[DRIFT_NAME] = to_json(_told(drifted))
    if report is None:
        return found
    setting = Setting(model.model_id, lake.is_synthetic, drifted, otherwise_of(lake, model, made))
    return found | {"rapport.json": to_json(report)} | plain_page(report, setting) | details_page(report, setting)


def drift_warning(release: Path) -> str:
    """Sentence on the drift told by a release; empty when there is nothing to warn of."""
    told = json.loads((release / "rapport" / DRIFT_NAME).read_text(encoding="utf-8"))
    if not told["is_alarming"]:
        return ""
    moved = [one["name"] for one in told["features"] if one["psi"] > ALERT_PSI]
    named = f" ({', '.join(moved[:NAMED])}{', ...' if len(moved) > NAMED else ''})" if moved else ""
    return (
        f"{told['now']} is not like the months learnt from: stability index of the score {told['score_psi']:.2f},"
        f" {len(moved)} of {len(told['features'])} features above {ALERT_PSI}{named}. See rapport/{DRIFT_NAME}."
    )


def sheet(lake: Lake, model: Model, capacity: Capacity | None = None) -> str:
    """Sheet of the algorithm, from the card of the model, the registry and the figures of its backtest.

    Parameters
    ----------
    capacity : Capacity, optional
        Places that gave the levels of the list it goes with, in the place of the thresholds.
    """
    card, registry = read_card(lake, model.model_id), serving_registry(lake)
    judged_in, made = judged_by(lake, model)
    promotions = [d for d in registry.decisions if d.model_id == model.model_id and d.action is Action.PROMOTE]
    features = [BY_NAME[name] for name in model.recipe.features]
    themes = Counter(feature.theme.label for feature in features)
    sources = {PRODUCERS.get(source, source) for feature in features for source in feature.sources}
    return sheet_page(
        Sheet(
            model_id=model.model_id,
            status=registry.status(model.model_id).label,
            promoted_for=promotions[-1].reason.rstrip(".") if promotions else "",
            card=card,
            features_by_theme=dict(themes.most_common()),
            sources=sorted(sources),
            figures=figures_of(judged_in, made) if made else None,
            backtest_id=made.backtest_id if made else "",
            is_synthetic=lake.is_synthetic,
            otherwise=otherwise_of(lake, model, made),
            capacity=capacity,
        )
    )


def judged_by(lake: Lake, model: Model) -> tuple[Lake, Backtest | None]:
    """Backtest of the recipe of a model, and where it is: a territory without one takes that of the nation."""
    made = judged(lake, model.recipe.name, model.as_of)
    if made is None and lake.territory:
        return judged_by(lake.over(None), model)
    return lake, made


def otherwise_of(lake: Lake, model: Model, made: Backtest | None) -> tuple[str, ...]:
    """Inputs of a backtest that are not those of a model; none when there is no backtest to speak of."""
    return made_otherwise(made, read_card(lake, model.model_id)["inputs"]) if made else ()


def evaluation_text(lake: Lake, model: Model) -> str:
    """Figures of the backtest that the report speaks of, as JSON; empty when the recipe was not judged."""
    judged_in, made = judged_by(lake, model)
    if made is None:
        return ""
    figures_of(judged_in, made)  # a damaged file is told
    return (judged_in.backtest(made.backtest_id) / "evaluation.json").read_text(encoding="utf-8")


def head_offices(engine: Engine, lake: Lake, made: Backtest) -> dict[str, str]:
    """Departement of the head office of each company judged, as last known; without one, of an establishment."""
    return places.head_offices(
        engine, lake, made.as_of, parquet_sql([lake.backtest(made.backtest_id) / "rows.parquet"])
    )


def _told(found: Drift) -> Report:
    return asdict(found) | {"is_alarming": found.is_alarming, "avertissement": warning(found)}
