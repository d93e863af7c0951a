"""Establishments of the national register (*Sirene*), with their place on the map.

Producer: Insee (StockEtablissement), geocoded or not.
Access: open data, as CSV or Parquet.
Grain: one row per establishment.
Cadence: monthly; full stock.
Known from: the creation of the establishment, 1900 when it has no date.
Traps: cells `[ND]` hide what a person did not wish to publish and are read as empty (`statut_diffusion` is then P); an
activity in another nomenclature than NAF rev. 2 is left empty and the establishment kept (the importer before ours
dropped it, and would have dropped every one on the day of NAF 2025), its code being that of NAF 2025 when the file says
so; street types may come in full words, kept as they are; missing coordinates are unknown, not 0 degree; longitude and
latitude come with the geocoded file only, Lambert coordinates (in the projection of each territory) with recent ones; a
stock names the present only, the past is in `sirene_histo`.
"""

from __future__ import annotations

from dataclasses import replace

from signaux_faibles.domain.data_class import DataClass
from signaux_faibles.schema.cell import boolean, date_iso, is_code, raw
from signaux_faibles.schema.column import Column, Kind
from signaux_faibles.schema.insee import (
    code_naf,
    code_naf25,
    other_nomenclature,
    patterned,
    shown,
    shown_decimal,
    shown_text,
    statut_diffusion,
    tranche_effectif,
)
from signaux_faibles.schema.source import Convert, Fault, Field, RawColumn, Reference, Source

TYPES_VOIE = {
    "ALL": "ALLÉE",
    "AV": "AVENUE",
    "BD": "BOULEVARD",
    "CAR": "CARREFOUR",
    "CHE": "CHEMIN",
    "CHS": "CHAUSSÉE",
    "CITE": "CITÉ",
    "COR": "CORNICHE",
    "CRS": "COURS",
    "DOM": "DOMAINE",
    "DSC": "DESCENTE",
    "ECA": "ECART",
    "ESP": "ESPLANADE",
    "FG": "FAUBOURG",
    "GR": "GRANDE RUE",
    "HAM": "HAMEAU",
    "HLE": "HALLE",
    "IMP": "IMPASSE",
    "LD": "LIEU DIT",
    "LOT": "LOTISSEMENT",
    "MAR": "MARCHÉ",
    "MTE": "MONTÉE",
    "PAS": "PASSAGE",
    "PL": "PLACE",
    "PLN": "PLAINE",
    "PLT": "PLATEAU",
    "PRO": "PROMENADE",
    "PRV": "PARVIS",
    "QUA": "QUARTIER",
    "QUAI": "QUAI",
    "RES": "RÉSIDENCE",
    "RLE": "RUELLE",
    "ROC": "ROCADE",
    "RPT": "ROND POINT",
    "RTE": "ROUTE",
    "RUE": "RUE",
    "SEN": "SENTE - SENTIER",
    "SQ": "SQUARE",
    "TPL": "TERRE-PLEIN",
    "TRA": "TRAVERSE",
    "VLA": "VILLA",
    "VLGE": "VILLAGE",
}
INDICES = {"B": "BIS", "T": "TER", "Q": "QUATER", "C": "QUINQUIES"}

COMMUNE = "[0-9][0-9A-B][0-9]{3}"


def _mapped(name: str, cell: str, label: str, labels: dict[str, str]) -> Field:
    whens = " ".join(f"WHEN '{code}' THEN '{word}'" for code, word in labels.items())
    return Field(
        Column(name, Kind.TEXT, label),
        f"CASE {raw(cell)} {whens} ELSE {shown(cell)} END",
        compat_sql=f"CASE {raw(cell)} {whens} END",
    )


def _coordinate(name: str, label: str) -> Field:
    field = shown_decimal(name, name, label, unit="degrés")
    return replace(field, compat_sql=f"coalesce({field.sql}, 0.0)")


