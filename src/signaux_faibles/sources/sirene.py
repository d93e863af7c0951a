"""Establishments of the national register (*Sirene*), with their place on the map.

Producer: Insee (StockEtablissement), geocoded.
Access: open data.
Grain: one row per establishment.
Cadence: monthly; full stock.
Known from: the creation of the establishment, 1900 when it has no date.
Traps: cells `[ND]` hide what a person did not wish to publish and are read as empty; an activity in another
nomenclature than NAF rev. 2 is left empty and the establishment kept (the importer before ours dropped it, and would
have dropped every one on the day of NAF 2025); street types may come in full words, kept as they are; missing
coordinates are unknown, not 0 degree; a stock names the present only, the past is in `sirene_histo`.
"""

from __future__ import annotations

from signaux_faibles.domain.data_class import DataClass
from signaux_faibles.schema.cell import boolean, date_iso, decimal, is_code, raw, text
from signaux_faibles.schema.column import Column, Kind
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
NAF = r"[0-9]{2}\.[0-9]{2}[A-Z]"


def shown(cell: str) -> str:
    """A cell, or NULL when it is empty or hidden."""
    return f"nullif(nullif({raw(cell)}, ''), '[ND]')"


def _text(name: str, cell: str, label: str) -> Field:
    return Field(Column(name, Kind.TEXT, label), shown(cell))


def _mapped(name: str, cell: str, label: str, labels: dict[str, str]) -> Field:
    whens = " ".join(f"WHEN '{code}' THEN '{word}'" for code, word in labels.items())
    return Field(Column(name, Kind.TEXT, label), f"CASE {raw(cell)} {whens} ELSE {shown(cell)} END")


def _patterned(name: str, cell: str, label: str, pattern: str, expected: str) -> Field:
    return Field(
        Column(name, Kind.TEXT, label),
        f"CASE WHEN regexp_full_match({raw(cell)}, '{pattern}') THEN {raw(cell)} END",
        cell,
        Fault.CODE,
        expected,
        drops_row=False,
        fault_sql=f"{shown(cell)} IS NOT NULL AND NOT regexp_full_match({raw(cell)}, '{pattern}')",
    )


def _code_naf() -> Field:
    cell, kind = "activitePrincipaleEtablissement", raw("nomenclatureActivitePrincipaleEtablissement")
    is_naf = f"{kind} = 'NAFRev2' AND regexp_full_match({raw(cell)}, '{NAF}')"
    return Field(
        Column("code_naf", Kind.TEXT, "Code d'activité (NAF rév. 2)"),
        f"CASE WHEN {is_naf} THEN {raw(cell)} END",
        cell,
        Fault.CODE,
        "code NAF rév. 2, comme 62.01Z",
        drops_row=False,
        fault_sql=f"{kind} = 'NAFRev2' AND {shown(cell)} IS NOT NULL AND NOT regexp_full_match({raw(cell)}, '{NAF}')",
    )


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
UNUSED = {
    "distributionSpecialeEtablissement",
    "codeCedexEtablissement",
    "libelleCedexEtablissement",
    "codePaysEtrangerEtablissement",
}

SOURCE = Source(
    name="sirene",
    label="Établissements",
    producer="Insee, Sirene",
    data_class=DataClass.PUBLIC,
    file_pattern=r"StockEtablissement_utf8_geo\.csv",
    separator=",",
    grain="un établissement",
    raw_columns=(
        *(RawColumn(name, is_optional=name in UNUSED or name in ("longitude", "latitude")) for name in RAW),
        RawColumn("activitePrincipaleNAF25Etablissement", is_optional=True),
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
        boolean("is_siege", "etablissementSiege", "Siège de l'entreprise", drops_row=False),
        _text("complement_adresse", "complementAdresseEtablissement", "Complément d'adresse"),
        _text("numero_voie", "numeroVoieEtablissement", "Numéro dans la voie"),
        _mapped("indice_repetition", "indiceRepetitionEtablissement", "Indice de répétition", INDICES),
        _mapped("type_voie", "typeVoieEtablissement", "Type de voie", TYPES_VOIE),
        _text("voie", "libelleVoieEtablissement", "Voie"),
        _text("commune", "libelleCommuneEtablissement", "Commune"),
        _text("commune_etranger", "libelleCommuneEtrangerEtablissement", "Commune à l'étranger"),
        _patterned(
            "code_commune", "codeCommuneEtablissement", "Code de la commune", COMMUNE, "code commune de l'Insee"
        ),
        Field(Column("departement", Kind.TEXT, "Département"), _DEPARTEMENT),
        _patterned("code_postal", "codePostalEtablissement", "Code postal", "[0-9]{5}", "5 chiffres"),
        _text("pays_etranger", "libellePaysEtrangerEtablissement", "Pays étranger"),
        _code_naf(),
        text("code_naf25", "activitePrincipaleNAF25Etablissement", "Code d'activité (NAF 2025)"),
        date_iso("date_creation", "dateCreationEtablissement", "Date de création", is_mandatory=False, drops_row=False),
        decimal("longitude", "longitude", "Longitude", unit="degrés", drops_row=False),
        decimal("latitude", "latitude", "Latitude", unit="degrés", drops_row=False),
        is_code("is_active", "etatAdministratifEtablissement", "A", "En activité"),
    ),
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
