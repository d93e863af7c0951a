"""French numbers, dates and words, as the design asks: one place for every page and every chart.

Narrow no-break space (U+202F) between thousands and before `%` and `€`, no-break space (U+00A0) between a number and a
word, decimal comma, true minus (U+2212). What is absent is written `–`, never 0.
"""

from __future__ import annotations

from datetime import date

from signaux_faibles.domain.periode import MOIS, parse_month

FINE = "\u202f"
INSECABLE = "\u00a0"
MOINS = "\u2212"
ABSENT = "–"
MOIS_COURTS = ("janv.", "févr.", "mars", "avr.", "mai", "juin", "juil.", "août", "sept.", "oct.", "nov.", "déc.")


def number(value: float | None, decimals: int = 0) -> str:
    """`1 234,5`; a value that rounds to zero has no sign."""
    if value is None:
        return ABSENT
    text = f"{abs(value):,.{decimals}f}".replace(",", FINE).replace(".", ",")
    is_negative = value < 0 and text.strip("0,") != ""
    return (MOINS if is_negative else "") + text


def signed(value: float | None, decimals: int = 0) -> str:
    """`+12` or `−12`; zero has no sign."""
    text = number(value, decimals)
    if value is None or value <= 0 or text.strip("0,") == "":
        return text
    return f"+{text}"


def euros(value: float | None, decimals: int = 0) -> str:
    """`486 200 €`."""
    return ABSENT if value is None else f"{number(value, decimals)}{FINE}€"


def percent(ratio: float | None, decimals: int = 0) -> str:
    """Ratio in [0, 1] as `47 %`."""
    return ABSENT if ratio is None else f"{number(ratio * 100, decimals)}{FINE}%"


def points(ratio: float | None, decimals: int = 1) -> str:
    """Difference of probabilities as `+12,3 pts`."""
    return ABSENT if ratio is None else f"{signed(ratio * 100, decimals)}{INSECABLE}pts"


def siren(value: str | None) -> str:
    """`900 142 070`; a SIRET is `900 142 070 00012`."""
    if not value:
        return ABSENT
    return FINE.join([*(value[i : i + 3] for i in range(0, min(len(value), 9), 3)), *filter(None, [value[9:]])])


def day(value: date | None) -> str:
    """`30 septembre 2026`, `1er mai 2026`."""
    if value is None:
        return ABSENT
    rank = "1er" if value.day == 1 else str(value.day)
    return f"{rank}{INSECABLE}{MOIS[value.month - 1]}{INSECABLE}{value.year}"


def short_day(value: date | None) -> str:
    """`31/03/2024`, for narrow cells."""
    return ABSENT if value is None else value.strftime("%d/%m/%Y")


def month(value: int | str | date | None) -> str:
    """`septembre 2026`, from a month number, `YYYY-MM` or a date."""
    index = month_number(value)
    return ABSENT if index is None else f"{MOIS[index % 12]}{INSECABLE}{index // 12}"


def short_month(value: int | str | date | None) -> str:
    """`sept. 2026`, for axes and tiles."""
    index = month_number(value)
    return ABSENT if index is None else f"{MOIS_COURTS[index % 12]}{INSECABLE}{index // 12}"


def month_number(value: int | str | date | None) -> int | None:
    """Month number of any of the forms a month takes; None for nothing."""
    if value is None or value == "":
        return None
    if isinstance(value, date):
        return value.year * 12 + value.month - 1
    return value if isinstance(value, int) else parse_month(value)


def of_month(value: int | str | date | None) -> str:
    """`de juillet 2026`, `d’octobre 2026`."""
    return of(month(value))


def of(text: str) -> str:
    """`de` and its elision before a vowel: `de Dijon`, `d’Aisne`."""
    return f"d’{text}" if text[:1].lower() in "aeiouyéèêàâîôû" else f"de {text}"


def plural(count: float | None, singular: str, several: str = "") -> str:
    """Singular up to and under 2, as in French; the plural adds an s by default."""
    return singular if abs(count or 0) < 2 else several or f"{singular}s"


def counted(count: float | None, singular: str, several: str = "") -> str:
    """`1 entreprise`, `2 entreprises`."""
    return f"{number(count)}{INSECABLE}{plural(count, singular, several)}"


def joined(words: list[str]) -> str:
    """`a, b et c`."""
    return words[0] if len(words) == 1 else ", ".join(words[:-1]) + (f" et {words[-1]}" if words else "")


def spaced(text: str) -> str:
    """Text of a release with the spaces French typography asks before `% € ; ! ? :` and inside guillemets."""
    for sign in "%€;!?":
        text = text.replace(f" {sign}", f"{FINE}{sign}")
    text = text.replace(" :", f"{INSECABLE}:").replace("« ", f"«{INSECABLE}").replace(" »", f"{INSECABLE}»")
    return text.replace("'", "’")
