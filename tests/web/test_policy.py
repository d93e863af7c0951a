"""The rule of access, in Python and in SQL, on every case of a small world."""

from __future__ import annotations

from collections.abc import Callable
from itertools import combinations

import pytest
from django.contrib.auth.models import AnonymousUser

from signaux_faibles.domain.data_class import DataClass
from signaux_faibles.web.accounts.models import Habilitation, User
from signaux_faibles.web.accounts.rules import NO_ZONE, Zone, zone_of
from signaux_faibles.web.policy.rules import (
    can_see_class,
    can_see_confidential,
    class_to,
    classes_somewhere,
    confidential_to,
)
from signaux_faibles.web.releases.models import Entreprise, Release, Score
from web.release_sample import CATALOGUE, OCTOBER

pytestmark = pytest.mark.django_db

CODES = ("21", "58", "2A", "974")


def subsets() -> list[tuple[str, ...]]:
    """Every set of the four departements."""
    return [codes for size in range(len(CODES) + 1) for codes in combinations(CODES, size)]


@pytest.fixture
def world() -> list[Entreprise]:
    """A company for each head office (none included) and each set of active establishments (unknown included)."""
    release = Release.objects.create(
        release_id="matrice", list_label="", list_month="2020-01", as_of="2019-12", model_id="", code_version="",
        is_synthetic=True, threshold_eleve=1, threshold_modere=1, base_probability=0, counts={}, freshness={},
        manifest={}, loaded_at="2020-01-01T00:00:00Z",
    )  # fmt: skip
    rows = []
    for siege in (None, *CODES):
        for departements in (None, *map(list, subsets())):
            siren = f"{800_000_001 + len(rows)}"
            rows.append(
                Entreprise(release=release, siren=siren, departement=siege, departements=departements, recherche="")
            )
    Entreprise.objects.bulk_create(rows)
    Score.objects.bulk_create([Score(release=release, siren=row.siren) for row in rows])
    return list(Entreprise.objects.filter(release=release).order_by("siren"))


def agents() -> list[tuple[User, Callable[[Entreprise], bool]]]:
    """Every agent of the matrix, with the rule said another way: the sets meet."""
    found: list[tuple[User, Callable[[Entreprise], bool]]] = []
    for index, codes in enumerate(subsets()):
        user = User.objects.create(email=f"zone-{index}@essai.example")
        Habilitation.objects.create(user=user, departements=list(codes))
        found.append((user, lambda e, codes=codes: bool(set(codes) & {e.departement, *(e.departements or [])})))  # type: ignore[misc]
    national = User.objects.create(email="national@essai.example")
    Habilitation.objects.create(user=national, is_national=True)
    bare = User.objects.create(email="sans@essai.example")
    closed = User.objects.create(email="ferme@essai.example", is_active=False)
    Habilitation.objects.create(user=closed, is_national=True)
    return [*found, (national, lambda e: True), (bare, lambda e: False), (closed, lambda e: False)]


def test_python_and_sql_agree_on_every_case(world: list[Entreprise]) -> None:
    cases = 0
    for user, expected in agents():
        allowed = {row.siren for row in world if can_see_confidential(user, row)}
        queried = set(
            Entreprise.objects.filter(confidential_to(user), release_id="matrice").values_list("siren", flat=True)
        )
        joined = set(
            Score.objects.filter(confidential_to(user, "entreprise__"), release_id="matrice").values_list(
                "siren", flat=True
            )
        )
        assert allowed == {row.siren for row in world if expected(row)}
        assert allowed == queried == joined
        cases += len(world)
    assert cases == 19 * 85


def test_public_class_is_open_and_every_other_follows_the_zone() -> None:
    inside, outside = User.objects.create(email="a@essai.example"), User.objects.create(email="b@essai.example")
    Habilitation.objects.create(user=inside, departements=["21"])
    Habilitation.objects.create(user=outside, departements=["59"])
    company = Entreprise.objects.get(release_id=f"essai-{OCTOBER}", siren=CATALOGUE[0].siren)
    for data_class in DataClass:
        assert can_see_class(inside, company, data_class)
        assert can_see_class(outside, company, data_class) == (data_class is DataClass.PUBLIC)


@pytest.mark.parametrize("data_class", DataClass)
def test_python_and_sql_agree_on_every_class(world: list[Entreprise], data_class: DataClass) -> None:
    scores = Score.objects.filter(release_id="matrice")
    for user, _ in agents():
        allowed = {row.siren for row in world if can_see_class(user, row, data_class)}
        queried = set(scores.filter(class_to(user, data_class, "entreprise__")).values_list("siren", flat=True))
        assert allowed == queried
        assert not allowed or data_class in classes_somewhere(user)


def test_agent_without_zone_reads_public_classes_only() -> None:
    bare = User.objects.create(email="sans@essai.example")
    assert classes_somewhere(bare) == {DataClass.PUBLIC}


def test_anonymous_has_no_zone() -> None:
    assert zone_of(AnonymousUser()) == NO_ZONE  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("zone", "label"),
    [
        (Zone(True, frozenset()), "France entière"),
        (Zone(False, frozenset()), "Aucune zone"),
        (Zone(False, frozenset({"21"})), "Côte-d'Or"),
        (Zone(False, frozenset({"21", "58"})), "Côte-d'Or, Nièvre"),
        (Zone(False, frozenset({"21", "25", "39", "58", "70", "71", "89", "90"})), "Bourgogne-Franche-Comté"),
        (Zone(False, frozenset({"21", "25", "39", "58"})), "4 départements"),
        (Zone(False, frozenset({"974"})), "La Réunion"),
    ],
)
def test_zone_is_named_as_agents_name_it(zone: Zone, label: str) -> None:
    assert zone.label == label
