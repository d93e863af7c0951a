"""Clean tables of the national register: establishments, legal units, history."""

from __future__ import annotations

from signaux_faibles.pipeline.export.labels import naf25_section_sql
from signaux_faibles.pipeline.export.reading import Reading
from signaux_faibles.pipeline.export.view import SIREN, SIRET, View, day, flag, number, text
from signaux_faibles.sources.sirene import TYPES_VOIE

LF = "chr(10)"
EI = " EI"
"""What follows the name of a sole trader (*entrepreneur individuel*)."""


def _sirene(reading: Reading) -> str:
    degrees = "coalesce({0}, 0)" if reading.is_reference else "{0}"
    return f"""
        SELECT s.siren, s.siret, {"coalesce(s.is_siege, false)" if reading.is_reference else "s.is_siege"} AS siege,
            {_reference_address() if reading.is_reference else _address()} AS adresse,
            {reading.text("s.code_commune")} AS code_commune, {reading.text("s.departement")} AS departement,
            d.libelle_departement, d.region, d.libelle_region, {reading.text("s.code_naf")} AS ape,
            n.niv1 AS naf_section, s.date_creation, {degrees.format("s.longitude")} AS longitude,
            {degrees.format("s.latitude")} AS latitude, s.is_active AS est_actif
        FROM stg_sirene AS s
        LEFT JOIN labels_departement_region AS d ON d.departement = s.departement
        LEFT JOIN naf_codes AS n ON n.niv5 = s.code_naf"""


def _address() -> str:
    """Lines of the address, without what is missing."""
    street = (
        "concat_ws(' ', s.numero_voie, s.indice_repetition, s.type_voie, s.voie, '(' || s.complement_adresse || ')')"
    )
    town = "concat_ws(' ', s.code_postal, coalesce(s.commune, s.commune_etranger))"
    lines = ", ".join(f"nullif({line}, '')" for line in (street, town, "s.pays_etranger"))
    return f"nullif(concat_ws({LF}, {lines}), '')"


def _reference_address() -> str:
    """Address with a space for each missing part, brackets even when empty, and no foreign town."""
    known = ", ".join(f"'{label}'" for label in dict.fromkeys(TYPES_VOIE.values()))
    street = (
        "coalesce(s.numero_voie, '') || ' ' || "
        "CASE WHEN s.indice_repetition IN ('BIS', 'TER', 'QUATER', 'QUINQUIES') THEN s.indice_repetition ELSE '' END"
        f" || ' ' || CASE WHEN s.type_voie IN ({known}) THEN s.type_voie ELSE '' END || ' ' || coalesce(s.voie, '')"
        " || ' (' || coalesce(s.complement_adresse, '') || ')'"
    )
    town = (
        f"coalesce(s.code_postal, '') || ' ' || coalesce(s.commune, '') || ' ' || {LF} || coalesce(s.pays_etranger, '')"
    )
    return f"trim({street} || {LF} || {town}, ' ')"


def _sirene_ul(reading: Reading) -> str:
    seats = "SELECT siren, siret, departement FROM stg_sirene WHERE is_siege"
    if not reading.is_reference:
        seats = """
            SELECT siren, siret, departement FROM (
                SELECT siren, siret, departement, row_number() OVER (
                    PARTITION BY siren
                    ORDER BY is_active DESC, departement IS NULL, date_creation DESC NULLS LAST, siret DESC
                ) AS rank
                FROM stg_sirene WHERE is_siege
            ) AS ranked WHERE rank = 1"""
    return f"""
        SELECT u.siren, {_reference_name() if reading.is_reference else _name()} AS raison_sociale,
            {reading.text("u.categorie_juridique")} AS categorie_juridique, c.libelle AS libelle_categorie_juridique,
            {reading.text("u.code_naf")} AS activite_principale, n.niv5_libelle AS libelle_activite_principale,
            n.niv1 AS naf_section, n.niv1_libelle AS libelle_naf_section,
            {reading.text("u.code_naf25")} AS activite_principale_naf25, NULL AS libelle_activite_principale_naf25,
            {naf25_section_sql("u.code_naf25")} AS naf25_section, NULL AS libelle_naf25_section,
            {"CASE WHEN s.siret IS NULL THEN NULL ELSE " + reading.text("s.departement") + " END"} AS departement,
            s.siret AS siret_siege, d.libelle_departement, d.region, d.libelle_region, u.date_creation AS creation,
            u.is_active AS est_actif
        FROM stg_sirene_ul AS u
        LEFT JOIN ({seats}) AS s ON s.siren = u.siren
        LEFT JOIN labels_departement_region AS d ON d.departement = s.departement
        LEFT JOIN categories_juridiques AS c ON c.code = u.categorie_juridique
        LEFT JOIN naf_codes AS n ON n.niv5 = u.code_naf"""


NAMES = ("nom", "nom_usage", "prenom1", "prenom2", "prenom3", "prenom4")


