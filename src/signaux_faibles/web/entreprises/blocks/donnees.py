"""Blocks of monthly data: Urssaf, employment, payment delays."""

from __future__ import annotations

from dataclasses import dataclass

from signaux_faibles.domain.data_class import DataClass
from signaux_faibles.web.entreprises.blocks.notice import Empty, Locked
from signaux_faibles.web.entreprises.conclusions.emploi import (
    conclude_activite_partielle,
    conclude_effectif,
    conclude_retards,
)
from signaux_faibles.web.entreprises.conclusions.urssaf import conclude_dette
from signaux_faibles.web.entreprises.selectors import SheetData
from signaux_faibles.web.ui.charts import cotisations
from signaux_faibles.web.ui.charts.frame import Caption, KeyEntry, figure, key
from signaux_faibles.web.ui.charts.markup import Markup, join
from signaux_faibles.web.ui.charts.mensuel import (
    AP_KEY,
    ActivitePartielle,
    Curve,
    Window,
    activite_partielle_chart,
    curve_chart,
    monthly_table,
)
from signaux_faibles.web.ui.charts.series import MonthlySeries, known

MONTHS_SHOWN = 25
"""Two years and the month that closes them."""


@dataclass(frozen=True)
class Chart:
    """A block made of one figure."""

    figure: Markup


def window_of(data: SheetData) -> Window:
    """Months shown by every monthly chart: they end with the last month the release may know."""
    return Window(data.as_of - MONTHS_SHOWN + 1, data.as_of)


def _is_empty(*series: MonthlySeries) -> bool:
    return not any(known(one.values) for one in series)


def build_urssaf(data: SheetData) -> Chart | Locked | Empty:
    """Contributions, debts and payment plans."""
    if not data.can_read(DataClass.URSSAF):
        return Locked(
            "Données de l’Urssaf verrouillées", "Cotisations, dettes et délais de paiement sont confidentiels."
        )
    limit = data.freshness.earliest("cotisation", "debit", "delai")
    urssaf = cotisations.Urssaf(
        cotisation=data.of_entreprise("cotisation").until(limit),
        debit_patronale=data.of_entreprise("debit_patronale").until(limit),
        debit_ouvriere=data.of_entreprise("debit_ouvriere").until(limit),
        delai=data.of_entreprise("delai").until(limit),
        freshness=limit,
    )
    if _is_empty(urssaf.cotisation, urssaf.debit_patronale, urssaf.debit_ouvriere, urssaf.delai):
        return Empty(
            "Aucune donnée de l’Urssaf", "Ni cotisation, ni dette, ni délai de paiement connu de l’entreprise."
        )
    window = window_of(data)
    conclusion = conclude_dette(urssaf, window)
    source = data.freshness.source("Urssaf", "cotisation", "debit", "delai")
    notes = "La dette d’un mois va du 20 du mois précédent au 20 du mois. Ces données ne doivent pas sortir du Codefi."
    caption = Caption(conclusion.title, "", conclusion.message, f"{source} {notes}")
    chart = cotisations.cotisations_chart(urssaf, window)
    return Chart(figure(caption, chart, cotisations.cotisations_table(urssaf, window), keys=key(cotisations.KEY)))


def build_emploi(data: SheetData) -> Chart | Empty:
    """Headcount, public; short-time work under it for those who may see it."""
    effectif = Curve("Effectif", "salariés", data.of_entreprise("effectif"), data.freshness.of("effectif"))
    window = window_of(data)
    if data.can_read(DataClass.DGEFP):
        return _emploi_with_ap(data, effectif, window)
    if _is_empty(effectif.series):
        return Empty("Effectif inconnu", "L’activité partielle, donnée de la DGEFP, est verrouillée.")
    caption = Caption(
        conclude_effectif(effectif.series.until(effectif.freshness), window),
        "salariés",
        "L’effectif est public. L’activité partielle, donnée de la DGEFP, est verrouillée.",
        data.freshness.source("Urssaf", "effectif"),
    )
    twin = monthly_table("Effectif", [("Salariés", effectif.series, effectif.freshness)], window)
    return Chart(figure(caption, curve_chart(effectif, window), twin))


def _emploi_with_ap(data: SheetData, effectif: Curve, window: Window) -> Chart | Empty:
    ap = ActivitePartielle(
        data.of_entreprise("ap_autorisee"), data.of_entreprise("ap_consommee"), data.freshness.of("ap")
    )
    if _is_empty(effectif.series, ap.autorisee, ap.consommee):
        return Empty("Aucune donnée d’emploi", "Ni effectif ni activité partielle connus de l’entreprise.")
    title = conclude_effectif(effectif.series.until(effectif.freshness), window)
    allowed, used = ap.autorisee.until(ap.freshness), ap.consommee.until(ap.freshness)
    message = conclude_activite_partielle(used, allowed, window)
    sources = data.freshness.sources(("Urssaf", "effectif"), ("DGEFP", "ap"))
    has_ap = any(known(allowed.values)) or any(known(used.values))
    unit = "salariés, puis équivalents temps plein d’activité partielle" if has_ap else "salariés"
    columns = [
        ("Salariés", effectif.series, effectif.freshness),
        ("ETP autorisés", ap.autorisee, ap.freshness),
        ("ETP consommés", ap.consommee, ap.freshness),
    ]
    chart = curve_chart(effectif, window, has_months=not has_ap)
    body = join([chart, activite_partielle_chart(ap, window)]) if has_ap else chart
    keys = key([KeyEntry("sf-l--1", "Salariés"), *AP_KEY]) if has_ap else key([])
    twin = monthly_table("Effectif et activité partielle", columns, window)
    return Chart(figure(Caption(title, unit, message, sources), body, twin, keys=keys))


def build_paiement(data: SheetData) -> Chart | Locked | Empty:
    """Delays of payment to suppliers."""
    if not data.can_read(DataClass.ALTARES):
        return Locked("Retards de paiement verrouillés", "Les délais de paiement aux fournisseurs sont confidentiels.")
    limit = data.freshness.of("retard")
    curve = Curve("Retard de paiement", "jours", data.of_entreprise("retard_paiement"), limit)
    window = window_of(data)
    if _is_empty(MonthlySeries(window.first, curve.series.until(limit).window(window.first, window.last))):
        return Empty("Retards de paiement inconnus", "Altares n’a pas communiqué de retard pour l’entreprise.")
    conclusion = conclude_retards(curve.series.until(limit), window)
    caption = Caption(conclusion.title, "jours", conclusion.message, data.freshness.source("Altares", "retard"))
    twin = monthly_table("Retard moyen de paiement", [("Jours", curve.series, limit)], window)
    return Chart(figure(caption, curve_chart(curve, window), twin))
