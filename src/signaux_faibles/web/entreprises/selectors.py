"""Reads of the company sheet: only the rows of the classes that the agent may see leave the database."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass

from signaux_faibles.domain.data_class import DataClass
from signaux_faibles.domain.periode import parse_month
from signaux_faibles.web.entreprises.freshness import Freshness
from signaux_faibles.web.releases.codes import Code, codes_of, flags_told, rules_told
from signaux_faibles.web.releases.models import (
    Compte,
    Entreprise,
    Etablissement,
    Explication,
    Historique,
    Procedure,
    Release,
    Score,
    Secteur,
    Serie,
)
from signaux_faibles.web.ui.charts.series import EMPTY, MonthlySeries

ETABLISSEMENTS_SHOWN = 50
"""Establishments shown at first; the others on demand."""

DEBT_KINDS = ("debit_ouvriere", "debit_patronale")


@dataclass(frozen=True)
class SheetData:
    """Everything a sheet says, already restricted to `classes`."""

    release: Release
    entreprise: Entreprise
    classes: frozenset[DataClass]
    etat_procol: str | None
    score: Score | None
    flags: tuple[Code, ...]
    rules: tuple[Code, ...]
    explications: tuple[Explication, ...]
    previous_explications: tuple[Explication, ...]
    historique: tuple[Historique, ...]
    loaded_lists: frozenset[str]
    series: Mapping[tuple[str, str], MonthlySeries]
    etablissements: tuple[Etablissement, ...]
    etablissements_count: int
    comptes: tuple[Compte, ...]
    secteurs: tuple[Secteur, ...]
    procedures: tuple[Procedure, ...]

    @property
    def as_of(self) -> int:
        """Month after which the release knows nothing."""
        return parse_month(self.release.as_of)

    @property
    def freshness(self) -> Freshness:
        """Last month covered by each source."""
        return Freshness(self.release.freshness, self.as_of)

    def can_read(self, data_class: DataClass) -> bool:
        """True when the agent may see this class."""
        return data_class in self.classes

    def of_entreprise(self, kind: str) -> MonthlySeries:
        """A series of the whole company."""
        return self.series.get((self.entreprise.siren, kind), EMPTY)


def find_entreprise(release: Release, siren: str) -> Entreprise | None:
    """A company of a release."""
    found: Entreprise | None = Entreprise.objects.filter(release=release, siren=siren).first()
    return found


def lists_with(siren: str) -> list[Release]:
    """Loaded releases that hold a company, the latest list first."""
    held = Entreprise.objects.filter(siren=siren).values("release")
    return list(Release.objects.filter(pk__in=held).order_by("-list_month", "-loaded_at"))


def read_sheet(
    release: Release, entreprise: Entreprise, classes: frozenset[DataClass], *, every_etablissement: bool = False
) -> SheetData:
    """The rows of a sheet, in a number of queries that depends neither on the company nor on the agent."""
    siren = entreprise.siren
    scored = DataClass.SCORE in classes
    etablissements, count = _etablissements(release, siren, every=every_etablissement)
    score = Score.objects.filter(release=release, siren=siren).first() if scored else None
    codes = codes_of(release) if score is not None else {}
    return SheetData(
        release=release,
        entreprise=entreprise,
        classes=classes,
        etat_procol=score.etat_procol if score is not None else _etat_procol(release, siren),
        score=score,
        flags=tuple(flags_told(score, codes, classes.__contains__)) if score is not None else (),
        rules=tuple(rules_told(score, codes, classes.__contains__)) if score is not None else (),
        explications=_explications(release, siren, classes) if scored else (),
        previous_explications=_previous_explications(release, siren, classes) if scored else (),
        historique=_historique(release, siren) if scored else (),
        loaded_lists=frozenset(Release.objects.values_list("list_month", flat=True)),
        series=_series(release, siren, [row.siret for row in etablissements], classes),
        etablissements=etablissements,
        etablissements_count=count,
        comptes=tuple(Compte.objects.filter(release=release, siren=siren).order_by("exercice")),
        secteurs=_secteurs(release, entreprise.code_naf),
        procedures=tuple(Procedure.objects.filter(release=release, siren=siren).order_by("date", "etat")),
    )


def _etat_procol(release: Release, siren: str) -> str | None:
    """The state of proceedings alone: public, while the rest of a score is not."""
    states: list[str | None] = list(
        Score.objects.filter(release=release, siren=siren).values_list("etat_procol", flat=True)
    )
    return states[0] if states else None


def _explications(release: Release, siren: str, classes: Collection[DataClass]) -> tuple[Explication, ...]:
    rows = Explication.objects.filter(release=release, siren=siren, data_class__in=sorted(classes))
    return tuple(rows.order_by("rang"))


def _previous_explications(release: Release, siren: str, classes: Collection[DataClass]) -> tuple[Explication, ...]:
    """Base and themes in the list just before, when it is loaded."""
    rows = Explication.objects.filter(
        release__in=Release.objects.filter(list_month__lt=release.list_month).order_by("-list_month", "-loaded_at")[:1],
        siren=siren,
        nature__in=("base", "theme"),
        data_class__in=sorted(classes),
    )
    return tuple(rows.order_by("rang"))


def _historique(release: Release, siren: str) -> tuple[Historique, ...]:
    rows = Historique.objects.filter(release=release, siren=siren, list__lte=release.list_month)
    return tuple(rows.order_by("list"))


def _etablissements(release: Release, siren: str, *, every: bool) -> tuple[tuple[Etablissement, ...], int]:
    """Establishments, head office first, then the active ones by headcount; and how many there are."""
    rows = list(Etablissement.objects.filter(release=release, siren=siren))
    rows.sort(key=lambda row: (not row.is_siege, not row.is_active, -(row.effectif_count or 0), row.siret))
    return tuple(rows if every else rows[:ETABLISSEMENTS_SHOWN]), len(rows)


def _series(
    release: Release, siren: str, sirets: Collection[str], classes: Collection[DataClass]
) -> dict[tuple[str, str], MonthlySeries]:
    rows = Serie.objects.filter(release=release, data_class__in=sorted(classes))
    of_siren, of_sirets = rows.filter(id_serie=siren), rows.filter(id_serie__in=sirets, kind__in=DEBT_KINDS)
    found = of_siren.union(of_sirets, all=True).values_list("id_serie", "kind", "first_month", "values")
    return {(key, kind): MonthlySeries(first, tuple(values or ())) for key, kind, first, values in found}


def _secteurs(release: Release, code_naf: str | None) -> tuple[Secteur, ...]:
    rows = Secteur.objects.filter(release=release, division_naf=(code_naf or "")[:2])
    return tuple(rows.order_by("ratio", "annee"))
