"""The tables behind the page: every slice, origin and level, both protocols side by side."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from signaux_faibles.evaluation.drift import ALERT_PSI, Drift, warning
from signaux_faibles.evaluation.rapport.page import Setting
from signaux_faibles.evaluation.rapport.plots import LEAD_LABELS
from signaux_faibles.evaluation.rapport.regles import rules_table
from signaux_faibles.evaluation.rapport.words import (
    PROTOCOL_LABELS,
    count,
    decimal,
    interval,
    months,
    percent,
    percent_interval,
    table,
)

DIMENSIONS = {
    "annee": "Année jugée",
    "periode": "Crise sanitaire",
    "secteur": "Secteur d'activité (section de la NAF)",
    "taille": "Effectif",
    "age": "Âge de l'entreprise",
    "region": "Région du siège",
}
LEVELS = {"modere": "modérée ou élevée", "eleve": "élevée", "aucun": "jamais en alerte"}
KINDS = {"meme_origine": "d'un mois au suivant", "entre_origines": "entre deux apprentissages"}
FEATURES_SHOWN = 20


def details_page(report: Mapping[str, Any], setting: Setting) -> dict[str, str]:
    """`rapport_details.md`."""
    parts = [
        f"# Tableaux de l'évaluation\n\nRecette : {report['title']}. Jugement {report['backtest_id']}. Le résumé est"
        " dans [le rapport](rapport.md). Intervalles à 90 % par tirages d'entreprises entières.\n",
        _origins(report),
        _levels(report),
        *(_slices(report, dimension, title) for dimension, title in DIMENSIONS.items()),
        _leads(report),
        _detections(report),
        _churn(report),
        _capacity(report),
        _calibration(report),
        rules_table(report["rules"]),
        *([_drift(setting.drift)] if setting.drift else []),
    ]
    return {"rapport_details.md": "\n".join(part for part in parts if part)}


def _origins(report: Mapping[str, Any]) -> str:
    lines = [
        (
            months(o["month"]),
            months(o["train"]),
            count(o["train_rows_count"]),
            months(o["judged"]),
            count(o["judged_rows_count"]),
        )
        for o in report["origins"]
    ]
    return "## Dates\n\n" + table(("Date", "Mois appris", "Lignes apprises", "Mois jugés", "Lignes jugées"), lines)


def _levels(report: Mapping[str, Any]) -> str:
    lines = []
    for protocol, name in PROTOCOL_LABELS.items():
        one = report["figures"][protocol]
        for level in ("eleve", "modere"):
            at = one[level]
            shares = [percent(at[key]) for key in ("flagged_share", "precision", "recall")]
            ratios = [decimal(at["f_beta"], 3), decimal(at["observed_over_expected"])]
            jobs = f"{count(at['jobs_found_count'])} ({percent(at['jobs_recall'])})"
            lines.append((f"{name}, {LEVELS[level]}", *shares, *ratios, jobs))
    head = ("Alerte", "Part des lignes", "Précision", "Rappel", "F0,5 ou F2", "Observé / annoncé", "Emplois trouvés")
    brier = " ; ".join(
        f"{name.lower()} {decimal(report['figures'][protocol]['brier'], 5)}"
        for protocol, name in PROTOCOL_LABELS.items()
    )
    return f"## Niveaux\n\n{table(head, lines)}\nScore de Brier : {brier}.\n"


def _slices(report: Mapping[str, Any], dimension: str, title: str) -> str:
    """One dimension, a table by protocol."""
    parts = []
    for protocol, name in PROTOCOL_LABELS.items():
        kept = [one for one in report["slices"][protocol] if one["dimension"] == dimension]
        if dimension in ("annee", "age"):
            kept.sort(key=lambda one: _order(one["label"]))
        if kept:
            parts.append(f"### {name}\n\n{table(SLICE_HEAD, [_slice(one) for one in kept])}")
    return f"## {title}\n\n" + "\n".join(parts) if parts else ""


SLICE_HEAD = (
    "",
    "Lignes",
    "Défaillances",
    "En alerte",
    "Alerte élevée",
    "Précision moyenne",
    "AUC",
    "Observé / annoncé",
    "Précision (élevée)",
    "Rappel (modérée ou élevée)",
)


def _slice(one: Mapping[str, Any]) -> tuple[str, ...]:
    return (
        one["label"],
        count(one["rows_count"]),
        percent(one["positives_share"]),
        percent(one["modere_share"]),
        percent(one["eleve_share"]),
        interval(one["average_precision"]),
        interval(one["auc"]),
        decimal(one["observed_over_expected"]),
        percent(one["eleve_precision"]),
        percent(one["modere_recall"]),
    )


def _order(label: str) -> int:
    """Classes of age and years in their own order: by the first number, `moins de` first, unknown last."""
    digits = "".join(letter if letter.isdigit() else " " for letter in label).split()
    return 10_000 if not digits else int(digits[0]) - label.startswith("moins")


def _leads(report: Mapping[str, Any]) -> str:
    lines = [
        (
            LEVELS[one["level"]],
            count(one["failures_count"]),
            percent(one["caught_share"]),
            *(decimal(one[f"lead_{name}_months"], 0) for name in ("q25", "median", "q75")),
            *(count(one["by_class"][name]) for name in LEAD_LABELS),
        )
        for one in report["lead_times"]
    ]
    quantiles = ("Quart (mois)", "Médiane (mois)", "Trois quarts (mois)")
    head = ("Alerte", "Défaillances", "Annoncées", *quantiles, *LEAD_LABELS.values())
    return (
        "## Avance des alertes\n\nDe la première alerte à l'ouverture de la procédure ; les entreprises déjà en"
        f" procédure n'ont plus rien à annoncer. Une alerte peut s'être éteinte entre-temps.\n\n{table(head, lines)}"
    )


def _detections(report: Mapping[str, Any]) -> str:
    lines = [
        (
            LEVELS[one["status"]] if one["status"] != "modere" else "modérée seulement",
            count(one["companies_count"]),
            count(one["failures_count"]),
            f"{percent(one['failure_rate'])} [{decimal(one['low'] * 100, 1)} ; {decimal(one['high'] * 100, 1)}]",
        )
        for one in report["first_detections"]
    ]
    head = ("Statut", "Entreprises", "Défaillances", "Taux, intervalle à 95 %")
    return (
        "## Première détection\n\nUne ligne par entreprise : au premier mois du niveau le plus grave qu'elle ait"
        f" atteint, ou à un mois tiré par son numéro si elle n'en a atteint aucun.\n\n{table(head, lines)}"
    )


def _churn(report: Mapping[str, Any]) -> str:
    lines = [
        (
            f"{LEVELS[one['level']]}, {KINDS[one['kind']]}",
            count(one["pairs_count"]),
            count(one["before_count"]),
            percent(one["left_share"]),
            percent(one["gone_share"]),
            percent(one["entered_share"]),
        )
        for one in report["churn"]
    ]
    head = ("Alerte", "Paires de listes", "Alertes d'avant", "Sorties", "Plus jugées", "Nouvelles")
    return f"## Mouvements des listes\n\n{table(head, lines)}" if lines else ""


def _capacity(report: Mapping[str, Any]) -> str:
    lines = [
        (
            f"{one['capacity']}, {name.lower()}",
            count(one["flagged_count"]),
            percent_interval(one["precision"]),
            percent_interval(one["recall"]),
            percent(one["jobs_recall"]),
        )
        for protocol, name in PROTOCOL_LABELS.items()
        for one in report["capacity"][protocol]
    ]
    head = ("Par département et trimestre", "Entreprises", "Précision", "Rappel", "Emplois trouvés")
    return f"## Capacité d'appel\n\n{table(head, lines)}" if lines else ""


def _calibration(report: Mapping[str, Any]) -> str:
    both = [report["figures"][protocol]["calibration"] for protocol in PROTOCOL_LABELS]
    lines = [
        (str(rank), *(percent(part[key], 2) for part in parts for key in ("announced", "observed")))
        for rank, parts in enumerate(zip(*both, strict=False), start=1)
    ]
    head = ("Dixième", "Annoncé (sans)", "Observé (sans)", "Annoncé (avec)", "Observé (avec)")
    return f"## Calibration\n\n{table(head, lines)}"


def _drift(found: Drift) -> str:
    lines = [
        (one.label, decimal(one.psi), percent(one.missing_before_share), percent(one.missing_now_share))
        for one in found.features[:FEATURES_SHOWN]
    ]
    head = ("Variable", "Indice", "Inconnue avant", "Inconnue maintenant")
    said = warning(found) or f"Aucune alerte : le score et neuf variables sur dix restent sous {decimal(ALERT_PSI, 1)}."
    before = f"{months(found.before)}, {count(found.rows_before_count)} lignes"
    now = f"{months(found.now)}, {count(found.rows_now_count)} entreprises"
    beyond = f"{len(found.drifted)} variables sur {len(found.features)} au-delà de {decimal(ALERT_PSI, 1)}"
    return (
        f"## Dérive\n\nMois appris ({before}) et mois de la liste ({now}), au même mois de l'année et sans les"
        f" procédures en cours. Indice de stabilité de population du score : {decimal(found.score_psi)} ; {beyond}."
        f" {said}\n\n{table(head, lines)}"
    )
