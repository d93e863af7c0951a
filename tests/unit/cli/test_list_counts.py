"""`signaux list`: its counts in words."""

from __future__ import annotations

from signaux_faibles.cli.lists import counted

COUNTS = {
    "scored": 564, "eleve": 1, "modere": 5, "aucun": 558, "jobs_eleve": 12, "jobs_modere": 90, "jobs_aucun": 40132,
    "procedure": 8, "hors_perimetre": 0,
}  # fmt: skip


def test_a_first_list_tells_its_levels_gravest_first() -> None:
    assert counted(COUNTS) == (
        "1 eleve (12 jobs), 5 modere (90 jobs), 558 aucun (40,132 jobs);"
        " 564 scored, 8 in a proceeding, 0 out of perimeter"
    )


def test_a_list_after_another_tells_what_changed() -> None:
    assert counted(COUNTS | {"sortie": 2, "entree": 1}).endswith("; since the previous list: 1 entree, 2 sortie")
