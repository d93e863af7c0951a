"""What stands in place of a block: locked data, or nothing known."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class Locked:
    """A block that the agent may not see: its name, and what it would show."""

    title: str
    text: str


@dataclass(frozen=True)
class Empty:
    """A block about which nothing is known."""

    title: str
    text: str
