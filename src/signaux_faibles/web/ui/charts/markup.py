"""HTML and SVG elements, escaped by construction: the only place of the charts that writes a `<`."""

from __future__ import annotations

from collections.abc import Iterable
from html import escape

_LEAVES = frozenset({"circle", "line", "path", "rect", "use"})
_NAMES = {"class_": "class", "view_box": "viewBox", "aspect": "preserveAspectRatio"}


class Markup(str):
    """Text that is already HTML; templates print it without escaping it again."""

    __slots__ = ()

    def __html__(self) -> str:
        return str(self)


NOTHING = Markup("")


def text_of(child: str) -> str:
    """A child as HTML: escaped, unless it is already markup."""
    return str(child) if hasattr(child, "__html__") else escape(child)


def join(parts: Iterable[str]) -> Markup:
    """Parts one after the other, each escaped unless it is already markup."""
    return Markup("".join(text_of(part) for part in parts))


def tag(name: str, *children: str, **attributes: str | float | None) -> Markup:
    """One element.

    Parameters
    ----------
    name : str
    *children : str
        Escaped, unless they are markup.
    **attributes : str, float or None
        `class_` is written `class`, `view_box` `viewBox`, `aspect` `preserveAspectRatio`; any other underscore becomes
        a hyphen. Numbers keep two decimals at most. None leaves the attribute out.
    """
    written = "".join(
        f' {_NAMES.get(key, key.replace("_", "-"))}="{escape(_value(value))}"'
        for key, value in attributes.items()
        if value is not None
    )
    if name in _LEAVES and not children:
        return Markup(f"<{name}{written}/>")
    return Markup(f"<{name}{written}>{join(children)}</{name}>")


def percent(share: float) -> str:
    """A share of the width (0 to 100) as an SVG length."""
    return f"{number(share)}%"


def number(value: float) -> str:
    """A coordinate, with two decimals at most and no needless zero."""
    text = f"{value:.2f}".rstrip("0").rstrip(".")
    return "0" if text == "-0" else text


def _value(value: str | float) -> str:
    return value if isinstance(value, str) else number(value)