def _name() -> str:
    """Company name, or the names of a sole trader with one space between them; NULL when all are missing."""
    person = f"nullif(concat_ws(' ', {', '.join(f'u.{name}' for name in NAMES)}), '')"
    return f"coalesce(u.raison_sociale, {person} || '{EI}')"


def _reference_name() -> str:
    """Company name, or the names of a sole trader with a space for each missing one."""
    person = " || ' ' || ".join(f"coalesce(u.{name}, '')" for name in NAMES)
    return f"coalesce(u.raison_sociale, trim({person}, ' ') || '{EI}')"


def _sirene_histo(reading: Reading) -> str:
    """Periods that open or close an establishment, each ended by the next.

    Rows that begin the same day are one period, the one that lasts longest in the file; a first period may begin
    before anything known. The earlier importer kept all of them and lost the latter.
    """
    if reading.is_reference:
        first, periods = "rank() OVER (PARTITION BY siret ORDER BY date_debut NULLS LAST)", "stg_sirene_histo"
        order = "date_debut NULLS LAST, is_active, date_fin NULLS LAST"
    else:
        first, order = (
            "row_number() OVER (PARTITION BY siret ORDER BY date_debut NULLS FIRST)",
            "date_debut NULLS FIRST",
        )
        periods = """(
            SELECT *, row_number() OVER (
                PARTITION BY siret, date_debut
                ORDER BY date_fin DESC NULLS FIRST, is_changement_actif DESC, is_active DESC
            ) AS copy
            FROM stg_sirene_histo
        )"""
    once = "" if reading.is_reference else "AND copy = 1"
    return f"""
        SELECT siret, date_debut,
            CAST(lead(date_debut) OVER (PARTITION BY siret ORDER BY {order}) - INTERVAL 1 DAY AS DATE) AS date_fin,
            is_active AS est_actif
        FROM (
            SELECT siret, date_debut, date_fin, is_active, is_changement_actif, {first} AS rank
            FROM {periods} AS periods WHERE {reading.kept} {once}
        ) AS ranked
        WHERE rank = 1 OR is_changement_actif"""


CLEAN_FILTER = View(
    "clean_filter",
    "une entreprise du périmètre",
    (SIREN,),
    (),
    lambda reading: "SELECT siren FROM clean_filter",
)

CLEAN_SIRENE = View(
    "clean_sirene",
    "un établissement, dans le périmètre ou non",
    (
        SIREN,
        SIRET,
        flag("siege", "Siège de l'entreprise"),
        text("adresse", "Adresse, sur plusieurs lignes"),
        text("code_commune", "Code de la commune"),
        text("departement", "Département"),
        text("libelle_departement", "Nom du département"),
        text("region", "Région"),
        text("libelle_region", "Nom de la région"),
        text("ape", "Code d'activité (NAF rév. 2)"),
        text("naf_section", "Section d'activité (NAF rév. 2)"),
        day("date_creation", "Date de création"),
        number("longitude", "Longitude", "degrés"),
        number("latitude", "Latitude", "degrés"),
        flag("est_actif", "En activité"),
    ),
    ("sirene",),
    _sirene,
)

CLEAN_SIRENE_UL = View(
    "clean_sirene_ul",
    "une unité légale, dans le périmètre ou non",
    (
        SIREN,
        text("raison_sociale", "Raison sociale, ou noms suivis de EI"),
        text("categorie_juridique", "Catégorie juridique"),
        text("libelle_categorie_juridique", "Libellé de la catégorie juridique"),
        text("activite_principale", "Code d'activité (NAF rév. 2)"),
        text("libelle_activite_principale", "Libellé de l'activité (NAF rév. 2)"),
        text("naf_section", "Section d'activité (NAF rév. 2)"),
        text("libelle_naf_section", "Libellé de la section (NAF rév. 2)"),
        text("activite_principale_naf25", "Code d'activité (NAF 2025)"),
        text("libelle_activite_principale_naf25", "Libellé de l'activité (NAF 2025), toujours vide"),
        text("naf25_section", "Section d'activité (NAF 2025)"),
        text("libelle_naf25_section", "Libellé de la section (NAF 2025), toujours vide"),
        text("departement", "Département du siège"),
        text("siret_siege", "SIRET du siège"),
        text("libelle_departement", "Nom du département du siège"),
        text("region", "Région du siège"),
        text("libelle_region", "Nom de la région du siège"),
        day("creation", "Date de création"),
        flag("est_actif", "En activité"),
    ),
    ("sirene", "sirene_ul"),
    _sirene_ul,
)

CLEAN_SIRENE_HISTO = View(
    "clean_sirene_histo",
    "une période d'ouverture ou de fermeture d'un établissement",
    (
        SIRET,
        day("date_debut", "Début de la période"),
        day("date_fin", "Veille de la période suivante"),
        flag("est_actif", "Ouvert pendant la période"),
    ),
    ("sirene_histo",),
    _sirene_histo,
)
