"""Insee's public stocks: what anybody may download of establishments and legal units, headcount bands included.

A band tells the headcount at the end of the reference year, three years before the stock, and nothing of the units that
had ceased before that year or were created after it: their code is NN. So it is in the sample of real periods that this
was drawn from (stock of November 2026: of the establishments closed in 2022 or before none has a band, of those closed
in 2023 one in ten).
"""

from __future__ import annotations

import numpy as np
import pyarrow as pa

from signaux_faibles.domain.tranche_effectif import LOWER_BOUNDS, NOT_EMPLOYING
from signaux_faibles.synthetic.arrays import Bools, Floats, Ints
from signaux_faibles.synthetic.block import Block, World
from signaux_faibles.synthetic.dirt import Weakness
from signaux_faibles.synthetic.files.raw_file import RawFile, constant_header
from signaux_faibles.synthetic.files.sirene import UNIT_COLUMNS, site_cells, site_states, unit_cells, unit_states
from signaux_faibles.synthetic.geography import communes
from signaux_faibles.synthetic.text import Lines, choose, integers, join, rounded

_OPEN_SITE_COLUMNS_TEXT = (
    "siren nic siret statutDiffusionEtablissement dateCreationEtablissement trancheEffectifsEtablissement "
    "anneeEffectifsEtablissement activitePrincipaleRegistreMetiersEtablissement "
    "dateDernierTraitementEtablissement etablissementSiege nombrePeriodesEtablissement "
    "complementAdresseEtablissement numeroVoieEtablissement indiceRepetitionEtablissement "
    "dernierNumeroVoieEtablissement indiceRepetitionDernierNumeroVoieEtablissement typeVoieEtablissement "
    "libelleVoieEtablissement codePostalEtablissement libelleCommuneEtablissement "
    "libelleCommuneEtrangerEtablissement distributionSpecialeEtablissement codeCommuneEtablissement "
    "codeCedexEtablissement libelleCedexEtablissement codePaysEtrangerEtablissement "
    "libellePaysEtrangerEtablissement identifiantAdresseEtablissement coordonneeLambertAbscisseEtablissement "
    "coordonneeLambertOrdonneeEtablissement complementAdresse2Etablissement numeroVoie2Etablissement "
    "indiceRepetition2Etablissement typeVoie2Etablissement libelleVoie2Etablissement codePostal2Etablissement "
    "libelleCommune2Etablissement libelleCommuneEtranger2Etablissement distributionSpeciale2Etablissement "
    "codeCommune2Etablissement codeCedex2Etablissement libelleCedex2Etablissement "
    "codePaysEtranger2Etablissement libellePaysEtranger2Etablissement dateDebut etatAdministratifEtablissement "
    "enseigne1Etablissement enseigne2Etablissement enseigne3Etablissement denominationUsuelleEtablissement "
    "activitePrincipaleEtablissement nomenclatureActivitePrincipaleEtablissement "
    "caractereEmployeurEtablissement activitePrincipaleNAF25Etablissement"
)
OPEN_SITE_COLUMNS = tuple(_OPEN_SITE_COLUMNS_TEXT.split())
REFERENCE_LAG_YEARS = 3
_HIDDEN_ADDRESS = ("numeroVoieEtablissement", "typeVoieEtablissement", "libelleVoieEtablissement")
_HIDDEN_NAMES = ("prenom1UniteLegale", "nomUniteLegale")
_BANDS = tuple(LOWER_BOUNDS)
_BOUNDS = np.array(list(LOWER_BOUNDS.values()))
_SIZES = ("PME", "ETI", "GE")
_SIZE_BOUNDS = np.array([250, 5_000])


def reference_year(world: World, batch: int) -> int:
    """Year whose headcount the bands of a batch tell."""
    return (world.first_month + batch) // 12 - REFERENCE_LAG_YEARS


def _reference_month(world: World, batch: int) -> int:
    """Rank of the last month of the reference year, brought back into the simulated span."""
    return max(reference_year(world, batch) * 12 + 11 - world.first_month, 0)


def bands(headcount: Ints, known: Bools) -> pa.Array:
    """Code of each headcount; NN where nothing is known."""
    rank = np.searchsorted(_BOUNDS, headcount, side="right") - 1
    return choose((*_BANDS, NOT_EMPLOYING), np.where(known, rank, len(_BANDS)))


def lambert_93(longitude: Floats, latitude: Floats) -> tuple[Floats, Floats]:
    """Coordinates in metres of the legal projection of mainland France.

    References
    ----------
    IGN, NTG_71 and the constants of Lambert-93 on GRS80.
    """
    exponent, constant, east, north, eccentricity = 0.7256077650, 11_754_255.426, 700_000.0, 12_655_612.050, 0.081819191
    phi, sine = np.radians(latitude), np.sin(np.radians(latitude))
    flattened = eccentricity * sine
    isometric = np.log(np.tan(np.pi / 4 + phi / 2) * ((1 - flattened) / (1 + flattened)) ** (eccentricity / 2))
    radius, angle = constant * np.exp(-exponent * isometric), exponent * np.radians(longitude - 3.0)
    return east + radius * np.sin(angle), north - radius * np.cos(angle)


