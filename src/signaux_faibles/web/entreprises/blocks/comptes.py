"""Published accounts: ratios beside those of the sector, then amounts."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from signaux_faibles.domain.naf import naf_labels
from signaux_faibles.web.entreprises.blocks.notice import Empty
from signaux_faibles.web.entreprises.conclusions.comptes import conclude_ratio
from signaux_faibles.web.entreprises.selectors import SheetData
from signaux_faibles.web.ui.charts.comptes import KEY, Quantiles, Ratio, ratio_chart, ratio_table
from signaux_faibles.web.ui.charts.frame import Caption, TwinTable, figure, key, table
from signaux_faibles.web.ui.charts.markup import Markup, join, tag
from signaux_faibles.web.ui.charts.series import known
from signaux_faibles.web.ui.charts.wording import french
from signaux_faibles.web.ui.typography import INSECABLE, counted, short_day

YEARS_SHOWN = 6

RATIOS = (
    ("marge_ebe_pct", "Marge d’EBE", "% du chiffre d’affaires", 1),
    ("autonomie_financiere_pct", "Autonomie financière", "% du bilan", 0),
    ("taux_d_endettement_pct", "Taux d’endettement", "% des fonds propres", 0),
    ("ratio_de_liquidite_pct", "Liquidité", "% des dettes à court terme", 0),
    ("credit_fournisseurs_days", "Délai fournisseurs", "jours d’achats", 0),
    ("credit_clients_days", "Délai clients", "jours de ventes", 0),
)
"""Columns of the accounts drawn: name, title, unit, decimals."""

AMOUNTS = (
    ("chiffre_d_affaires_eur", "Chiffre d’affaires"),
    ("marge_brute_eur", "Marge brute"),
    ("ebe_eur", "Excédent brut d’exploitation"),
    ("ebit_eur", "Résultat d’exploitation"),
    ("resultat_net_eur", "Résultat net"),
)

_KINDS = {"C": "complet", "S": "simplifié", "K": "consolidé"}


@dataclass(frozen=True)
class Comptes:
    """Key, small multiples, and the table of the amounts."""

    note: str
    key: Markup
    figures: Markup
    amounts: Markup


def build_comptes(data: SheetData) -> Comptes | Empty:
    """The block."""
    if not data.comptes:
        return Empty(
            "Aucun compte publié", "L’entreprise n’a pas déposé de comptes, ou a demandé leur confidentialité."
        )
    ratios = [ratio for ratio in (_ratio(data, *spec) for spec in RATIOS) if known(ratio.values)]
    figures = tag("div", *(_figure(data, ratio) for ratio in ratios), class_="sf-petits") if ratios else join([])
    return Comptes(_note(data), key(KEY, is_narrow_only=False) if ratios else join([]), figures, _amounts(data))


def _note(data: SheetData) -> str:
    """The division whose companies are compared."""
    code = data.entreprise.code_naf
    if not code or not data.secteurs:
        return ""
    section = data.entreprise.libelle_section or naf_labels().get(code, "")
    return f"Secteur{INSECABLE}: division {code[:2]} de la NAF" + (f" ({section.lower()})" if section else "")


def _ratio(data: SheetData, column: str, name: str, unit: str, decimals: int) -> Ratio:
    """One value a year; of two closings in a year, the last one counts."""
    values: dict[int, float | None] = {row.exercice.year: getattr(row, column) for row in data.comptes}
    years = range(max(min(values), max(values) - YEARS_SHOWN + 1), max(values) + 1)
    sectors = {row.annee: _quantiles(row) for row in data.secteurs if row.ratio == column}
    return Ratio(
        name, unit, tuple(years), tuple(values.get(y) for y in years), tuple(sectors.get(y) for y in years), decimals
    )


def _quantiles(row: Any) -> Quantiles:
    return Quantiles(row.q10, row.q25, row.q50, row.q75, row.q90, row.cohort_count)


def _figure(data: SheetData, ratio: Ratio) -> Markup:
    sizes = [q.cohort_count for q in ratio.sector if q is not None and q.cohort_count is not None]
    last = short_day(max(row.exercice for row in data.comptes))
    source = f"Source{INSECABLE}: comptes publiés, INPI, dernier exercice clos le {last}."
    if sizes:
        source += f" Secteur{INSECABLE}: {counted(sizes[-1], 'entreprise')}."
    caption = Caption(ratio.name, ratio.unit, conclude_ratio(ratio), source)
    return figure(caption, ratio_chart(ratio), ratio_table(ratio))


def _amounts(data: SheetData) -> Markup:
    """Amounts of each financial year, the latest first."""
    rows = tuple(
        (
            short_day(row.exercice),
            _KINDS.get(row.type_bilan or "", "–"),
            *(french(getattr(row, column)) for column, _ in AMOUNTS),
        )
        for row in reversed(data.comptes)
    )
    columns = ("Clôture", "Comptes", *(label for _, label in AMOUNTS))
    return table(TwinTable("Montants des comptes", columns, rows, note="en euros"), is_folding=True)