_IS_SIEGE = boolean("is_siege", "etablissementSiege", "Siège de l'entreprise", drops_row=False)
_SIRET = f"{raw('siren')} || {raw('nic')}"
_CODE_COMMUNE = raw("codeCommuneEtablissement")
_DEPARTEMENT = (
    f"CASE WHEN regexp_full_match({_CODE_COMMUNE}, '{COMMUNE}') THEN "
    f"left({_CODE_COMMUNE}, CASE WHEN left({_CODE_COMMUNE}, 2) IN ('97', '98') THEN 3 ELSE 2 END) END"
)

RAW = (
    "siren",
    "nic",
    "etablissementSiege",
    "complementAdresseEtablissement",
    "numeroVoieEtablissement",
    "indiceRepetitionEtablissement",
    "typeVoieEtablissement",
    "libelleVoieEtablissement",
    "libelleCommuneEtablissement",
    "libelleCommuneEtrangerEtablissement",
    "distributionSpecialeEtablissement",
    "codeCommuneEtablissement",
    "codeCedexEtablissement",
    "libelleCedexEtablissement",
    "codePaysEtrangerEtablissement",
    "libellePaysEtrangerEtablissement",
    "codePostalEtablissement",
    "dateCreationEtablissement",
    "longitude",
    "latitude",
    "etatAdministratifEtablissement",
    "activitePrincipaleEtablissement",
    "nomenclatureActivitePrincipaleEtablissement",
)
NOT_ALWAYS = (
    "activitePrincipaleNAF25Etablissement",
    "enseigne1Etablissement",
    "enseigne2Etablissement",
    "enseigne3Etablissement",
    "denominationUsuelleEtablissement",
    "trancheEffectifsEtablissement",
    "dateDebut",
    "coordonneeLambertAbscisseEtablissement",
    "coordonneeLambertOrdonneeEtablissement",
    "statutDiffusionEtablissement",
)
"""Columns that the importer before ours does not read."""

ADDED_BY_GEOCODING = ("longitude", "latitude")
NOT_NEEDED = (
    "distributionSpecialeEtablissement",
    "codeCedexEtablissement",
    "libelleCedexEtablissement",
    "codePaysEtrangerEtablissement",
)

