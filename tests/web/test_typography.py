"""French numbers, dates and words."""

from __future__ import annotations

from datetime import date

import pytest

from signaux_faibles.web.ui import typography as t

F, N = "\u202f", "\u00a0"


@pytest.mark.parametrize(
    ("shown", "expected"),
    [
        (t.number(1234567), f"1{F}234{F}567"),
        (t.number(-1234.56, 1), f"−1{F}234,6"),
        (t.number(-0.04, 1), "0,0"),
        (t.number(0), "0"),
        (t.number(None), "–"),
        (t.signed(12.34, 1), "+12,3"),
        (t.signed(0.04, 1), "0,0"),
        (t.signed(-3), "−3"),
        (t.signed(None), "–"),
        (t.euros(486200), f"486{F}200{F}€"),
        (t.euros(None), "–"),
        (t.percent(0.473), f"47{F}%"),
        (t.percent(0.4736, 1), f"47,4{F}%"),
        (t.points(0.1234), f"+12,3{N}pts"),
        (t.points(-0.02), f"−2,0{N}pts"),
        (t.siren("900142070"), f"900{F}142{F}070"),
        (t.siren("90014207000012"), f"900{F}142{F}070{F}00012"),
        (t.siren(""), "–"),
        (t.day(date(2026, 9, 30)), f"30{N}septembre{N}2026"),
        (t.day(date(2026, 5, 1)), f"1er{N}mai{N}2026"),
        (t.short_day(date(2024, 3, 31)), "31/03/2024"),
        (t.month("2026-10"), f"octobre{N}2026"),
        (t.month(2026 * 12 + 8), f"septembre{N}2026"),
        (t.month(date(2026, 2, 3)), f"février{N}2026"),
        (t.month(None), "–"),
        (t.short_month("2026-09"), f"sept.{N}2026"),
        (t.of_month("2026-10"), f"d’octobre{N}2026"),
        (t.of_month("2026-07"), f"de juillet{N}2026"),
        (t.of("Éguilles"), "d’Éguilles"),
        (t.counted(0, "entreprise"), f"0{N}entreprise"),
        (t.counted(1, "entreprise"), f"1{N}entreprise"),
        (t.counted(2000, "entreprise"), f"2{F}000{N}entreprises"),
        (t.plural(2, "travail", "travaux"), "travaux"),
        (t.joined(["a", "b", "c"]), "a, b et c"),
        (t.joined(["a"]), "a"),
        (t.joined([]), ""),
        (t.spaced("l'excédent : 12 % ; « oui » ?"), f"l’excédent{N}: 12{F}%{F}; «{N}oui{N}»{F}?"),
    ],
)
def test_written_in_french(shown: str, expected: str) -> None:
    assert shown == expected
