"""Rules of the perimeter and the months over which they apply."""

from __future__ import annotations

from dataclasses import dataclass

from signaux_faibles.domain.errors import InputError
from signaux_faibles.domain.periode import format_month


@dataclass(frozen=True)
class PerimeterRules:
    """Rules in force at a month.

    Parameters
    ----------
    effectif_min_count : int
        Headcount that must have been reached, salaries.
    window_months : int
        Number of last months, as known at t, in which it must have been reached.
    categories_excluded, activities_excluded : tuple of str
        Insee legal categories; NAF rev. 2 codes with their dot. A shorter code stands for all those it begins.
    excludes_foreign_head_office, excludes_sole_traders : bool
    """

    effectif_min_count: int
    window_months: int
    categories_excluded: tuple[str, ...] = ()
    activities_excluded: tuple[str, ...] = ()
    excludes_foreign_head_office: bool = True
    excludes_sole_traders: bool = True


@dataclass(frozen=True)
class Period:
    """Months over which a rule applies, both included; None on a side without end."""

    first: int | None
    last: int | None

    def holds(self, month: int) -> bool:
        """Whether a month is inside."""
        return (self.first is None or self.first <= month) and (self.last is None or month <= self.last)

    def meets(self, other: Period) -> bool:
        """Whether two periods have a month in common."""
        starts_in_time = self.first is None or other.last is None or self.first <= other.last
        return starts_in_time and (other.first is None or self.last is None or other.first <= self.last)


@dataclass(frozen=True)
class HeadcountRule:
    """Threshold and window of a period."""

    period: Period
    min_count: int
    window_months: int


@dataclass(frozen=True)
class CodesRule:
    """Codes, or beginnings of codes, excluded over a period."""

    period: Period
    codes: tuple[str, ...]


@dataclass(frozen=True)
class SwitchRule:
    """An exclusion that is on or off over a period."""

    period: Period
    excluded: bool


@dataclass(frozen=True)
class RuleBook:
    """Every rule of a file, with its months.

    Parameters
    ----------
    name : str
        File it was read from, for messages.
    label : str
        What these rules are, in French, for the report.
    """

    name: str
    label: str
    headcount: tuple[HeadcountRule, ...]
    categories: tuple[CodesRule, ...]
    activities: tuple[CodesRule, ...]
    foreign_head_office: tuple[SwitchRule, ...]
    sole_traders: tuple[SwitchRule, ...]

    def at(self, month: int) -> PerimeterRules:
        """Rules in force at a month.

        Raises
        ------
        InputError
            If no threshold of headcount is in force that month.
        """
        held = [rule for rule in self.headcount if rule.period.holds(month)]
        if not held:
            raise InputError(
                f"{self.name}, key 'effectif': no rule in force in {format_month(month)}, expected one.",
                todo="Add a rule whose months hold that one.",
            )
        return PerimeterRules(
            effectif_min_count=held[0].min_count,
            window_months=held[0].window_months,
            categories_excluded=_codes(self.categories, month),
            activities_excluded=_codes(self.activities, month),
            excludes_foreign_head_office=_is_on(self.foreign_head_office, month),
            excludes_sole_traders=_is_on(self.sole_traders, month),
        )


def _codes(rules: tuple[CodesRule, ...], month: int) -> tuple[str, ...]:
    """Codes excluded at a month, each once, sorted."""
    return tuple(sorted({code for rule in rules if rule.period.holds(month) for code in rule.codes}))


def _is_on(rules: tuple[SwitchRule, ...], month: int) -> bool:
    return any(rule.excluded for rule in rules if rule.period.holds(month))
