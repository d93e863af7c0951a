"""Small pieces of page that every template uses: icons, level badges, messages."""

from __future__ import annotations

from typing import Any

from django import template
from django.utils.html import format_html
from django.utils.safestring import SafeString

from signaux_faibles.domain.niveau import Niveau
from signaux_faibles.web.ui.typography import spaced

register = template.Library()

MESSAGE_ICONS = {"info": "info", "succes": "ok", "attention": "attention", "erreur": "erreur"}


@register.simple_tag
def icone(name: str) -> SafeString:
    """Icon of the sprite, decorative: `{% icone "loupe" %}`."""
    return format_html('<svg class="sf-icone" aria-hidden="true"><use href="#i-{}"/></svg>', name)


@register.simple_tag
def marque(niveau: str) -> SafeString:
    """Mark of a level (triangle, diamond, ring), decorative."""
    return format_html('<svg viewBox="0 0 16 16" aria-hidden="true"><use href="#m-{}"/></svg>', Niveau(niveau).value)


@register.simple_tag
def niveau(value: str | None) -> SafeString:
    """Badge of a level: colour, shape and words. Nothing for a company without a level."""
    if not value:
        return SafeString("")
    level = Niveau(value)
    return format_html(
        '<span class="sf-niveau sf-niveau--{}">{}{}</span>', level.value, marque(level.value), spaced(level.label)
    )


@register.simple_tag
def niveau_verrou(words: str = "Données verrouillées") -> SafeString:
    """Badge shown in place of a level the agent may not see."""
    return format_html(
        '<span class="sf-niveau sf-niveau--verrou">'
        '<svg viewBox="0 0 24 24" aria-hidden="true"><use href="#i-verrou"/></svg>{}</span>',
        words,
    )


@register.inclusion_tag("ui/message.html")
def message(kind: str, title: str, text: str = "") -> dict[str, Any]:
    """Message: `{% message "erreur" "Titre" "Phrase." %}`; kinds are info, succes, attention and erreur."""
    return {"kind": kind, "title": title, "text": text, "icon": MESSAGE_ICONS[kind]}
