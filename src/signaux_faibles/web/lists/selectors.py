"""Reading a list: its totals in an agent's zone, the companies a page shows, what each card says."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from django.db.models import Count, F, FloatField, Q, QuerySet, Sum, Value
from django.db.models.functions import Coalesce

from signaux_faibles.web.accounts.models import User
from signaux_faibles.web.lists.cursor import Cursor
from signaux_faibles.web.lists.enums import Evolution
from signaux_faibles.web.lists.forms import Filters
from signaux_faibles.web.policy.rules import class_to, confidential_to, located_in
from signaux_faibles.web.releases.codes import Code
from signaux_faibles.web.releases.models import ALERTES, Explication, Release, Score, Serie
from signaux_faibles.web.releases.search import search_key

PAGE_SIZE = 20

IN_ALERT = Q(niveau__in=ALERTES)
IS_EVOLUTION = {
    Evolution.PREMIERE: IN_ALERT & Q(is_first_alert=True),
    Evolution.RETOUR: IN_ALERT & Q(evolution="entree", is_first_alert=False),
    Evolution.AGGRAVATION: IN_ALERT & Q(evolution="aggravation"),
    Evolution.AMELIORATION: IN_ALERT & Q(evolution="amelioration"),
    Evolution.SORTIE: Q(evolution="sortie"),
}


@dataclass(frozen=True)
class Totals:
    """Companies and jobs of a list, or of a part of it; `entries` counts first alerts and returns."""

    eleve: int
    modere: int
    jobs: int
    evolutions: dict[Evolution, int]
    entries: int

    @property
    def alerts(self) -> int:
        """Companies in alert."""
        return self.eleve + self.modere


@dataclass(frozen=True)
class Page:
    """Part of a list.

    Parameters
    ----------
    scores : tuple of Score
        With their `entreprise`.
    total : int
        Companies of the whole filtered list.
    first_rank : int
        Rank of the first score of the page, from 1; 0 for an empty page.
    after, before : Cursor, optional
        Where the next and the previous page start; None when there is none.
    """

    scores: tuple[Score, ...]
    total: int
    first_rank: int
    after: Cursor | None
    before: Cursor | None

    @property
    def last_rank(self) -> int:
        """Rank of the last score of the page."""
        return self.first_rank + len(self.scores) - 1 if self.scores else 0


def totals_by_release(user: User, releases: Iterable[Release]) -> dict[str, Totals]:
    """Totals of several lists in an agent's zone, in one query."""
    rows = Score.objects.filter(confidential_to(user, "entreprise__"), IN_ALERT | IS_EVOLUTION[Evolution.SORTIE])
    rows = rows.filter(release__in=[release.pk for release in releases])
    found = rows.values("release_id").annotate(**_TOTALS).order_by("release_id")
    return {row["release_id"]: _totals(row) for row in found}


def totals_of(rows: QuerySet[Score]) -> Totals:
    """Totals of some scores."""
    return _totals(rows.aggregate(**_TOTALS))


NO_TOTALS = Totals(eleve=0, modere=0, jobs=0, evolutions=dict.fromkeys(Evolution, 0), entries=0)

_TOTALS = {
    "eleve": Count("pk", filter=Q(niveau="eleve")),
    "modere": Count("pk", filter=Q(niveau="modere")),
    "jobs": Sum("entreprise__effectif_count", filter=IN_ALERT),
    "entries": Count("pk", filter=IN_ALERT & Q(evolution="entree")),
    **{f"is_{evolution.value}": Count("pk", filter=condition) for evolution, condition in IS_EVOLUTION.items()},
}


def _totals(row: dict[str, int | None]) -> Totals:
    evolutions = {evolution: row[f"is_{evolution.value}"] or 0 for evolution in Evolution}
    return Totals(row["eleve"] or 0, row["modere"] or 0, row["jobs"] or 0, evolutions, row["entries"] or 0)