def open_unit_lines(world: World, block: Block, batch: int) -> Lines:
    """Legal units with their band, hidden names where the person asked for it."""
    people, year = block.population, str(reference_year(world, batch))
    month = min(_reference_month(world, batch), world.months - 1)
    headcount = block.activity.company_headcount[month]
    known = block.activity.active[month] & (people.birth <= month)
    hidden = people.sole_trader & (people.siren % 3 == 0)

    def text(siege: Ints, closed: bool) -> pa.Array:
        cells = unit_cells(world, block, siege, closed)
        cells |= {name: _hide(cells[name], hidden) for name in _HIDDEN_NAMES}
        cells |= {
            "statutDiffusionUniteLegale": choose(("O", "P"), hidden),
            "trancheEffectifsUniteLegale": bands(headcount, known),
            "anneeEffectifsUniteLegale": choose(("", year), known),
            "categorieEntreprise": choose(
                ("", *_SIZES), np.where(known, 1 + np.searchsorted(_SIZE_BOUNDS, headcount, side="right"), 0)
            ),
            "anneeCategorieEntreprise": choose(("", year), known),
        }
        return join(list((dict.fromkeys(UNIT_COLUMNS, "") | cells).values()), ",")

    return unit_states(world, block, text)


def open_site_lines(world: World, block: Block, batch: int) -> Lines:
    """Establishments with their band and their place in metres."""
    sites, accounts, place = block.sites, block.accounts, communes()
    year, month = str(reference_year(world, batch)), min(_reference_month(world, batch), world.months - 1)
    headcount = np.zeros(len(sites.siret), np.int64)
    holder = np.where(accounts.moved <= month, accounts.successor, accounts.site)
    np.add.at(headcount, holder, block.activity.headcount[month].astype(np.int64))
    hidden_company = block.population.sole_trader & (block.population.siren % 3 == 0)

    def text(shown: Ints, siege: Bools, closed: Bools) -> pa.Array:
        known = (sites.opening[shown] <= month) & (sites.closing[shown] > month) & (headcount[shown] > 0)
        commune, hidden = sites.commune[shown], hidden_company[sites.company[shown]]
        outside = sites.abroad[shown] | hidden | (place.latitude[commune] < 40)
        x, y = lambert_93(place.longitude[commune], place.latitude[commune])
        cells = site_cells(world, block, shown, siege, closed)
        cells |= {name: _hide(cells[name], hidden) for name in _HIDDEN_ADDRESS}
        cells |= {
            "statutDiffusionEtablissement": choose(("O", "P"), hidden),
            "trancheEffectifsEtablissement": bands(headcount[shown], known),
            "anneeEffectifsEtablissement": choose(("", year), known),
            "identifiantAdresseEtablissement": integers(sites.siret[shown] // 1_000 % 10**9),
            "coordonneeLambertAbscisseEtablissement": rounded(x, null=outside),
            "coordonneeLambertOrdonneeEtablissement": rounded(y, null=outside),
            "activitePrincipaleNAF25Etablissement": choose(
                [f"{code[:5]}Y" for code in block.population.code_naf], sites.company[shown]
            ),
        }
        return join(list((dict.fromkeys(OPEN_SITE_COLUMNS, "") | cells).values()), ",")

    return site_states(block, text)


def _hide(cells: pa.Array | pa.Scalar | str, hidden: Bools) -> pa.Array:
    """Cells with `[ND]` where the person does not publish them."""
    return pa.compute.if_else(pa.array(hidden), "[ND]", cells)


OPEN_UNITS = RawFile(
    name="StockUniteLegale_utf8.csv",
    header=constant_header(",".join(UNIT_COLUMNS)),
    lines=open_unit_lines,
    weakness=Weakness(",", key=0, text=23, odd_values=(29, ("NAFRev1", "NAF1993")), forged_key=False),
    rank=16,
    wide=True,
)
OPEN_SITES = RawFile(
    name="StockEtablissement_utf8.csv",
    header=constant_header(",".join(OPEN_SITE_COLUMNS)),
    lines=open_site_lines,
    weakness=Weakness(
        ",",
        key=2,
        text=OPEN_SITE_COLUMNS.index("libelleVoieEtablissement"),
        odd_values=(
            OPEN_SITE_COLUMNS.index("nomenclatureActivitePrincipaleEtablissement"),
            ("NAFRev1", "NAF1993", "NAP"),
        ),
        forged_key=False,
    ),
    rank=17,
    wide=True,
)
