"""French filters for the templates; what they do is in `ui.typography`."""

from __future__ import annotations

from django import template

from signaux_faibles.web.ui import typography

register = template.Library()
register.filter("nombre", typography.number)
register.filter("signe", typography.signed)
register.filter("euros", typography.euros)
register.filter("pourcent", typography.percent)
register.filter("points", typography.points)
register.filter("siren", typography.siren)
register.filter("jour", typography.day)
register.filter("jour_court", typography.short_day)
register.filter("mois", typography.month)
register.filter("mois_court", typography.short_month)
register.filter("de_mois", typography.of_month)
register.filter("de", typography.of)
register.filter("typo", typography.spaced)


@register.filter
def absent(value: object) -> object:
    """The value, or `–` when there is none."""
    return typography.ABSENT if value is None or value == "" else value


@register.filter
def compte(count: float | None, forms: str) -> str:
    """`{{ n|compte:"entreprise" }}`; an irregular plural follows a bar: `"travail|travaux"`."""
    singular, _, several = forms.partition("|")
    return typography.counted(count, singular, several)


@register.filter
def accord(count: float | None, forms: str) -> str:
    """The word alone, in agreement: `{{ n|accord:"modérée" }}`."""
    singular, _, several = forms.partition("|")
    return typography.plural(count, singular, several)
