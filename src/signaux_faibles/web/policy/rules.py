"""Who may see the confidential data of a company.

One rule, written twice: a predicate in Python for one company, a condition in SQL for lists; and so for a class.
`tests/web/test_policy.py` checks that they answer alike on every case of a small exhaustive matrix.
"""

from __future__ import annotations

from collections.abc import Collection
from typing import Protocol

from django.db.models import Q

from signaux_faibles.domain.data_class import DataClass
from signaux_faibles.web.accounts.models import User
from signaux_faibles.web.accounts.rules import Zone, zone_of


class Located(Protocol):
    """A company, as the policy sees it."""

    departement: str | None
    departements: list[str] | None


def can_see_confidential(user: User, entreprise: Located) -> bool:
    """An agent sees the confidential data of a company whose head office or an active establishment is in the zone."""
    zone = zone_of(user)
    if zone.is_national:
        return True
    return entreprise.departement in zone.codes or not zone.codes.isdisjoint(entreprise.departements or ())


def can_see_class(user: User, entreprise: Located, data_class: str) -> bool:
    """Public data are shown to every agent; every other class follows `can_see_confidential`."""
    return data_class == DataClass.PUBLIC or can_see_confidential(user, entreprise)


def class_to(user: User, data_class: str, prefix: str = "") -> Q:
    """`can_see_class` as a condition on a query; `prefix` as in `confidential_to`."""
    return Q() if data_class == DataClass.PUBLIC else confidential_to(user, prefix)


def classes_somewhere(user: User) -> frozenset[DataClass]:
    """Classes that an agent may see of one company at least: without a zone, the public ones only."""
    return frozenset({DataClass.PUBLIC} if zone_of(user).is_empty else DataClass)


def confidential_to(user: User, prefix: str = "") -> Q:
    """`can_see_confidential` as a condition on a query.

    Parameters
    ----------
    user : User
    prefix : str
        Path from the queried model to the company, with its final `__` (`entreprise__`); empty for the company itself.
    """
    return in_zone(zone_of(user), prefix)


def in_zone(zone: Zone, prefix: str = "") -> Q:
    """Companies of a zone; none for an empty zone."""
    if zone.is_national:
        return Q()
    return located_in(zone.codes, prefix)


def located_in(codes: Collection[str], prefix: str = "") -> Q:
    """Companies with an active establishment, or their head office, in one of these departements."""
    if not codes:
        return Q(pk__in=[])
    return Q(**{f"{prefix}departement__in": sorted(codes)}) | Q(**{f"{prefix}departements__overlap": sorted(codes)})
