"""Insee's files: establishments (with coordinates), legal units, history of establishments."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
import pyarrow as pa

from signaux_faibles.synthetic.arrays import NEVER, Bools, Ints
from signaux_faibles.synthetic.block import Block, World
from signaux_faibles.synthetic.dirt import Weakness
from signaux_faibles.synthetic.files.raw_file import RawFile, constant_header
from signaux_faibles.synthetic.geography import communes
from signaux_faibles.synthetic.names import STREET_TYPES, street_names
from signaux_faibles.synthetic.text import Lines, choose, concatenate, dates, day_number, integers, join, rounded

_SITE_COLUMNS_TEXT = (
    "siren nic siret statutDiffusionEtablissement dateCreationEtablissement trancheEffectifsEtablissement "
    "anneeEffectifsEtablissement activitePrincipaleRegistreMetiersEtablissement "
    "dateDernierTraitementEtablissement etablissementSiege nombrePeriodesEtablissement "
    "complementAdresseEtablissement numeroVoieEtablissement indiceRepetitionEtablissement "
    "typeVoieEtablissement libelleVoieEtablissement codePostalEtablissement libelleCommuneEtablissement "
    "libelleCommuneEtrangerEtablissement distributionSpecialeEtablissement codeCommuneEtablissement "
    "codeCedexEtablissement libelleCedexEtablissement codePaysEtrangerEtablissement "
    "libellePaysEtrangerEtablissement dateDebut etatAdministratifEtablissement enseigne1Etablissement "
    "denominationUsuelleEtablissement activitePrincipaleEtablissement "
    "nomenclatureActivitePrincipaleEtablissement caractereEmployeurEtablissement longitude latitude geo_score "
    "geo_type"
)
SITE_COLUMNS = tuple(_SITE_COLUMNS_TEXT.split())
_UNIT_COLUMNS_TEXT = (
    "siren statutDiffusionUniteLegale unitePurgeeUniteLegale dateCreationUniteLegale sigleUniteLegale "
    "sexeUniteLegale prenom1UniteLegale prenom2UniteLegale prenom3UniteLegale prenom4UniteLegale "
    "prenomUsuelUniteLegale pseudonymeUniteLegale identifiantAssociationUniteLegale "
    "trancheEffectifsUniteLegale anneeEffectifsUniteLegale dateDernierTraitementUniteLegale "
    "nombrePeriodesUniteLegale categorieEntreprise anneeCategorieEntreprise dateDebut "
    "etatAdministratifUniteLegale nomUniteLegale nomUsageUniteLegale denominationUniteLegale "
    "denominationUsuelle1UniteLegale denominationUsuelle2UniteLegale denominationUsuelle3UniteLegale "
    "categorieJuridiqueUniteLegale activitePrincipaleUniteLegale nomenclatureActivitePrincipaleUniteLegale "
    "nicSiegeUniteLegale economieSocialeSolidaireUniteLegale societeMissionUniteLegale "
    "caractereEmployeurUniteLegale activitePrincipaleNAF25UniteLegale"
)
UNIT_COLUMNS = tuple(_UNIT_COLUMNS_TEXT.split())
_PERIOD_COLUMNS_TEXT = (
    "siren nic siret dateFin dateDebut etatAdministratifEtablissement "
    "changementEtatAdministratifEtablissement enseigne1Etablissement changementEnseigneEtablissement "
    "denominationUsuelleEtablissement changementDenominationUsuelleEtablissement "
    "activitePrincipaleEtablissement nomenclatureActivitePrincipaleEtablissement "
    "changementActivitePrincipaleEtablissement caractereEmployeurEtablissement "
    "changementCaractereEmployeurEtablissement"
)
_PERIOD_COLUMNS = tuple(_PERIOD_COLUMNS_TEXT.split())
_CEASE_LAG = 4


def _days(world: World, month: Ints, key: Ints) -> Ints:
    """Day inside each month: a plain function of a number, the same in every file."""
    return day_number(world.first_month + np.minimum(month, 500), key // 10 % 28)


def _exists(block: Block) -> Ints:
    """Establishments that open before they close."""
    sites = block.sites
    return np.flatnonzero((sites.opening < sites.closing) & (sites.opening < NEVER))


def _between(text: pa.Array, company: Ints, since: Ints, until: Ints) -> Lines:
    """Lines whose validity is not empty."""
    keep = since < until
    return Lines(text.filter(pa.array(keep)), company[keep], since[keep], until[keep])


SiteText = Callable[[Ints, Bools, Bools], pa.Array]
"""Lines of establishments, given which ones, which are head offices and which are closed."""

UnitText = Callable[[Ints, bool], pa.Array]
"""Lines of the legal units, given the head office of each and whether they ceased."""


def site_lines(world: World, block: Block, _batch: int) -> Lines:
    """Establishments, in the layout that the partners deposit."""

    def text(shown: Ints, siege: Bools, closed: Bools) -> pa.Array:
        columns = dict.fromkeys(SITE_COLUMNS, "") | site_cells(world, block, shown, siege, closed)
        return join(list((columns | site_places(block, shown)).values()), ",")

    return site_states(block, text)


def site_states(block: Block, text: SiteText) -> Lines:
    """Establishments: a line while open, another once closed, as known the month before the batch."""
    sites, shown = block.sites, _exists(block)
    opened, closed = sites.opening[shown] + 1, np.minimum(sites.closing[shown] + 1, NEVER)
    ever = sites.siege_until[shown] > -NEVER
    still = ever & (sites.siege_until[shown] >= NEVER)
    open_text = text(shown, ever, np.zeros(len(shown), dtype=bool))
    closed_text = text(shown, still, np.ones(len(shown), dtype=bool))
    return concatenate(
        [
            _between(open_text, sites.company[shown], np.maximum(opened, 0), closed),
            _between(closed_text, sites.company[shown], np.maximum(closed, 0), np.full(len(shown), NEVER)),
        ]
    )


Cells = dict[str, pa.Array | pa.Scalar | str]


def site_places(block: Block, shown: Ints) -> Cells:
    """Coordinates that the geocoding adds to establishments."""
    place, commune, abroad = communes(), block.sites.commune[shown], block.sites.abroad[shown]
    return {
        "longitude": rounded(place.longitude[commune], null=abroad),
        "latitude": rounded(place.latitude[commune], null=abroad),
        "geo_score": "0.5",
        "geo_type": "municipality",
    }


def site_cells(world: World, block: Block, shown: Ints, siege: Bools, closed: Bools) -> Cells:
    """Cells of establishments in a given state, by column."""
    sites, people, place = block.sites, block.population, communes()
    siret, company, commune = sites.siret[shown], sites.company[shown], sites.commune[shown]
    abroad = sites.abroad[shown]
    started = _days(world, sites.opening[shown], siret)
    since = np.where(closed, _days(world, sites.closing[shown], siret // 100), started)
    number = integers(1 + siret // 1_000 % 180)

    def local(words: tuple[str, ...]) -> pa.Array:
        return pa.array(np.array(words, dtype=object)[commune], mask=abroad, type=pa.string())

    return {
        "siren": integers(siret // 100_000),
        "nic": _nic(siret),
        "siret": integers(siret),
        "statutDiffusionEtablissement": "O",
        "dateCreationEtablissement": dates(started, "iso"),
        "etablissementSiege": choose(("false", "true"), siege),
        "nombrePeriodesEtablissement": choose(("1", "2"), closed),
        "numeroVoieEtablissement": number,
        "indiceRepetitionEtablissement": choose(("B", *[""] * 24), siret // 7 % 25),
        "typeVoieEtablissement": choose(STREET_TYPES, siret // 17 % len(STREET_TYPES)),
        "libelleVoieEtablissement": pa.array(street_names(siret // 29)),
        "codePostalEtablissement": local(place.code_postal),
        "libelleCommuneEtablissement": local(tuple(nom.upper() for nom in place.nom)),
        "libelleCommuneEtrangerEtablissement": choose(("", "VILLE FICTIVE"), abroad),
        "codeCommuneEtablissement": local(place.code),
        "codePaysEtrangerEtablissement": choose(("", "99109"), abroad),
        "libellePaysEtrangerEtablissement": choose(("", "ALLEMAGNE"), abroad),
        "dateDebut": dates(since, "iso"),
        "etatAdministratifEtablissement": choose(("A", "F"), closed),
        "activitePrincipaleEtablissement": choose(people.code_naf, company),
        "nomenclatureActivitePrincipaleEtablissement": "NAFRev2",
        "caractereEmployeurEtablissement": choose(("O", "N"), closed),
    }


def _nic(siret: Ints) -> pa.Array:
    """Last five digits of a SIRET."""
    words = integers(siret)
    return pa.compute.utf8_slice_codeunits(words, 9, 14)


def unit_lines(world: World, block: Block, _batch: int) -> Lines:
    """Legal units, in the layout that the partners deposit."""

    def text(siege: Ints, closed: bool) -> pa.Array:
        columns = dict.fromkeys(UNIT_COLUMNS, "") | unit_cells(world, block, siege, closed)
        return join(list(columns.values()), ",")

    return unit_states(world, block, text)


def unit_states(world: World, block: Block, text: UnitText) -> Lines:
    """Legal units: active, moved, ceased, as known the month before the batch."""
    people, lives, sites = block.population, block.lives, block.sites
    size = len(people)
    moved, first, last = np.full(size, NEVER), np.zeros(size, np.int64), np.zeros(size, np.int64)
    heads = np.flatnonzero(sites.siege_until > -NEVER)
    first[sites.company[heads[::-1]]] = sites.siret[heads[::-1]]
    last[sites.company[heads]] = sites.siret[heads]
    turning = heads[(sites.siege_until[heads] < NEVER)]
    moved[sites.company[turning]] = sites.siege_until[turning] + 1
    ceased = np.where(lives.end < NEVER, lives.end + 1 + people.siren % _CEASE_LAG, NEVER)
    born = np.maximum(people.birth + 1, 0)
    exists = people.birth < world.months
    parts = [
        (born, np.minimum(moved, ceased), first, False),
        (np.minimum(moved, ceased), ceased, last, False),
        (np.maximum(ceased, born), np.full(size, NEVER), last, True),
    ]
    built = []
    for since, until, siege, closed in parts:
        until = np.where(exists, until, -1)
        built.append(_between(text(siege, closed), np.arange(size), since, until))
    return concatenate(built)


def unit_cells(world: World, block: Block, siege: Ints, closed: bool) -> Cells:
    """Cells of the legal units in a given state, by column."""
    people = block.population
    trader = people.sole_trader
    return {
        "siren": integers(people.siren),
        "statutDiffusionUniteLegale": "O",
        "dateCreationUniteLegale": dates(_days(world, people.birth, siege), "iso"),
        "prenom1UniteLegale": choose(("", "PERSONNE"), trader),
        "nombrePeriodesUniteLegale": "2" if closed else "1",
        "etatAdministratifUniteLegale": "C" if closed else "A",
        "nomUniteLegale": pa.array([f"FICTIF {name.split()[-1]}" for name in people.name], pa.string(), mask=~trader),
        "denominationUniteLegale": pa.array(list(people.name), pa.string(), mask=trader),
        "categorieJuridiqueUniteLegale": pa.array(list(people.categorie_juridique)),
        "activitePrincipaleUniteLegale": pa.array(list(people.code_naf)),
        "nomenclatureActivitePrincipaleUniteLegale": "NAFRev2",
        "nicSiegeUniteLegale": _nic(siege),
        "caractereEmployeurUniteLegale": "N" if closed else "O",
        "activitePrincipaleNAF25UniteLegale": pa.array([f"{code[:5]}Y" for code in people.code_naf]),
    }


def period_lines(world: World, block: Block, _batch: int) -> Lines:
    """History of establishments: an open period, then a closed one, as known the month before the batch."""
    sites, shown = block.sites, _exists(block)
    closing = sites.closing[shown]
    opened, closed = np.maximum(sites.opening[shown] + 1, 0), np.maximum(np.minimum(closing + 1, NEVER), 0)
    end, company = np.full(len(shown), NEVER), sites.company[shown]
    return concatenate(
        [
            _between(_period_text(world, block, shown, "open"), company, opened, closed),
            _between(_period_text(world, block, shown, "past"), company, closed, end),
            _between(_period_text(world, block, shown, "closed"), company, closed, end),
        ]
    )


def _period_text(world: World, block: Block, shown: Ints, kind: str) -> pa.Array:
    """Lines of one kind of period: still open, open in the past, closed since."""
    sites = block.sites
    siret = sites.siret[shown]
    started = _days(world, sites.opening[shown], siret)
    stopped = _days(world, sites.closing[shown], siret // 100)
    stopped = np.maximum(stopped, started + 1)
    columns = dict.fromkeys(_PERIOD_COLUMNS, "") | {
        "siren": integers(siret // 100_000),
        "nic": _nic(siret),
        "siret": integers(siret),
        "dateFin": dates(stopped - 1, "iso") if kind == "past" else "",
        "dateDebut": dates(stopped if kind == "closed" else started, "iso"),
        "etatAdministratifEtablissement": "F" if kind == "closed" else "A",
        "changementEtatAdministratifEtablissement": "true" if kind == "closed" else "false",
        "changementEnseigneEtablissement": "false",
        "changementDenominationUsuelleEtablissement": "false",
        "activitePrincipaleEtablissement": choose(block.population.code_naf, sites.company[shown]),
        "nomenclatureActivitePrincipaleEtablissement": "NAFRev2",
        "changementActivitePrincipaleEtablissement": "false",
        "caractereEmployeurEtablissement": "O",
        "changementCaractereEmployeurEtablissement": "false",
    }
    return join(list(columns.values()), ",")


SITES = RawFile(
    name="StockEtablissement_utf8_geo.csv",
    header=constant_header(",".join(SITE_COLUMNS)),
    lines=site_lines,
    weakness=Weakness(",", key=2, text=15, odd_values=(30, ("NAFRev1", "NAF1993", "NAP")), forged_key=False),
    rank=8,
)
UNITS = RawFile(
    name="sireneUL.csv",
    header=constant_header(",".join(UNIT_COLUMNS)),
    lines=unit_lines,
    weakness=Weakness(",", key=0, text=23, odd_values=(29, ("NAFRev1", "NAF1993")), forged_key=False),
    rank=9,
)
PERIODS = RawFile(
    name="StockEtablissementHistorique_utf8.csv",
    header=constant_header(",".join(_PERIOD_COLUMNS)),
    lines=period_lines,
    weakness=Weakness(",", key=2, date=4, odd_values=(5, ("X", ""))),
    rank=10,
)
