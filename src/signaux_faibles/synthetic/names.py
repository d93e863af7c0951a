"""Names and streets of invented companies: French-sounding words that no register holds."""

from __future__ import annotations

import numpy as np

from signaux_faibles.synthetic.arrays import Ints

_STARTS_TEXT = (
    "BRU CHAN VAL MOR TRE FLO GUI LAN PER ROS SAU TIL VER BEL COR DAR ESP FAR GAL HUR JAR KER LOR MIR NOR OLI "
    "PAL QUI RAV SOL TAR URV VIN ZEL AUB BAR CLE DOM ELS FRI"
)
_STARTS = tuple(_STARTS_TEXT.split())
_MIDDLES_TEXT = "A E I O U AVI ELO IMO ORA UNI EDA INO OLI AME ERI"
_MIDDLES = tuple(_MIDDLES_TEXT.split())
_ENDS_TEXT = (
    "LLAN RIC VEX MONT DOUX GNAC LIER NIX PELLE QUET RANDE SSAC TEUIL VOISE ZON BREL COURT DRAY FEUIL GNON "
    "MBERT NDOL PRUN RVAL STEL THUR VRAC XAN"
)
_ENDS = tuple(_ENDS_TEXT.split())
_TRADES: dict[str, tuple[str, ...]] = {
    "industry": ("ATELIERS", "MECANIQUE", "USINAGE", "FABRIQUE", "FONDERIE", "EMBALLAGES"),
    "construction": ("BATIMENT", "MACONNERIE", "TRAVAUX", "CHARPENTES", "PLOMBERIE", "TOITURES"),
    "trade": ("COMPTOIR", "DISTRIBUTION", "NEGOCE", "MAGASINS", "AUTOMOBILES", "FOURNITURES"),
    "transport": ("TRANSPORTS", "LOGISTIQUE", "MESSAGERIE", "AUTOCARS"),
    "hospitality": ("RESTAURANT", "HOTEL", "TRAITEUR", "BRASSERIE"),
    "information": ("LOGICIELS", "NUMERIQUE", "EDITIONS", "RESEAUX"),
    "finance_real_estate": ("IMMOBILIER", "GESTION", "PATRIMOINE"),
    "business_services": ("CONSEIL", "INGENIERIE", "PROPRETE", "SECURITE", "SERVICES", "INTERIM"),
    "health_social": ("SANTE", "RESIDENCE", "SOINS", "FORMATION"),
    "other": ("DOMAINE", "LOISIRS", "ARTS", "CULTURES"),
}
STREET_TYPES = ("RUE", "AV", "BD", "CHE", "RTE", "IMP", "PL", "ALL")
_STREETS = ("DES ESSAIS", "DE LA MAQUETTE", "DU PROTOTYPE", "DES BROUILLONS", "DE L EXEMPLE", "DU MODELE REDUIT")


def company_names(group_names: tuple[str, ...], group: Ints, key: Ints) -> list[str]:
    """Name of each company: the trade of its sector followed by an invented word.

    Parameters
    ----------
    group_names : names of the sector groups, in the order that `group` points to
    group, key : [company]
        Rank of the sector group; any non-negative integer, which chooses the words.
    """
    words = np.char.add(
        np.char.add(np.array(_STARTS)[key % len(_STARTS)], np.array(_MIDDLES)[key // 41 % len(_MIDDLES)]),
        np.array(_ENDS)[key // 641 % len(_ENDS)],
    )
    trades = [
        _TRADES[group_names[rank]][int(one) // 18_000 % len(_TRADES[group_names[rank]])]
        for rank, one in zip(group, key, strict=True)
    ]
    return [f"{trade} {word}" for trade, word in zip(trades, words, strict=True)]


def street_names(key: Ints) -> list[str]:
    """Name of the street of each establishment; no such street is known to exist."""
    return [_STREETS[int(one) % len(_STREETS)] for one in key]
