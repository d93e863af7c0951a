"""Legal units of the national register (*Sirene*).

Producer: Insee (StockUniteLegale, also deposited as `sireneUL.csv`).
Access: open data, as CSV or Parquet.
Grain: one row per legal unit.
Cadence: monthly; full stock.
Known from: the creation of the unit, 1900 when it has no date.
Traps: `[ND]` hides what a person did not wish to publish (such units have `statut_diffusion` P); a sole trader has a
first and a last name instead of a company name; an activity in another nomenclature than NAF rev. 2 is left empty and
the unit kept, its code being that of NAF 2025 when the file says so; the NAF 2025 column is missing from files before
2025, and so may be every column that the importer before ours did not read; a band of headcount is of an earlier year.
"""

from __future__ import annotations

from signaux_faibles.domain.data_class import DataClass
from signaux_faibles.schema.cell import date_iso, integer, is_code, raw, siren, text
from signaux_faibles.schema.column import Column, Kind
from signaux_faibles.schema.insee import (
    code_naf,
    code_naf25,
    other_nomenclature,
    patterned,
    shown_text,
    statut_diffusion,
    tranche_effectif,
)
from signaux_faibles.schema.source import Convert, Fault, Field, RawColumn, Reference, Source

NOT_ALWAYS = (
    "sigleUniteLegale",
    "prenomUsuelUniteLegale",
    "denominationUsuelle1UniteLegale",
    "denominationUsuelle2UniteLegale",
    "denominationUsuelle3UniteLegale",
    "trancheEffectifsUniteLegale",
    "anneeEffectifsUniteLegale",
    "caractereEmployeurUniteLegale",
    "categorieEntreprise",
    "nicSiegeUniteLegale",
    "statutDiffusionUniteLegale",
)
"""Columns that the importer before ours does not read."""


SOURCE = Source(
    name="sirene_ul",
    label="Unités légales",
    producer="Insee, Sirene",
    data_class=DataClass.PUBLIC,
    file_pattern=r"sireneUL\.csv|StockUniteLegale_utf8(\.csv|\.parquet|(?=\.zip))",
    formats=("text", "parquet"),
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
        *(RawColumn(name, is_optional=True) for name in NOT_ALWAYS),
    ),
    fields=(
        siren(),
        shown_text("raison_sociale", "Raison sociale", "denominationUniteLegale"),
        *(shown_text(f"prenom{rank}", f"Prénom {rank}", f"prenom{rank}UniteLegale") for rank in (1, 2, 3, 4)),
        shown_text("nom", "Nom", "nomUniteLegale"),
        shown_text("nom_usage", "Nom d'usage", "nomUsageUniteLegale"),
        text("categorie_juridique", "categorieJuridiqueUniteLegale", "Catégorie juridique"),
        date_iso("date_creation", "dateCreationUniteLegale", "Date de création", is_mandatory=False, drops_row=False),
        code_naf("UniteLegale"),
        code_naf25("UniteLegale"),
        is_code("is_active", "etatAdministratifUniteLegale", "A", "En activité"),
        shown_text("sigle", "Sigle", "sigleUniteLegale"),
        shown_text("prenom_usuel", "Prénom usuel", "prenomUsuelUniteLegale"),
        shown_text(
            "denomination_usuelle",
            "Dénomination usuelle",
            *(f"denominationUsuelle{rank}UniteLegale" for rank in (1, 2, 3)),
        ),
        tranche_effectif("trancheEffectifsUniteLegale"),
        integer("annee_effectif", "anneeEffectifsUniteLegale", "Année de la tranche d'effectif", drops_row=False),
        Field(
            Column("is_employeur", Kind.BOOLEAN, "A le caractère d'employeur"),
            f"CASE {raw('caractereEmployeurUniteLegale')} WHEN 'O' THEN true WHEN 'N' THEN false END",
            "caractereEmployeurUniteLegale",
            Fault.BOOLEAN,
            "O ou N",
            drops_row=False,
        ),
        patterned(
            "categorie_entreprise", "categorieEntreprise", "Catégorie d'entreprise", "PME|ETI|GE", "PME, ETI ou GE"
        ),
        patterned("nic_siege", "nicSiegeUniteLegale", "NIC du siège", "[0-9]{5}", "5 chiffres"),
        statut_diffusion("statutDiffusionUniteLegale"),
    ),
    compat_filters=(other_nomenclature("UniteLegale"),),
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
