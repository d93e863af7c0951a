"""The sheet: its sections, in the order in which an agent reads them."""

from __future__ import annotations

from dataclasses import dataclass

from signaux_faibles.domain.data_class import DataClass
from signaux_faibles.web.entreprises.blocks.a_savoir import ASavoir, build_a_savoir
from signaux_faibles.web.entreprises.blocks.changements import Changements, build_changements
from signaux_faibles.web.entreprises.blocks.comptes import Comptes, build_comptes
from signaux_faibles.web.entreprises.blocks.donnees import build_emploi, build_paiement, build_urssaf
from signaux_faibles.web.entreprises.blocks.echeances import build_echeances
from signaux_faibles.web.entreprises.blocks.entete import Entete, build_entete
from signaux_faibles.web.entreprises.blocks.etablissements import build_etablissements
from signaux_faibles.web.entreprises.blocks.historique import build_historique
from signaux_faibles.web.entreprises.blocks.identite import build_identite
from signaux_faibles.web.entreprises.blocks.notice import Empty, Locked
from signaux_faibles.web.entreprises.blocks.pourquoi import build_pourquoi
from signaux_faibles.web.entreprises.blocks.procedures import build_procedures
from signaux_faibles.web.entreprises.blocks.synthese import Synthese, build_synthese
from signaux_faibles.web.entreprises.selectors import SheetData


@dataclass(frozen=True)
class Section:
    """A section: its anchor, its title, the template that prints its content."""

    anchor: str
    title: str
    content: object
    template: str
    note: str = ""


@dataclass(frozen=True)
class Sheet:
    """A whole sheet."""

    entete: Entete
    synthese: Synthese | None
    notice: Empty | None
    a_savoir: ASavoir | None
    is_locked: bool
    sections: tuple[Section, ...]


def build_sheet(data: SheetData) -> Sheet:
    """The sheet of a company, with the sections that have something to say."""
    synthese = build_synthese(data)
    candidates = [*_risk_sections(data), *_data_sections(data), *_public_sections(data)]
    return Sheet(
        entete=build_entete(data),
        synthese=synthese if isinstance(synthese, Synthese) else None,
        notice=synthese if isinstance(synthese, Empty) else None,
        a_savoir=build_a_savoir(data),
        is_locked=not data.can_read(DataClass.SCORE),
        sections=tuple(section for section in candidates if section.content is not None),
    )


def _section(anchor: str, title: str, content: object, template: str, *, note: str = "") -> Section:
    if isinstance(content, Locked):
        template = "verrou"
    elif isinstance(content, Empty):
        template = "vide"
    return Section(anchor, title, content, f"entreprises/blocs/{template}.html", note)


def _risk_sections(data: SheetData) -> list[Section]:
    changes = build_changements(data)
    since = f" depuis la liste {changes.since}" if isinstance(changes, Changements) else ""
    return [
        _section("pourquoi", "Pourquoi cette alerte" if _is_alerted(data) else "Pourquoi ce risque",
                 build_pourquoi(data), "pourquoi"),
        _section("changements", f"Ce qui a changé{since}", changes, "changements"),
        _section("echeances", "Risque selon l’échéance", build_echeances(data), "graphique"),
        _section("courbe", "Risque et alertes passées", build_historique(data), "historique"),
    ]  # fmt: skip


def _is_alerted(data: SheetData) -> bool:
    """An agent who may not see the level reads the usual title."""
    return data.score is None or data.score.niveau in ("eleve", "modere")


def _data_sections(data: SheetData) -> list[Section]:
    comptes = build_comptes(data)
    note = comptes.note if isinstance(comptes, Comptes) else ""
    return [
        _section("urssaf", "Cotisations et dettes Urssaf", build_urssaf(data), "graphique"),
        _section("emploi", "Emploi", build_emploi(data), "graphique"),
        _section("paiement", "Paiement des fournisseurs", build_paiement(data), "graphique"),
        _section("comptes", "Comptes annuels", comptes, "comptes", note=note),
    ]


def _public_sections(data: SheetData) -> list[Section]:
    etablissements = build_etablissements(data)
    return [
        _section("procedures", "Procédures collectives", build_procedures(data), "procedures"),
        _section("etablissements", "Établissements", etablissements, "etablissements", note=etablissements.note),
        _section("identite", "Identité", build_identite(data), "identite"),
    ]
