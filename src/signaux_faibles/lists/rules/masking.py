"""What may be told of the rules that fired: fiscal secrets are replaced, all together, by one word."""

from __future__ import annotations

from collections.abc import Collection, Sequence

from signaux_faibles.domain.data_class import DataClass

CONFIDENTIEL = "confidentiel"
CONFIDENTIEL_LABEL = "Règles fondées sur des données fiscales confidentielles"

FISCAL = frozenset({DataClass.DGFIP})


def masked(
    redressements: Sequence[str], data_classes: Sequence[str], *, hidden: Collection[DataClass] = FISCAL
) -> list[str]:
    """Rules that fired for a company, those of hidden classes replaced by one `confidentiel`, however many they are.

    A rule on accounts that published accounts alone confirm has the class `public`, and is told; the one on
    profitability never has.

    Parameters
    ----------
    redressements, data_classes : sequence of str, length n
        Names of the rules, and class of what each tells of this company.
    """
    told = [name for name, kept in zip(redressements, data_classes, strict=True) if DataClass(kept) not in hidden]
    return told if len(told) == len(redressements) else [*told, CONFIDENTIEL]