SOURCE = Source(
    name="sirene",
    label="Établissements",
    producer="Insee, Sirene",
    data_class=DataClass.PUBLIC,
    file_pattern=r"StockEtablissement_utf8(_geo)?(\.csv|\.parquet|(?=\.zip))",
    formats=("text", "parquet"),
    separator=",",
    grain="un établissement",
    raw_columns=(
        *(RawColumn(name, is_optional=name in NOT_NEEDED + ADDED_BY_GEOCODING) for name in RAW),
        *(RawColumn(name, is_optional=True) for name in NOT_ALWAYS),
    ),
    fields=(
        Field(
            Column("siren", Kind.TEXT, "SIREN", nullable=False),
            f"CASE WHEN regexp_full_match({raw('siren')}, '[0-9]{{9}}') THEN {raw('siren')} END",
            "siren",
            Fault.IDENTIFIER,
            "9 chiffres",
            is_mandatory=True,
        ),
        Field(
            Column("siret", Kind.TEXT, "SIRET", nullable=False),
            f"CASE WHEN regexp_full_match({_SIRET}, '[0-9]{{14}}') AND length({raw('nic')}) = 5 THEN {_SIRET} END",
            "nic",
            Fault.IDENTIFIER,
            "NIC de 5 chiffres",
            is_mandatory=True,
            fault_sql=f"NOT regexp_full_match({raw('nic')}, '[0-9]{{5}}')",
        ),
        replace(_IS_SIEGE, compat_sql=f"coalesce({_IS_SIEGE.sql}, false)"),
        shown_text("complement_adresse", "Complément d'adresse", "complementAdresseEtablissement"),
        shown_text("numero_voie", "Numéro dans la voie", "numeroVoieEtablissement"),
        _mapped("indice_repetition", "indiceRepetitionEtablissement", "Indice de répétition", INDICES),
        _mapped("type_voie", "typeVoieEtablissement", "Type de voie", TYPES_VOIE),
        shown_text("voie", "Voie", "libelleVoieEtablissement"),
        shown_text("commune", "Commune", "libelleCommuneEtablissement"),
        shown_text("commune_etranger", "Commune à l'étranger", "libelleCommuneEtrangerEtablissement"),
        patterned("code_commune", "codeCommuneEtablissement", "Code de la commune", COMMUNE, "code commune de l'Insee"),
        Field(Column("departement", Kind.TEXT, "Département"), _DEPARTEMENT),
        patterned("code_postal", "codePostalEtablissement", "Code postal", "[0-9]{5}", "5 chiffres"),
        shown_text("pays_etranger", "Pays étranger", "libellePaysEtrangerEtablissement"),
        code_naf("Etablissement"),
        code_naf25("Etablissement"),
        date_iso("date_creation", "dateCreationEtablissement", "Date de création", is_mandatory=False, drops_row=False),
        _coordinate("longitude", "Longitude"),
        _coordinate("latitude", "Latitude"),
        is_code("is_active", "etatAdministratifEtablissement", "A", "En activité"),
        shown_text("enseigne", "Enseigne", *(f"enseigne{rank}Etablissement" for rank in (1, 2, 3))),
        shown_text("denomination_usuelle", "Dénomination usuelle", "denominationUsuelleEtablissement"),
        tranche_effectif("trancheEffectifsEtablissement"),
        date_iso("date_debut", "dateDebut", "Début de la période en cours", is_mandatory=False, drops_row=False),
        shown_decimal("lambert_x_m", "coordonneeLambertAbscisseEtablissement", "Abscisse Lambert", unit="mètres"),
        shown_decimal("lambert_y_m", "coordonneeLambertOrdonneeEtablissement", "Ordonnée Lambert", unit="mètres"),
        statut_diffusion("statutDiffusionEtablissement"),
        shown_text("code_cedex", "Code cedex", "codeCedexEtablissement"),
        shown_text("cedex", "Cedex", "libelleCedexEtablissement"),
        shown_text("distribution_speciale", "Distribution spéciale", "distributionSpecialeEtablissement"),
        shown_text("code_pays_etranger", "Code du pays étranger", "codePaysEtrangerEtablissement"),
    ),
    compat_filters=(other_nomenclature("Etablissement"),),
    known_from="coalesce(date_creation, DATE '1900-01-01')",
    freshness="year(date_creation) * 12 + month(date_creation) - 1",
    reference=(
        Reference("siren", "siren", "siren"),
        Reference("nic", "nic", "nic"),
        Reference("siege", "siege", "etablissementSiege", Convert.BOOLEAN),
        Reference("complement_adresse", "complement_adresse", "complementAdresseEtablissement"),
        Reference("numéro_voie", "numero_voie", "numeroVoieEtablissement"),
        Reference("indrep", "indrep", "indiceRepetitionEtablissement"),
        Reference("type_voie", "type_voie", "typeVoieEtablissement"),
        Reference("voie", "voie", "libelleVoieEtablissement"),
        Reference("commune", "commune", "libelleCommuneEtablissement"),
        Reference("commune_étranger", "commune_etranger", "libelleCommuneEtrangerEtablissement"),
        Reference("distribution_speciale", "distribution_speciale", "distributionSpecialeEtablissement"),
        Reference("code_commune", "code_commune", "codeCommuneEtablissement"),
        Reference("code_cedex", "code_cedex", "codeCedexEtablissement"),
        Reference("cedex", "cedex", "libelleCedexEtablissement"),
        Reference("code_pays_étranger", "code_pays_etranger", "codePaysEtrangerEtablissement"),
        Reference("pays_étranger", "pays_etranger", "libellePaysEtrangerEtablissement"),
        Reference("code_postal", "code_postal", "codePostalEtablissement"),
        Reference("département", "departement"),
        Reference("ape", "ape", "activitePrincipaleEtablissement"),
        Reference("création", "date_creation", "dateCreationEtablissement", Convert.DATE_ISO_OR_NULL),
        Reference("longitude", "longitude", "longitude", Convert.FLOAT),
        Reference("latitude", "latitude", "latitude", Convert.FLOAT),
        Reference("est_actif", "est_actif", "etatAdministratifEtablissement"),
    ),
)
