"""Leaks planted one by one, in every family of features: the property of `test_no_future` must catch each of them.

A leak is a small fault of the kind that is written by mistake: a source believed known when it describes rather than
when it is published, a bound forgotten, a window shifted, the identity of today given to the past. A property that lets
one of them pass proves nothing of the others.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import pytest

from future_pairs import Pair, staged_pair
from signaux_faibles.features import build as features_build
from signaux_faibles.features.catalogue import CATALOGUE
from signaux_faibles.features.declare import Feature
from signaux_faibles.ingest import versions
from signaux_faibles.lake import Lake
from signaux_faibles.panel import grid, inputs
from signaux_faibles.panel.as_of import NEVER, Step, month_of_sql
from signaux_faibles.panel.states.sirene import UNIT

SEEDS = range(4)
"""Worlds tried, one after the other, until a leak is seen."""

MOST_ROWS = 12
"""Rows that the future adds, by source and company: more than in `test_no_future`, so that few worlds are enough."""


@dataclass(frozen=True)
class Leak:
    """A fault to plant.

    Parameters
    ----------
    title : str
    reads : tuple of str
        Beginnings of the names of the features that it spoils.
    source, known : str
        Source whose rows are believed known at another month, and the SQL of that month over its columns.
    step, replaced, by : str
        Query that is changed; its part, or all of it when `replaced` is empty.
    """

    title: str
    reads: tuple[str, ...]
    source: str = ""
    known: str = ""
    step: str = ""
    replaced: str = ""
    by: str = ""

    @property
    def features(self) -> list[Feature]:
        """Features that it spoils."""
        return [feature for feature in CATALOGUE if feature.name.startswith(self.reads)]


def believed(title: str, source: str, known: str, *reads: str) -> Leak:
    """A source whose rows are believed known too early."""
    return Leak(title, reads, source=source, known=known)


def changed(title: str, step: str, replaced: str, by: str, *reads: str) -> Leak:
    """A query whose text is wrong."""
    return Leak(title, reads, step=step, replaced=replaced, by=by)


def _of_today(table: str, source: str, columns: tuple[str, ...]) -> str:
    """The last version of each company, given to its whole past."""
    kept = ", ".join(columns)
    return f"""
        SELECT siren, {kept}, 0 AS known_month, {NEVER} AS until_month FROM (
            SELECT siren, {kept}, ROW_NUMBER() OVER (PARTITION BY siren ORDER BY known_month DESC, {kept}) AS rank
            FROM {source}
        ) AS versions WHERE rank = 1"""


VALUE = month_of_sql("date_valeur")
CLOSING = month_of_sql("date_cloture")
EARLY = "known_month - 6"

LEAKS = (
    believed("la dette connue avant d'être notifiée", "debit", EARLY, "debit_"),
    changed("la dette de tous les temps", "d_debit_ranked", "o.known_month AS t", "0 AS t", "debit_"),
    changed(
        "la dette récente, close d'avance", "debit_recent", "known_month, until_month\n",
        "0 AS known_month, until_month\n", "debit_recent_",
    ),
    believed("la cotisation du mois même", "cotisation", "end_month - 1", "cotisation_"),
    believed("le délai connu à sa création", "delai", "known_month - 12", "delai_"),
    believed("la décision de la commission connue d'avance", "ccsf", "known_month - 12", "ccsf_"),
    believed("l'activité partielle du mois même", "apconso", "month", "ap_3m_", "ap_12m_", "ap_1m_"),
    changed(
        "la fenêtre d'activité partielle en avance d'un mois", "d_ap", "known_month, month + 1",
        "known_month - 1, month", "ap_3m_", "ap_12m_", "ap_1m_",
    ),
    believed("la demande connue à son premier jour", "apdemande", EARLY, "ap_autorise_", "ap_demande_"),
    believed("le motif connu à son premier jour", "apdemande", "known_month - 24", "ap_economique_", "ap_special_"),
    believed("les comptes connus à leur clôture", "comptes", CLOSING, "ebe_", "resultat_", "chiffre_"),
    changed(
        "l'exercice d'avant, pas encore déposé", "exercices_avant", "p.known_month <= c.t AND p.until_month > c.t",
        "TRUE", "chiffre_d_affaires_change_", "pertes_",
    ),
    believed("les comptes consolidés connus à leur clôture", "comptes", CLOSING, "groupe_"),
    believed("la déclaration fiscale connue à sa clôture", "dgfip_af", CLOSING, "dgfip_"),
    believed("les montants fiscaux connus à leur clôture", "dgfip_indmap", CLOSING, "dgfip_"),
    believed("les ratios fiscaux connus à leur clôture", "dgfip_dirco", CLOSING, "dgfip_"),
    believed("le retard de paiement du mois suivant", "paydex", f"{VALUE} - 1", "retard_", "fpi_"),
    believed("l'effectif du mois même", "effectif_ent", "month", "effectif_"),
    believed("l'établissement connu d'avance", "sirene_histo", month_of_sql("date_debut"), "etablissements_actifs_"),
    changed(
        "l'ouverture d'un établissement connue à son premier jour", "etablissements_ouverts",
        "SELECT siren, debut, known_month,\n", f"SELECT siren, debut, {month_of_sql('debut')} AS known_month,\n",
        "etablissements_ouverts_",
    ),
    changed(
        "l'activité d'aujourd'hui donnée au passé", "s_unite", "", _of_today("s_unite", "v_sirene_ul", UNIT),
        "division_naf_", "categorie_juridique_", "age_",
    ),
    changed(
        "le siège d'aujourd'hui donné au passé", "s_siege", "", _of_today("s_siege", "v_sirene", ("departement",)),
        "region_",
    ),
    believed("le jugement connu à sa date d'effet", "procol", month_of_sql("date_effet"), "procol_36m_"),
    believed("l'annonce connue avant sa parution", "bodacc", "known_month - 12", "procol_36m_"),
    changed(
        "le taux du secteur compté à la date d'effet", "contexte_openings", "",
        "SELECT DISTINCT e.siren AS siren, e.effet_month AS t FROM procol_events AS e", "secteur_", "departement_",
    ),
    changed(
        "les entreprises du secteur connues d'avance", "contexte_active", "GREATEST(a.t, r.month) AS start_t",
        "a.t - 12 AS start_t", "secteur_", "departement_",
    ),
)  # fmt: skip


class _Planted:
    """The code with a fault in it, for the time of a test."""

    def __init__(self, leak: Leak, monkeypatch: pytest.MonkeyPatch) -> None:
        self.leak, self.is_used = leak, False
        if leak.source:
            monkeypatch.setattr(inputs, "versions_sql", self._versions)
        else:
            monkeypatch.setattr(grid, "bucket_steps", self._changing(grid.bucket_steps))
            monkeypatch.setattr(inputs, "contexte_steps", self._changing(inputs.contexte_steps))

    def _versions(self, lake: Lake, source: str, as_of: int) -> str:
        honest = versions.versions_sql(lake, source, as_of)
        if source != self.leak.source:
            return honest
        self.is_used = True
        return f"SELECT * REPLACE (CAST({self.leak.known} AS INTEGER) AS known_month) FROM ({honest}) AS v"

    def _changing(self, honest: Callable[..., list[Step]]) -> Callable[..., list[Step]]:
        def made(*given: object, **named: object) -> list[Step]:
            return [self._changed(step) for step in honest(*given, **named)]

        return made

    def _changed(self, step: Step) -> Step:
        if step.name != self.leak.step:
            return step
        assert self.leak.replaced in step.sql, f"nothing to change in {step.name}: the leak is not planted"
        self.is_used = True
        if not self.leak.replaced:
            return Step(step.name, self.leak.by)
        return Step(step.name, step.sql.replace(self.leak.replaced, self.leak.by))


@pytest.fixture(scope="module")
def pairs(tmp_path_factory: pytest.TempPathFactory) -> list[Pair]:
    """The worlds in which leaks are looked for."""
    return [staged_pair(tmp_path_factory.mktemp("worlds"), seed, most=MOST_ROWS) for seed in SEEDS]


def test_without_a_leak_these_worlds_hold(pairs: list[Pair]) -> None:
    assert [pair.altered_months() for pair in pairs] == [[] for _ in pairs]


@pytest.mark.parametrize("leak", LEAKS, ids=lambda leak: leak.title)
def test_a_planted_leak_is_caught(leak: Leak, pairs: list[Pair], monkeypatch: pytest.MonkeyPatch) -> None:
    planted = _Planted(leak, monkeypatch)
    assert any(pair.altered_months(leak.features) for pair in pairs), "the property did not see it"
    assert planted.is_used


@pytest.mark.parametrize("theme", sorted({feature.theme for feature in CATALOGUE}))
def test_a_feature_that_looks_ahead_is_caught(theme: str, pairs: list[Pair], monkeypatch: pytest.MonkeyPatch) -> None:
    """In each theme that has windows, a lag turned the wrong way."""
    looking = [f for f in CATALOGUE if f.theme == theme and (" LAG(" in f" {f.sql}" or "PRECEDING" in f.sql)]
    if not looking:
        assert theme == "sante_financiere", "accounts are compared by exercise, not by month"
        return
    honest = features_build.features_sql

    def ahead(*given: object, **named: object) -> str:
        sql = honest(*given, **named)  # type: ignore[arg-type]
        return sql.replace("LAG(", "LEAD(").replace("AND CURRENT ROW", "AND 12 FOLLOWING")

    monkeypatch.setattr(features_build, "features_sql", ahead)
    assert any(pair.altered_months(looking) for pair in pairs)


def test_every_family_of_features_has_a_leak() -> None:
    """Series of the package have none: they are no rows of a lake, their delay is told in `test_macro`."""
    spoiled = {feature.name for leak in LEAKS for feature in leak.features}
    untouched = {feature.theme for feature in CATALOGUE} - {f.theme for f in CATALOGUE if f.name in spoiled}
    assert untouched == set()
    sources = {source for feature in CATALOGUE for source in feature.sources}
    assert sources <= {source for f in CATALOGUE if f.name in spoiled for source in f.sources}
