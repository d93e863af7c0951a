"""Confidentiality class of every piece of data: who produced it decides who may see it."""

from __future__ import annotations

from enum import StrEnum


class DataClass(StrEnum):
    """Class of a column, a feature or a sentence, as written in a release."""

    PUBLIC = "public"
    SCORE = "score"
    URSSAF = "urssaf"
    DGEFP = "dgefp"
    DGFIP = "dgfip"
    BDF = "bdf"
    PGE = "pge"
    ALTARES = "altares"
