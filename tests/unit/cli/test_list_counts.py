"""`signaux list`: its counts in words."""

from __future__ import annotations

from signaux_faibles.cli.list_words import compared, counted, not_companies
from signaux_faibles.lists.compare import ListComparison
from signaux_faibles.lists.store import ListCard

COUNTS = {
    "scored": 564, "eleve": 1, "modere": 5, "aucun": 558, "jobs_eleve": 12, "jobs_modere": 90, "jobs_aucun": 40132,
    "procedure": 8, "hors_perimetre": 0, "first_alerts": 6, "creation_recente": 41, "delai_en_cours": 0,
}  # fmt: skip


def test_a_first_list_tells_its_levels_gravest_first() -> None:
    assert counted(COUNTS) == (
        "1 eleve (12 jobs), 5 modere (90 jobs), 558 aucun (40,132 jobs);"
        " 564 scored (41 creation_recente), 8 in a proceeding, 0 out of perimeter"
    )


def test_a_list_after_another_tells_what_changed() -> None:
    later = COUNTS | {"sortie": 2, "entree": 3, "first_alerts": 2}
    assert counted(later).endswith("; since the previous list: 3 entree (2 first alerts), 2 sortie")


def test_a_list_with_expert_rules_tells_what_they_moved() -> None:
    assert counted(COUNTS | {"raised_by_rules": 4, "lowered_by_rules": 0}).endswith(
        "0 out of perimeter; by the expert rules: 4 raised, 0 lowered"
    )


def card(list_id: str, **other: object) -> ListCard:
    made = {
        "list_id": list_id, "previous_id": None, "model_id": "m1", "threshold_eleve": 0.3, "threshold_modere": 0.1,
        "base_probability": 0.02, "counts": {}, "fingerprint": "",
    } | other  # fmt: skip
    return ListCard(**made)  # type: ignore[arg-type]


def comparison(earlier: ListCard, later: ListCard, *between: str) -> ListComparison:
    return ListComparison(
        earlier, later, between, {"entree": 3, "stable": 500}, first_alerts_count=2, alerts_earlier_count=5,
        alerts_later_count=7, alerts_both_count=4, jaccard_ratio=0.5, scored_both_count=503, spearman_ratio=None,
    )  # fmt: skip


def test_a_comparison_tells_changes_alerts_and_ranks() -> None:
    assert compared(comparison(card("2026-07"), card("2026-10"), "2026-08")).splitlines() == [
        "List 2026-10 against 2026-07: 3 entree (2 first alerts), 500 stable.",
        "Alerts: 5 then 7, 4 in both (Jaccard 0.500).",
        "Ranks of the 503 companies scored in both: Spearman unknown.",
        "Same model, thresholds and expert rules.",
        "Lists between them, not told apart: 2026-08.",
    ]


def test_what_changed_beside_the_companies_is_said() -> None:
    later = card("2026-10", model_id="m2", threshold_modere=0.12, rules=("k_propres_negatifs",))
    said = not_companies(comparison(card("2026-07"), later))
    assert [sentence.split(" ")[0] for sentence in said] == ["Another", "The", "The"]
    assert "0.1000 to 0.3000 and 0.1200" in said[1]
    assert said[2].endswith("none then k_propres_negatifs.")
    assert not_companies(comparison(card("2026-07"), card("2026-10"))) == []
