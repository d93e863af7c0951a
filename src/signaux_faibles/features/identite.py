"""Features of theme `identite`: age, activity, legal form, region. They are context, not behaviour."""

from __future__ import annotations

from signaux_faibles.domain.data_class import DataClass
from signaux_faibles.domain.naf import division_sections
from signaux_faibles.domain.territoire import departements
from signaux_faibles.domain.theme import Theme
from signaux_faibles.features.declare import Family, Feature
from signaux_faibles.features.trends import months_where

_feature = Family(Theme.IDENTITE, DataClass.PUBLIC, ("sirene", "sirene_ul")).feature

_accounts = Family(Theme.IDENTITE, DataClass.PUBLIC, ("comptes",)).feature
_past = Family(Theme.IDENTITE, DataClass.URSSAF, ("procol", "bodacc")).feature
"""Urssaf tells proceedings before the Bodacc publishes them: what comes of both has the class of the first."""


def _section_rank() -> str:
    """Section as a rank: 0 for A, 1 for B... neighbours in the nomenclature are near in trade."""
    sections = division_sections()
    letters = "".join(sections.get(f"{division:02d}", " ") for division in range(100))
    letter = f"SUBSTRING('{letters}', CAST(SUBSTRING(code_naf, 1, 2) AS INTEGER) + 1, 1)"
    return f"CAST(CASE WHEN {letter} <> ' ' THEN ASCII({letter}) - {ord('A')} END AS DOUBLE)"


def _region_code() -> str:
    cases = " ".join(
        f"WHEN '{d.code}' THEN {int(d.region)}"
        for d in sorted(departements().values(), key=lambda d: d.code)
        if d.region.isdigit()
    )
    return f"CAST(CASE departement {cases} END AS DOUBLE)"


FEATURES: tuple[Feature, ...] = (
    _feature(
        "age_years",
        "CAST(month - creation_month AS DOUBLE) / 12",
        "ans",
        "Âge de l'entreprise",
        "Années écoulées depuis la création.",
        "L'entreprise a {value}.",
        zero="L'entreprise a été créée ce mois-ci.",
    ),
    _feature(
        "section_naf_rank",
        _section_rank(),
        "",
        "Secteur d'activité",
        "Section de la NAF rév. 2, par son rang dans l'alphabet.",
        "Le secteur d'activité compte dans le risque.",
    ),
    _feature(
        "division_naf_code",
        "CAST(SUBSTRING(code_naf, 1, 2) AS DOUBLE)",
        "",
        "Branche d'activité",
        "Division de la NAF rév. 2, par son numéro.",
        "La branche d'activité compte dans le risque.",
    ),
    _feature(
        "categorie_juridique_code",
        "CAST(CAST(SUBSTRING(categorie_juridique, 1, 2) AS INTEGER) AS DOUBLE)",
        "",
        "Forme juridique",
        "Deux premiers chiffres de la catégorie juridique.",
        "La forme juridique compte dans le risque.",
    ),
    _feature(
        "region_code",
        _region_code(),
        "",
        "Région du siège",
        "Code Insee de la région du siège.",
        "La région du siège compte dans le risque.",
    ),
    _accounts(
        "groupe_code",
        "CAST(CASE WHEN comptes_consolides_36m_count > 0 THEN 1 WHEN comptes_consolides_36m_count <= 0 THEN 0 END"
        " AS DOUBLE)",
        "",
        "Tête d'un groupe",
        "1 si des comptes consolidés, clos depuis moins de 36 mois, sont connus ; 0 sinon.",
        "Des comptes consolidés comptent dans le risque.",
        missing="Les comptes publiés ne sont pas connus.",
        zero="Aucun compte consolidé récent n'est connu.",
        window=36,
    ),
    _past(
        "procol_36m_count",
        months_where("etat_procol_code > 0", "etat_procol_code IS NOT NULL", 36),
        "mois",
        "Mois en procédure collective, sur 36",
        "Nombre de mois, sur 36, à la fin desquels une procédure collective était connue et en cours.",
        "L'entreprise a été en procédure collective {value} sur trente-six.",
        zero="Aucune procédure collective n'est connue en trois ans.",
    ),
)