def listed(user: User, release: Release, filters: Filters) -> QuerySet[Score]:
    """Scores of a list that an agent may see and the filters keep; only companies in alert, unless exits are asked."""
    rows = Score.objects.filter(confidential_to(user, "entreprise__"), release=release)
    rows = rows.filter(IS_EVOLUTION[filters.evolution] if filters.evolution else IN_ALERT)
    if not filters.is_exits:
        rows = rows.filter(niveau__in=[niveau.value for niveau in filters.niveaux])
    if filters.departement:
        rows = rows.filter(located_in([filters.departement], "entreprise__"))
    for code in filters.without:
        rows = leave_out(rows, user, code)
    if filters.effectif_min is not None:
        rows = rows.filter(entreprise__effectif_count__gte=filters.effectif_min)
    return rows.filter(_matches(filters.q)) if filters.q else rows


def leave_out(rows: QuerySet[Score], user: User, code: Code) -> QuerySet[Score]:
    """Scores without a flag, as far as the agent may know.

    A company of which the agent may not read the flag stays: leaving it out would tell that it has it.
    """
    return rows.exclude(class_to(user, code.data_class, "entreprise__"), flags__contains=[code.name])


def _matches(q: str) -> Q:
    """Companies a search designates: by SIREN or SIRET when it is made of digits, else by every word of the name."""
    digits = "".join(q.split())
    words = search_key(q).split()
    by_name = Q(*(Q(entreprise__recherche__contains=word) for word in words)) if words else Q(pk__in=[])
    if digits.isascii() and digits.isdecimal():
        return by_name | Q(siren__startswith=digits[:9])
    return by_name


def page_of(rows: QuerySet[Score], total: int, cursor: Cursor | None) -> Page:
    """A page of scores: the highest risk first, then by SIREN; companies without a score last.

    Pages follow a key and not a number, so that a page never repeats nor skips a company.
    """
    ranked = rows.annotate(risk=Coalesce(F("probability_18m"), Value(-1.0), output_field=FloatField()))
    is_backward = cursor is not None and cursor.is_backward
    wanted = ranked.select_related("entreprise")
    if cursor is not None:
        wanted = wanted.filter(_beyond(cursor))
    order = ("risk", "-siren") if is_backward else ("-risk", "siren")
    found = list(wanted.order_by(*order)[: PAGE_SIZE + 1])
    has_more, scores = len(found) > PAGE_SIZE, found[:PAGE_SIZE]
    if is_backward:
        scores.reverse()
    if not scores:
        return Page((), total, 0, None, None)
    first, last = scores[0], scores[-1]
    start = Cursor(first.risk, first.siren, is_backward=True)
    rank = 1 if cursor is None else 1 + ranked.filter(_beyond(start)).count()
    has_after = rank + len(scores) - 1 < total if is_backward else has_more
    return Page(
        tuple(scores), total, rank, Cursor(last.risk, last.siren) if has_after else None, start if rank > 1 else None
    )


def _beyond(cursor: Cursor) -> Q:
    """What comes after a cursor, or before a backward one."""
    if cursor.is_backward:
        return Q(risk__gt=cursor.risk) | Q(risk=cursor.risk, siren__lt=cursor.siren)
    return Q(risk__lt=cursor.risk) | Q(risk=cursor.risk, siren__gt=cursor.siren)


def strongest_reasons(release: Release, sirens: list[str]) -> dict[str, Explication]:
    """For each company, the term that raises its risk most and says so in a sentence; themes before their variables."""
    rows = Explication.objects.filter(release=release, siren__in=sirens, direction="hausse").exclude(sentence=None)
    rows = rows.exclude(sentence="").order_by("siren", "-points", "rang").distinct("siren")
    return {row.siren: row for row in rows}


def series_of(release: Release, sirens: list[str], kinds: Iterable[str]) -> dict[tuple[str, str], Serie]:
    """Series of some companies, by (SIREN, kind)."""
    rows = Serie.objects.filter(release=release, id_serie__in=sirens, kind__in=list(kinds))
    return {(row.id_serie, row.kind): row for row in rows}
