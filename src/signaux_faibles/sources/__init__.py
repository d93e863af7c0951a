"""The catalogue of sources: every file of every producer, declared.

Takes the vocabulary of `domain` and `schema`; gives `SOURCES`, one declaration by name. Does not open any file: that
is `ingest`.
"""

from __future__ import annotations

from signaux_faibles.schema.source import Source
from signaux_faibles.sources import (
    apconso,
    apdemande,
    bodacc,
    comptes,
    dgfip,
    filter,
    paydex,
    paydex_retro,
    sirene,
    sirene_histo,
    sirene_ul,
)
from signaux_faibles.sources.urssaf import ccsf, cotisation, debit, delai, effectif, effectif_ent, procol

SOURCES: dict[str, Source] = {
    source.name: source
    for source in (
        sirene.SOURCE,
        sirene_ul.SOURCE,
        sirene_histo.SOURCE,
        effectif_ent.SOURCE,
        effectif.SOURCE,
        cotisation.SOURCE,
        debit.SOURCE,
        delai.SOURCE,
        ccsf.SOURCE,
        procol.SOURCE,
        apconso.SOURCE,
        apdemande.SOURCE,
        comptes.SOURCE,
        paydex.SOURCE,
        paydex_retro.SOURCE,
        *dgfip.SOURCES,
        bodacc.SOURCE,
        filter.SOURCE,
    )
}
"""Every source by name. A file name is tried in this order: wide rules (`effectif`, `filter`) after narrow ones."""

OPEN_SOURCES = ("sirene", "sirene_ul", "sirene_histo", "bodacc", "comptes")
"""Sources that anybody may download: all that a lake of open data holds."""


def source_of_file(file_name: str) -> Source | None:
    """Source whose rule a file name follows; None for a file that no source knows."""
    return next((source for source in SOURCES.values() if source.matches(file_name)), None)


__all__ = ["OPEN_SOURCES", "SOURCES", "source_of_file"]
