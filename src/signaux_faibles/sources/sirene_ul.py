"""Legal units of the national register (*Sirene*).

Producer: Insee (StockUniteLegale, deposited as `sireneUL.csv`).
Access: open data.
Grain: one row per legal unit.
Cadence: monthly; full stock.
Known from: the creation of the unit, 1900 when it has no date.
Traps: `[ND]` hides a name; a sole trader has a first and a last name instead of a company name; an activity in another
nomenclature than NAF rev. 2 is left empty and the unit kept; the NAF 2025 column is missing from files before 2025.
"""

from __future__ import annotations

from signaux_faibles.domain.data_class import DataClass
from signaux_faibles.schema.cell import date_iso, is_code, raw, siren, text
from signaux_faibles.schema.column import Column, Kind
from signaux_faibles.schema.source import Convert, Fault, Field, RawColumn, Reference, Source

NAF = r"[0-9]{2}\.[0-9]{2}[A-Z]"
ACTIVITE = raw("activitePrincipaleUniteLegale")
NOMENCLATURE = raw("nomenclatureActivitePrincipaleUniteLegale")


def _name(name: str, cell: str, label: str) -> Field:
    return Field(Column(name, Kind.TEXT, label), f"nullif(nullif({raw(cell)}, ''), '[ND]')")


SOURCE = Source(
    name="sirene_ul",
    label="Unités légales",
    producer="Insee, Sirene",
    data_class=DataClass.PUBLIC,
    file_pattern=r"sireneUL\.csv",
    separator=",",
    grain="une unité légale",
    raw_columns=(
        RawColumn("siren"),
        RawColumn("denominationUniteLegale"),
        *(RawColumn(f"prenom{rank}UniteLegale") for rank in (1, 2, 3, 4)),
        RawColumn("nomUniteLegale"),
        RawColumn("nomUsageUniteLegale"),
        RawColumn("categorieJuridiqueUniteLegale"),
        RawColumn("dateCreationUniteLegale"),
        RawColumn("activitePrincipaleUniteLegale"),
        RawColumn("nomenclatureActivitePrincipaleUniteLegale"),
        RawColumn("activitePrincipaleNAF25UniteLegale", is_optional=True),
        RawColumn("etatAdministratifUniteLegale"),
    ),
    fields=(
        siren(),
        _name("raison_sociale", "denominationUniteLegale", "Raison sociale"),
        *(_name(f"prenom{rank}", f"prenom{rank}UniteLegale", f"Prénom {rank}") for rank in (1, 2, 3, 4)),
        _name("nom", "nomUniteLegale", "Nom"),
        _name("nom_usage", "nomUsageUniteLegale", "Nom d'usage"),
        text("categorie_juridique", "categorieJuridiqueUniteLegale", "Catégorie juridique"),
        date_iso("date_creation", "dateCreationUniteLegale", "Date de création", is_mandatory=False, drops_row=False),
        Field(
            Column("code_naf", Kind.TEXT, "Code d'activité (NAF rév. 2)"),
            f"CASE WHEN {NOMENCLATURE} = 'NAFRev2' AND regexp_full_match({ACTIVITE}, '{NAF}') THEN {ACTIVITE} END",
            "activitePrincipaleUniteLegale",
            Fault.CODE,
            "code NAF rév. 2, comme 62.01Z",
            drops_row=False,
            fault_sql=f"{NOMENCLATURE} = 'NAFRev2' AND {ACTIVITE} NOT IN ('', '[ND]') "
            f"AND NOT regexp_full_match({ACTIVITE}, '{NAF}')",
        ),
        text("code_naf25", "activitePrincipaleNAF25UniteLegale", "Code d'activité (NAF 2025)"),
        is_code("is_active", "etatAdministratifUniteLegale", "A", "En activité"),
    ),
    known_from="coalesce(date_creation, DATE '1900-01-01')",
    freshness="year(date_creation) * 12 + month(date_creation) - 1",
    reference=(
        Reference("Siren", "siren", "siren"),
        Reference("RaisonSociale", "raison_sociale", "denominationUniteLegale"),
        *(Reference(f"Prenom{r}UniteLegale", f"prenom{r}_unite_legale", f"prenom{r}UniteLegale") for r in (1, 2, 3, 4)),
        Reference("NomUniteLegale", "nom_unite_legale", "nomUniteLegale"),
        Reference("NomUsageUniteLegale", "nom_usage_unite_legale", "nomUsageUniteLegale"),
        Reference("CodeStatutJuridique", "categorie_juridique", "categorieJuridiqueUniteLegale"),
        Reference("Creation", "date_creation", "dateCreationUniteLegale", Convert.DATE_ISO_OR_NULL),
        Reference("APE", "ape", "activitePrincipaleUniteLegale"),
        Reference("APENAF25", "ape_naf25", "activitePrincipaleNAF25UniteLegale"),
        Reference("EstActif", "est_actif", "etatAdministratifUniteLegale"),
    ),
)
