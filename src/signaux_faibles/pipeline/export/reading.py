"""How the clean tables are read: with the known faults of the earlier importer corrected, or kept to compare."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from pathlib import Path

from signaux_faibles.perimeter import PerimeterRules, read_rules
from signaux_faibles.perimeter.reading import REFERENCE_RULES


class EffectifRule(StrEnum):
    """What one row of `clean_effectif` counts."""

    SUM = "sum"
    ACCOUNTS = "accounts"


class CotisationRule(StrEnum):
    """Where a contribution called for several months stands."""

    START = "start"
    MONTHLY = "monthly"


class EtpRule(StrEnum):
    """What each month of a request for short-time work gets of its hours."""

    TOTAL = "total"
    MONTHLY = "monthly"


@dataclass(frozen=True)
class Reading:
    """Choices that the export takes, each recorded in its manifest.

    Parameters
    ----------
    rules : PerimeterRules
        Headcount threshold and window, legal categories and activities left out.
    is_reference : bool
        Keep the faults of the earlier importer, to compare tables with its own.
    effectif : EffectifRule
        Headcounts of the accounts of one establishment added up, or one row for each account.
    cotisation : CotisationRule
        Amount on the first month of its period, or shared between its months to the cent.
    etp_autorise : EtpRule
        Hours of the whole request on each of its months, or shared between them.
    has_filter : bool
        Keep the companies of the requested perimeter only; without it, every company but the black list.
    """

    rules: PerimeterRules
    is_reference: bool = False
    effectif: EffectifRule = EffectifRule.SUM
    cotisation: CotisationRule = CotisationRule.START
    etp_autorise: EtpRule = EtpRule.TOTAL
    has_filter: bool = True

    @classmethod
    def chosen(
        cls,
        as_of: int,
        *,
        is_reference: bool = False,
        effectif: EffectifRule | None = None,
        cotisation: CotisationRule | None = None,
        etp_autorise: EtpRule | None = None,
        has_filter: bool = True,
        rules: Path | None = None,
    ) -> Reading:
        """Reading of a month, with the defaults of its kind for what is not given.

        Parameters
        ----------
        rules : Path, optional
            File of dated rules of the perimeter; by default those of the package, or of the earlier importer.

        Raises
        ------
        InputError
            If the file of rules cannot be read, or none is in force that month.
        """
        if rules is None and is_reference:
            rules = Path(REFERENCE_RULES)
        return cls(
            rules=read_rules(rules).at(as_of),
            is_reference=is_reference,
            effectif=effectif or (EffectifRule.ACCOUNTS if is_reference else EffectifRule.SUM),
            cotisation=cotisation or CotisationRule.START,
            etp_autorise=etp_autorise or EtpRule.TOTAL,
            has_filter=has_filter,
        )

    def text(self, value: str) -> str:
        """SQL of a text: an empty one is NULL here, and was an empty text in the earlier importer."""
        return f"coalesce({value}, '')" if self.is_reference else value

    @property
    def kept(self) -> str:
        """SQL condition of the rows kept, over their `siren`."""
        if self.has_filter:
            return "siren IN (SELECT siren FROM clean_filter)"
        return "siren NOT IN (SELECT siren FROM siren_blacklist)"
