"""Counts of a list."""

from __future__ import annotations

from signaux_faibles.domain.niveau import Niveau
from signaux_faibles.lists.counts import counts_of
from signaux_faibles.lists.evolution import Evolution
from signaux_faibles.lists.flags import Exclusion, Flag
from signaux_faibles.lists.store import Entry


def entry(niveau: Niveau | None, **other: object) -> Entry:
    fields = {"siren": "900000004", "probability_18m": None, "niveau_precedent": None, "probability_precedente": None}
    fields |= {"is_first_alert": False, "evolution": None, "niveau_avant_regles": niveau}
    return Entry(niveau=niveau, **fields | other)  # type: ignore[arg-type]


ENTRIES = [
    entry(
        Niveau.ELEVE, effectif_count=50, is_first_alert=True, evolution=Evolution.ENTREE, flags=[Flag.DELAI_EN_COURS]
    ),
    entry(Niveau.MODERE, effectif_count=None, niveau_avant_regles=Niveau.AUCUN, flags=[Flag.CREATION_RECENTE]),
    entry(Niveau.AUCUN, effectif_count=12, niveau_avant_regles=Niveau.MODERE, evolution=Evolution.SORTIE),
    entry(None, exclusion=Exclusion.PROCEDURE, effectif_count=9, flags=[Flag.DELAI_EN_COURS]),
    entry(None, exclusion=Exclusion.HORS_PERIMETRE, evolution=Evolution.SORTIE),
]


def test_levels_jobs_reasons_flags_and_changes_are_counted() -> None:
    assert counts_of(ENTRIES) == {
        "scored": 3, "first_alerts": 1, "eleve": 1, "jobs_eleve": 50, "modere": 1, "jobs_modere": 0, "aucun": 1,
        "jobs_aucun": 12, "procedure": 1, "hors_perimetre": 1, "creation_recente": 1, "delai_en_cours": 1,
        "peu_d_informations": 0, "entree": 1, "sortie": 2,
    }  # fmt: skip


def test_a_flag_that_cannot_be_told_is_not_counted_as_none() -> None:
    assert "delai_en_cours" not in counts_of(ENTRIES, unknown=[Flag.DELAI_EN_COURS])


def test_what_the_rules_moved_is_counted_when_there_are_some() -> None:
    counts = counts_of(ENTRIES, has_rules=True)
    assert (counts["raised_by_rules"], counts["lowered_by_rules"]) == (1, 1)
