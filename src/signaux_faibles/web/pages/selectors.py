"""Searching a company by SIREN, SIRET or name, anywhere in France: identity is public, its level is not."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from django.contrib.postgres.search import TrigramWordSimilarity
from django.db.models import Case, IntegerField, Q, QuerySet, Value, When

from signaux_faibles.web.accounts.models import User
from signaux_faibles.web.policy.rules import can_see_confidential, confidential_to
from signaux_faibles.web.releases.models import Entreprise, Release, Score
from signaux_faibles.web.releases.search import search_key

MAX_RESULTS = 20
MIN_LETTERS = 2


@dataclass(frozen=True)
class Result:
    """A company found; `niveau` is empty out of the agent's zone, or when it was not scored."""

    entreprise: Entreprise
    is_in_zone: bool
    niveau: str


@dataclass(frozen=True)
class Results:
    """What a search found: companies of the agent's zone, then the others; `is_cut` when there were too many."""

    inside: tuple[Result, ...]
    outside: tuple[Result, ...]
    is_cut: bool

    @property
    def count(self) -> int:
        """Companies found."""
        return len(self.inside) + len(self.outside)


def search(user: User, release: Release, q: str) -> Results:
    """Companies a text designates: by a SIREN or its start, a SIRET, or words of the name, small faults forgiven."""
    rows = Entreprise.objects.filter(release=release)
    digits = "".join(q.split())
    found: Sequence[Entreprise]
    if digits.isascii() and digits.isdecimal():
        found = list(rows.filter(siren__startswith=digits[:9]).order_by("siren")[: MAX_RESULTS + 1])
    else:
        found = _by_name(rows, search_key(q), confidential_to(user))
    shown = found[:MAX_RESULTS]
    open_sirens = [row.siren for row in shown if can_see_confidential(user, row)]
    scores = Score.objects.filter(release=release, siren__in=open_sirens)
    niveaux = dict(scores.values_list("siren", "niveau"))
    results = [Result(row, row.siren in niveaux, niveaux.get(row.siren) or "") for row in shown]
    return Results(
        tuple(r for r in results if r.is_in_zone),
        tuple(r for r in results if not r.is_in_zone),
        len(found) > MAX_RESULTS,
    )


def _by_name(rows: QuerySet[Entreprise], key: str, is_in_zone: Q) -> Sequence[Entreprise]:
    """Companies whose name holds every word, those of the zone first; only when there is none, names that resemble."""
    if len(key) < MIN_LETTERS:
        return []
    exact = rows.filter(*(Q(recherche__contains=word) for word in key.split()))
    # In zone without a condition is the whole country: nothing to put first.
    zone = (
        Case(When(is_in_zone, then=Value(0)), default=Value(1), output_field=IntegerField()) if is_in_zone else Value(0)
    )
    starts = Case(When(recherche__startswith=key, then=Value(0)), default=Value(1), output_field=IntegerField())
    found = list(exact.order_by(zone, starts, "recherche", "siren")[: MAX_RESULTS + 1])
    if found:
        return found
    close = rows.filter(recherche__trigram_word_similar=key).annotate(closeness=TrigramWordSimilarity(key, "recherche"))
    return list(close.order_by("-closeness", "recherche", "siren")[: MAX_RESULTS + 1])
