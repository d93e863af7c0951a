"""Places of a departement in a quarter, worked by hand."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from lakes import day, m, new_lake, stage
from signaux_faibles.domain.errors import InputError
from signaux_faibles.domain.niveau import Niveau
from signaux_faibles.lists.levels import candidates
from signaux_faibles.lists.places import Candidates, Capacity, give_places, quarter_of
from signaux_faibles.lists.store import list_ids
from signaux_faibles.model.score import Scored
from written_lists import write

A, B, C, D, E = "900000004", "900000012", "900000020", "900000038", "900000046"
ELEVE, MODERE, AUCUN = Niveau.ELEVE, Niveau.MODERE, Niveau.AUCUN


def given_to(
    scores: dict[str, float], capacity: Capacity, *, gone: str = "", held: dict[str, Niveau] | None = None, **place: str
) -> dict[str, Niveau | None]:
    """Levels of companies, all in Paris unless said otherwise; the one gone is in a proceeding."""
    siren = sorted(scores)
    departement = dict.fromkeys(siren, "75") | place
    wanted = Candidates(siren, [scores[s] for s in siren], [s != gone for s in siren], departement, held or {})
    return dict(zip(siren, give_places(capacity, wanted), strict=True))


SCORES = {A: -1.0, B: 3.0, C: 2.0, D: 0.5, E: 1.0}


def test_the_first_by_score_take_the_places_of_their_departement() -> None:
    found = given_to(SCORES, Capacity(1, 3), **{E: "2A"})
    assert found == {B: ELEVE, C: MODERE, D: MODERE, A: AUCUN, E: ELEVE}


def test_one_number_gives_places_at_the_highest_level_alone() -> None:
    assert given_to(SCORES, Capacity(2, 2)) == {B: ELEVE, C: ELEVE, E: AUCUN, D: AUCUN, A: AUCUN}


def test_a_company_in_a_proceeding_takes_no_place() -> None:
    assert given_to(SCORES, Capacity(1, 2), gone=B) == {B: None, C: ELEVE, E: MODERE, D: AUCUN, A: AUCUN}


def test_a_company_without_departement_takes_no_place() -> None:
    wanted = Candidates([A, B], [2.0, 1.0], [True, True], {B: "75"}, {})
    assert give_places(Capacity(1, 1), wanted) == [AUCUN, ELEVE]
    assert wanted.unplaced_count == 1
    assert Candidates([A], [2.0], [False], {}, {}).unplaced_count == 0, "it could have none anyway"


def test_the_smallest_siren_goes_first_among_equal_scores() -> None:
    assert given_to({C: 1.0, A: 1.0, B: 1.0}, Capacity(1, 2)) == {A: ELEVE, B: MODERE, C: AUCUN}


def test_places_taken_in_the_quarter_stay_taken() -> None:
    """A was high and D moderate in a list of the quarter: they keep it, though three companies are riskier now."""
    found = given_to(SCORES, Capacity(1, 3), held={A: ELEVE, D: MODERE})
    assert found == {A: ELEVE, D: MODERE, B: MODERE, C: AUCUN, E: AUCUN}


def test_a_place_left_in_the_quarter_goes_on() -> None:
    """A, high, is now in a proceeding: D, moderate in the quarter, goes up, and the riskiest of the others come in."""
    found = given_to(SCORES, Capacity(1, 3), gone=A, held={A: ELEVE, D: MODERE})
    assert found == {A: None, D: ELEVE, B: MODERE, C: MODERE, E: AUCUN}


@pytest.mark.parametrize(("eleve", "alerts"), [(0, 3), (4, 3), (-1, 0)])
def test_places_that_make_no_sense_are_refused(eleve: int, alerts: int) -> None:
    with pytest.raises(InputError, match="Bad capacity"):
        Capacity(eleve, alerts)


def test_quarters_are_those_of_the_calendar() -> None:
    january = 2026 * 12
    quarters = [quarter_of(january + month) - quarter_of(january) for month in range(12)]
    assert quarters == [0, 0, 0, 1, 1, 1, 2, 2, 2, 3, 3, 3]


COMPANY = st.tuples(st.sampled_from([0.0, 1.0, 2.5]), st.sampled_from(["75", "2A", ""]), st.booleans())


@given(st.lists(COMPANY, max_size=30), st.integers(1, 4), st.integers(0, 4))
def test_every_place_is_taken_by_the_riskiest_and_there_are_no_more(
    companies: list[tuple[float, str, bool]], eleve: int, more: int
) -> None:
    siren = [f"{900_000_000 + rank}" for rank in range(len(companies))]
    scores, places, may = ([one[part] for one in companies] for part in range(3))
    departement = {name: place for name, place in zip(siren, places, strict=True) if place}
    found = give_places(Capacity(eleve, eleve + more), Candidates(siren, scores, may, departement, {}))  # type: ignore[arg-type]
    for place in ("75", "2A"):
        of_place = [rank for rank, one in enumerate(companies) if one[1] == place and one[2]]
        levels = [found[rank] for rank in of_place]
        assert levels.count(ELEVE) == min(eleve, len(levels))
        assert levels.count(ELEVE) + levels.count(MODERE) == min(eleve + more, len(levels))
        taken = [companies[rank][0] for rank in of_place if found[rank] is not AUCUN]
        left = [companies[rank][0] for rank in of_place if found[rank] is AUCUN]
        assert not left or min(taken) >= max(left)


def test_who_held_a_place_is_read_in_the_lists_of_the_quarter_alone(tmp_path: Path) -> None:
    """B was high in October and moderate in November; A in September, of another quarter."""
    lake = new_lake(tmp_path / "lake")
    rows = [{"siren": s, "siret": s + "00011", "is_siege": True, "departement": "75"} for s in (A, B)]
    stage(lake, "sirene", m("2026-09"), [{**row, "is_active": True, "known_from": day("2026-09-30")} for row in rows])
    for month, said in {
        "2026-09": {A: (ELEVE, 0.5)},
        "2026-10": {A: (AUCUN, 0.1), B: (ELEVE, 0.5), C: (MODERE, 0.2)},
        "2026-11": {B: (MODERE, 0.2), D: (None, None)},
    }.items():
        write(lake, month, said)
    scored = Scored(
        [A, B, C], [0, 10, None], [20, 20, 20], np.array([1.0, 2.0, 3.0]), np.zeros((3, 1)), np.zeros((3, 2))
    )
    found = candidates(lake, scored, m("2026-12"), list_ids(lake, before="2026-12"))
    assert found.held == {B: ELEVE, C: MODERE}
    assert found.departement == {A: "75", B: "75"}
    assert list(found.can_have_level) == [True, False, True]
    assert found.unplaced_count == 1
