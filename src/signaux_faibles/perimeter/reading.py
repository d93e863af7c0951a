"""Read a file of dated rules: every fault is one sentence that names the file, the key, what was found and expected."""

from __future__ import annotations

import re
from importlib.resources import files
from pathlib import Path
from typing import Any, NoReturn

import yaml

from signaux_faibles.domain.errors import InputError
from signaux_faibles.domain.periode import parse_month
from signaux_faibles.domain.yaml_text import read_yaml
from signaux_faibles.perimeter.rules import CodesRule, HeadcountRule, Period, RuleBook, SwitchRule

DEFAULT_RULES, REFERENCE_RULES = "default", "reference"
SHIPPED = {DEFAULT_RULES: "rules.yaml", REFERENCE_RULES: "reference.yaml"}
"""Files of the package: ours, and the history of the rules of the reference importer, chosen by `reference`."""

KEYS = ("effectif", "categories_juridiques", "activites", "siege_etranger", "personnes_physiques")
CATEGORY = "[0-9]{1,4}"
ACTIVITY = r"[0-9]{2}(\.[0-9]{2}[A-Z])?"
MAX_WINDOW_MONTHS = 600


def read_rules(path: Path | None = None) -> RuleBook:
    """Dated rules of the perimeter.

    Parameters
    ----------
    path : Path, optional
        YAML file, or the bare name `reference`; the rules of the package by default.

    Raises
    ------
    InputError
        If the file cannot be read, or a rule is not what it should be.
    """
    name = DEFAULT_RULES if path is None else str(path)
    if name in SHIPPED and (path is None or not path.is_file()):
        text, name = (files("signaux_faibles.perimeter") / SHIPPED[name]).read_text(encoding="utf-8"), SHIPPED[name]
    else:
        text = _text(Path(name))
    try:
        content = read_yaml(text)
    except yaml.YAMLError as error:
        line = getattr(getattr(error, "problem_mark", None), "line", 0) + 1
        raise InputError(f"{name}, line {line}: not YAML.", todo="Correct the file given to --rules.") from None
    return _Reader(name).book(content)


def _text(path: Path) -> str:
    try:
        return path.read_text(encoding="utf-8")
    except (OSError, UnicodeDecodeError) as error:
        what = "is not UTF-8" if isinstance(error, UnicodeDecodeError) else "cannot be read"
        raise InputError(f"{path} {what}.", todo="Give --rules a YAML file, or `reference`.") from None


class _Reader:
    """Reads the content of one file, whose name its messages bear."""

    def __init__(self, name: str) -> None:
        self.name = name

    def book(self, content: Any) -> RuleBook:
        """Every rule of the file."""
        if not isinstance(content, dict):
            self._refuse("the file", content, "keys and rules")
        for key in sorted(set(content) - {*KEYS, "label"}, key=str):
            self._refuse(str(key), "an unknown key", f"one of label, {', '.join(KEYS)}")
        if not isinstance(content.get("label", ""), str):
            self._refuse("label", content["label"], "a text")
        return RuleBook(
            name=self.name,
            label=content.get("label", ""),
            headcount=self._headcount(content),
            categories=self._codes(content, "categories_juridiques", CATEGORY, "a code of 1 to 4 digits"),
            activities=self._codes(content, "activites", ACTIVITY, "a division or a NAF rev. 2 code, as 84 or 84.11Z"),
            foreign_head_office=self._switches(content, "siege_etranger"),
            sole_traders=self._switches(content, "personnes_physiques"),
        )

    def _headcount(self, content: dict[str, Any]) -> tuple[HeadcountRule, ...]:
        rules = tuple(
            HeadcountRule(
                self._period(where, rule),
                self._integer(f"{where}.min_count", rule["min_count"], 0, 10**6),
                self._integer(f"{where}.window_months", rule["window_months"], 1, MAX_WINDOW_MONTHS),
            )
            for where, rule in self._rules(content, "effectif", ("min_count", "window_months"))
        )
        if not rules:
            self._refuse("effectif", "no rule", "at least one")
        self._refuse_overlaps("effectif", [rule.period for rule in rules])
        return rules

    def _codes(self, content: dict[str, Any], key: str, pattern: str, expected: str) -> tuple[CodesRule, ...]:
        rules = []
        for where, rule in self._rules(content, key, ("codes",)):
            codes = rule["codes"]
            if not isinstance(codes, list) or not codes:
                self._refuse(f"{where}.codes", codes, "a list of codes between quotes")
            for code in codes:
                if not isinstance(code, str) or not re.fullmatch(pattern, code):
                    self._refuse(f"{where}.codes", code, f"{expected}, between quotes")
            rules.append(CodesRule(self._period(where, rule), tuple(codes)))
        return tuple(rules)

    def _switches(self, content: dict[str, Any], key: str) -> tuple[SwitchRule, ...]:
        rules = []
        for where, rule in self._rules(content, key, ("excluded",)):
            if not isinstance(rule["excluded"], bool):
                self._refuse(f"{where}.excluded", rule["excluded"], "true or false")
            rules.append(SwitchRule(self._period(where, rule), rule["excluded"]))
        self._refuse_overlaps(key, [rule.period for rule in rules])
        return tuple(rules)

    def _rules(self, content: dict[str, Any], key: str, needed: tuple[str, ...]) -> list[tuple[str, dict[str, Any]]]:
        """Rules of a key, each with its place in the file."""
        declared = content.get(key) or []
        if not isinstance(declared, list):
            self._refuse(key, declared, "a list of rules")
        found = []
        for rank, rule in enumerate(declared, start=1):
            where = f"{key}[{rank}]"
            if not isinstance(rule, dict):
                self._refuse(where, rule, f"a rule with {', '.join(needed)}")
            for name in needed:
                if name not in rule:
                    self._refuse(where, f"no {name}", f"{', '.join(needed)}")
            for name in sorted(set(rule) - {*needed, "valid_from", "valid_until", "why"}, key=str):
                self._refuse(f"{where}.{name}", "an unknown key", f"{', '.join(needed)}, valid_from, valid_until, why")
            found.append((where, rule))
        return found

    def _period(self, where: str, rule: dict[str, Any]) -> Period:
        period = Period(self._month(where, rule, "valid_from"), self._month(where, rule, "valid_until"))
        if period.first is not None and period.last is not None and period.last < period.first:
            self._refuse(f"{where}.valid_until", rule["valid_until"], f"a month from {rule['valid_from']} on")
        return period

    def _month(self, where: str, rule: dict[str, Any], key: str) -> int | None:
        value = rule.get(key)
        if value is None:
            return None
        try:
            return parse_month(value)
        except (InputError, TypeError, AttributeError):
            self._refuse(f"{where}.{key}", value, 'a month between quotes, as "2026-03"')

    def _integer(self, where: str, value: Any, low: int, high: int) -> int:
        if not isinstance(value, int) or isinstance(value, bool) or not low <= value <= high:
            self._refuse(where, value, f"a whole number from {low} to {high}")
        return int(value)

    def _refuse_overlaps(self, key: str, periods: list[Period]) -> None:
        for rank, period in enumerate(periods):
            if any(period.meets(other) for other in periods[:rank]):
                self._refuse(f"{key}[{rank + 1}]", "months already covered by a rule above", "periods apart")

    def _refuse(self, key: str, found: object, expected: str) -> NoReturn:
        shown = found if isinstance(found, str) else repr(found)
        raise InputError(
            f"{self.name}, key '{key}': found {str(shown)[:80]}, expected {expected}.",
            todo="Correct the file given to --rules.",
        )
