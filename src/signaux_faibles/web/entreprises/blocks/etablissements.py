"""Establishments of a company; their debts only for those who may see them."""

from __future__ import annotations

from dataclasses import dataclass

from signaux_faibles.domain.data_class import DataClass
from signaux_faibles.web.entreprises.selectors import DEBT_KINDS, SheetData
from signaux_faibles.web.releases.models import Etablissement
from signaux_faibles.web.ui import typography
from signaux_faibles.web.ui.typography import ABSENT, counted, spaced


@dataclass(frozen=True)
class EtablissementRow:
    """A line of the table of establishments."""

    siret: str
    kind: str
    address: str
    commune: str
    effectif: str
    debt: str
    state: str
    pin: str


@dataclass(frozen=True)
class Etablissements:
    """The table; `has_debt` when the agent may see the debts."""

    rows: tuple[EtablissementRow, ...]
    note: str
    has_debt: bool
    hidden_count: int


def build_etablissements(data: SheetData) -> Etablissements:
    """The block."""
    has_debt = data.can_read(DataClass.URSSAF)
    active = data.entreprise.etablissements_actifs_count
    count = data.etablissements_count
    note = counted(count, "établissement") + (
        f", dont {typography.number(active)} en activité" if active is not None else ""
    )
    return Etablissements(
        rows=tuple(_etablissement(data, row, has_debt=has_debt) for row in data.etablissements),
        note=note if count else "",
        has_debt=has_debt,
        hidden_count=count - len(data.etablissements),
    )


def _etablissement(data: SheetData, row: Etablissement, *, has_debt: bool) -> EtablissementRow:
    closed = f"Fermé le {typography.short_day(row.date_fermeture)}" if row.date_fermeture else "Fermé"
    where = " ".join(filter(None, [row.commune, f"({row.departement})" if row.departement else ""]))
    return EtablissementRow(
        siret=typography.siren(row.siret),
        kind="Siège" if row.is_siege else "Établissement",
        address=spaced(" ".join(filter(None, [row.adresse, row.code_postal, row.commune]))) or "Adresse inconnue",
        commune=where or ABSENT,
        effectif=typography.number(row.effectif_count) if row.is_active is not False else ABSENT,
        debt=_debt(data, row.siret) if has_debt else "",
        state="En activité" if row.is_active else closed if row.is_active is False else ABSENT,
        pin="siege" if row.is_siege else "ferme" if row.is_active is False else "",
    )


def _debt(data: SheetData, siret: str) -> str:
    """Last known debt of an establishment, both parts; a dash when Urssaf gives none."""
    limit = data.freshness.of("debit")
    last = [
        known[1]
        for kind in DEBT_KINDS
        if (series := data.series.get((siret, kind))) is not None
        and (known := series.until(limit).last_known()) is not None
    ]
    return typography.euros(sum(last)) if last else ABSENT
