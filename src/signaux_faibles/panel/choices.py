"""What was asked of a panel beside its month: the next stages keep it, and the panels of the next months."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Any

from signaux_faibles.domain.errors import LakeError
from signaux_faibles.lake import Lake
from signaux_faibles.panel.store import built_months, read_manifest
from signaux_faibles.perimeter import PerimeterRules


@dataclass(frozen=True)
class Choices:
    """What was asked of a panel, all of it or the part that another one takes.

    Parameters
    ----------
    month : int or None
        Panel of which it was asked; None when there is no panel.
    set_name : str or None
        Set of the tables beside the panel, by the name that their maker gives it.
    rules : PerimeterRules or None
        Rules given, when they are not those in force.
    is_whole : bool
        The states of every month are kept.
    """

    month: int | None = None
    set_name: str | None = None
    rules: PerimeterRules | None = None
    is_whole: bool = False

    def unless(self, *, set_name: str | None, rules: PerimeterRules | None, is_whole: bool | None) -> Choices:
        """What is left of it when other things are asked for: None asks for nothing."""
        return replace(
            self,
            set_name=self.set_name if set_name is None else None,
            rules=self.rules if rules is None else None,
            is_whole=self.is_whole and is_whole is None,
        )


def kept_choices(lake: Lake, as_of: int) -> Choices:
    """What was asked of the panel of a month as last built, or else of the latest one before it."""
    for month in sorted((month for month in built_months(lake) if month <= as_of), reverse=True):
        try:
            done = read_manifest(lake.panel(month)) or {}
        except LakeError:
            if month != as_of:
                raise
            continue  # the build that reads it refuses it, and the one that is forced makes it again
        name = done.get("set_name")
        return Choices(month, str(name) if name else None, _rules(done.get("rules")), bool(done.get("is_whole")))
    return Choices()


def _rules(written: object) -> PerimeterRules | None:
    if not isinstance(written, dict):
        return None
    fields: dict[str, Any] = {key: tuple(v) if isinstance(v, list) else v for key, v in written.items()}
    return PerimeterRules(**fields)
