"""Who the companies are: tables `entreprises` and `etablissements`."""

from __future__ import annotations

import pyarrow as pa

from signaux_faibles.domain.naf import categorie_juridique_labels, naf_labels, naf_sections, section_labels
from signaux_faibles.domain.territoire import departements
from signaux_faibles.domain.tranche_effectif import LOWER_BOUNDS
from signaux_faibles.engine import Engine
from signaux_faibles.release.tables import ENTREPRISES, ETABLISSEMENTS

BANDS = " ".join(f"WHEN '{code}' THEN {low}" for code, low in LOWER_BOUNDS.items())
ADRESSE = """TRIM(CONCAT_WS(' ', NULLIF(numero_voie, ''), NULLIF(indice_repetition, ''), NULLIF(type_voie, ''),
    NULLIF(voie, '')))"""


def register_nomenclatures(engine: Engine) -> None:
    """Make the labels of codes readable by SQL."""
    for name, labels in {
        "naf_label": naf_labels(),
        "naf_section": naf_sections(),
        "section_label": section_labels(),
        "categorie_label": categorie_juridique_labels(),
        "region_of": {code: d.region for code, d in departements().items()},
    }.items():
        engine.register(name, pa.table({"code": list(labels), "label": list(labels.values())}))


def etablissements(engine: Engine) -> pa.Table:
    """Establishments of the published companies, as Sirene gives them; closing dates come from its history."""
    engine.run(f"""
        CREATE OR REPLACE TEMP TABLE etablissements AS
        WITH unique_siret AS (
            SELECT * FROM (
                SELECT *, ROW_NUMBER() OVER (
                    PARTITION BY siret ORDER BY is_siege DESC, batch_month DESC, row_id
                ) AS rank FROM c_sirene
            ) AS ranked WHERE rank = 1
        ), closed AS (
            SELECT siret, MAX(date_debut) AS date_fermeture FROM c_sirene_histo WHERE NOT is_active GROUP BY siret
        ), headcount AS (
            SELECT siret, month, SUM(effectif_count) AS effectif_count,
                ROW_NUMBER() OVER (PARTITION BY siret ORDER BY month DESC) AS rank
            FROM c_effectif GROUP BY siret, month
        )
        SELECT s.siret, s.siren, s.is_siege, {ADRESSE} AS adresse, s.code_postal, s.code_commune, s.commune,
            s.departement, s.longitude, s.latitude, s.code_naf, s.date_creation,
            CASE WHEN NOT s.is_active THEN f.date_fermeture END AS date_fermeture, s.is_active,
            CASE WHEN s.is_active THEN CAST(e.effectif_count AS INTEGER) END AS effectif_count
        FROM unique_siret AS s
        LEFT JOIN closed AS f ON f.siret = s.siret
        LEFT JOIN headcount AS e ON e.siret = s.siret AND e.rank = 1""")
    return engine.arrow(f"SELECT {', '.join(ETABLISSEMENTS.names)} FROM etablissements ORDER BY siret")


def entreprises(engine: Engine) -> pa.Table:
    """Published companies; `etablissements` must have been made before.

    Where no monthly headcount is known, the smallest of the band of the legal unit stands, at the end of its year.
    """
    return engine.arrow(f"""
        WITH unite AS (
            SELECT *, CASE tranche_effectif {BANDS} END AS tranche_count FROM (
                SELECT *, ROW_NUMBER() OVER (PARTITION BY siren ORDER BY batch_month DESC, row_id) AS rank
                FROM c_sirene_ul
            ) AS ranked WHERE rank = 1
        ), siege AS (
            SELECT * FROM (
                SELECT *, ROW_NUMBER() OVER (PARTITION BY siren ORDER BY is_active DESC, siret DESC) AS rank
                FROM etablissements WHERE is_siege
            ) AS ranked WHERE rank = 1
        ), counted AS (
            SELECT siren, CAST(COUNT(*) AS INTEGER) AS etablissements_count,
                CAST(SUM(CAST(is_active AS INTEGER)) AS INTEGER) AS etablissements_actifs_count
            FROM etablissements GROUP BY siren
        ), present AS (
            SELECT siren, LIST(departement ORDER BY departement) AS departements FROM (
                SELECT DISTINCT siren, departement FROM etablissements WHERE is_active AND departement <> ''
            ) AS located GROUP BY siren
        ), headcount AS (
            SELECT siren, month, MAX(effectif_count) AS effectif_count,
                ROW_NUMBER() OVER (PARTITION BY siren ORDER BY month DESC) AS rank
            FROM c_effectif_ent GROUP BY siren, month
        )
        SELECT p.siren, u.raison_sociale, u.code_naf, n.label AS libelle_naf, u.code_naf25, s.label AS section_naf,
            sl.label AS libelle_section, u.categorie_juridique, c.label AS libelle_categorie_juridique,
            u.date_creation, h.siret AS siret_siege,
            CONCAT_WS(', ', NULLIF(h.adresse, ''), TRIM(CONCAT_WS(' ', h.code_postal, h.commune))) AS adresse_siege,
            h.code_commune, h.commune, h.departement, r.label AS region,
            COALESCE(d.departements, []) AS departements,
            CAST(COALESCE(e.effectif_count, u.tranche_count) AS INTEGER) AS effectif_count,
            CASE WHEN e.siren IS NULL AND u.tranche_count IS NOT NULL THEN CAST(u.annee_effectif AS VARCHAR) || '-12'
                ELSE LPAD(CAST(e.month // 12 AS VARCHAR), 4, '0') || '-'
                    || LPAD(CAST(e.month % 12 + 1 AS VARCHAR), 2, '0') END AS effectif_month,
            COALESCE(k.etablissements_count, 0) AS etablissements_count,
            COALESCE(k.etablissements_actifs_count, 0) AS etablissements_actifs_count,
            COALESCE(k.etablissements_actifs_count, 0) > 0 AS is_active
        FROM published AS p
        LEFT JOIN unite AS u ON u.siren = p.siren
        LEFT JOIN siege AS h ON h.siren = p.siren
        LEFT JOIN counted AS k ON k.siren = p.siren
        LEFT JOIN present AS d ON d.siren = p.siren
        LEFT JOIN headcount AS e ON e.siren = p.siren AND e.rank = 1
        LEFT JOIN naf_label AS n ON n.code = u.code_naf
        LEFT JOIN naf_section AS s ON s.code = u.code_naf
        LEFT JOIN section_label AS sl ON sl.code = s.label
        LEFT JOIN categorie_label AS c ON c.code = u.categorie_juridique
        LEFT JOIN region_of AS r ON r.code = h.departement
        ORDER BY p.siren""").select(list(ENTREPRISES.names))
