"""Tables of a release: what the service knows of the world, column by column.

Every column has a class, which decides who may see it, and a French label, which the service shows as it is.
"""

from __future__ import annotations

from signaux_faibles.domain.data_class import DataClass
from signaux_faibles.schema import Column, Kind, Table

INSEE, URSSAF, INPI, SF = "Insee, Sirene", "Urssaf", "INPI et Banque de France", "Signaux Faibles"
TEXT, INT, REAL, FLAG, DAY = Kind.TEXT, Kind.INTEGER, Kind.DOUBLE, Kind.BOOLEAN, Kind.DATE
SCORE = DataClass.SCORE


def _key(
    name: str, label: str, kind: Kind = TEXT, source: str = INSEE, data_class: DataClass = DataClass.PUBLIC
) -> Column:
    return Column(name, kind, label, source=source, data_class=data_class, nullable=False)


ENTREPRISES = Table(
    "entreprises",
    "une entreprise du périmètre ou déjà scorée",
    ("siren",),
    (
        _key("siren", "SIREN"),
        Column("raison_sociale", TEXT, "Raison sociale", source=INSEE),
        Column("code_naf", TEXT, "Code d'activité (NAF rév. 2)", source=INSEE),
        Column("libelle_naf", TEXT, "Activité principale", source=INSEE),
        Column("code_naf25", TEXT, "Code d'activité (NAF 2025)", source=INSEE),
        Column("section_naf", TEXT, "Section d'activité", source=INSEE),
        Column("libelle_section", TEXT, "Secteur d'activité", source=INSEE),
        Column("categorie_juridique", TEXT, "Catégorie juridique", source=INSEE),
        Column("libelle_categorie_juridique", TEXT, "Forme juridique", source=INSEE),
        Column("date_creation", DAY, "Date de création", source=INSEE),
        Column("siret_siege", TEXT, "SIRET du siège", source=INSEE),
        Column("adresse_siege", TEXT, "Adresse du siège", source=INSEE),
        Column("code_commune", TEXT, "Code de la commune du siège", source=INSEE),
        Column("commune", TEXT, "Commune du siège", source=INSEE),
        Column("departement", TEXT, "Département du siège", source=INSEE),
        Column("region", TEXT, "Région du siège", source=INSEE),
        Column(
            "departements",
            Kind.TEXTS,
            "Départements des établissements actifs",
            explanation="Décide, avec le département du siège, quels agents voient les données confidentielles.",
            source=INSEE,
        ),
        Column("effectif_count", INT, "Effectif", "salariés", explanation="Dernier effectif connu.", source=URSSAF),
        Column("effectif_month", TEXT, "Mois du dernier effectif connu", source=URSSAF),
        Column("etablissements_count", INT, "Établissements", "établissements", source=INSEE),
        Column("etablissements_actifs_count", INT, "Établissements en activité", "établissements", source=INSEE),
        Column("is_active", FLAG, "En activité", source=INSEE),
    ),
)

ETABLISSEMENTS = Table(
    "etablissements",
    "un établissement d'une entreprise de la publication",
    ("siret",),
    (
        _key("siret", "SIRET"),
        _key("siren", "SIREN"),
        Column("is_siege", FLAG, "Siège", source=INSEE),
        Column("adresse", TEXT, "Adresse", source=INSEE),
        Column("code_postal", TEXT, "Code postal", source=INSEE),
        Column("code_commune", TEXT, "Code de la commune", source=INSEE),
        Column("commune", TEXT, "Commune", source=INSEE),
        Column("departement", TEXT, "Département", source=INSEE),
        Column("longitude", REAL, "Longitude", "degrés", source=INSEE),
        Column("latitude", REAL, "Latitude", "degrés", source=INSEE),
        Column("code_naf", TEXT, "Code d'activité (NAF rév. 2)", source=INSEE),
        Column("date_creation", DAY, "Date de création", source=INSEE),
        Column("date_fermeture", DAY, "Date de fermeture", source=INSEE),
        Column("is_active", FLAG, "En activité", source=INSEE),
        Column("effectif_count", INT, "Effectif", "salariés", source=URSSAF),
    ),
)

BOUND = (
    "Intervalle à 90 % du risque d'un tel score ; avec la mention peu_d_informations, il couvre au moins les risques de"
    " neuf entreprises sur dix de la liste."
)
NO_CURVE = "Vide si le modèle ne dit rien de cet horizon."


def _risk(name: str, label: str, explanation: str) -> Column:
    return Column(name, REAL, label, "probabilité", SCORE, explanation, SF)


SCORES = Table(
    "scores",
    "une entreprise scorée, ou écartée du score avec le motif",
    ("siren",),
    (
        _key("siren", "SIREN", data_class=SCORE),
        Column("probability_18m", REAL, "Risque à 18 mois", "probabilité", SCORE, "Probabilité calibrée.", SF),
        _risk("probability_low", "Risque à 18 mois, borne basse", BOUND),
        _risk("probability_high", "Risque à 18 mois, borne haute", BOUND),
        _risk("probability_3m", "Risque à 3 mois", NO_CURVE),
        _risk("probability_6m", "Risque à 6 mois", NO_CURVE),
        _risk("probability_12m", "Risque à 12 mois", NO_CURVE),
        Column("niveau", TEXT, "Niveau d'alerte", "", SCORE, "eleve, modere ou aucun ; vide si écartée.", SF),
        Column("niveau_precedent", TEXT, "Niveau dans la liste précédente", "", SCORE, "", SF),
        Column("probability_precedente", REAL, "Risque dans la liste précédente", "probabilité", SCORE, "", SF),
        Column("is_first_alert", FLAG, "Première alerte", "", SCORE, "Aucune alerte dans une liste antérieure.", SF),
        Column(
            "evolution",
            TEXT,
            "Évolution depuis la liste précédente",
            "",
            SCORE,
            "entree, sortie, aggravation, amelioration, stable ; vide sans liste précédente.",
            SF,
        ),
        Column(
            "exclusion", TEXT, "Motif d'absence de score", "", SCORE, "procedure, hors_perimetre ; vide si scorée.", SF
        ),
        Column(
            "flags",
            Kind.TEXTS,
            "À savoir à côté du niveau",
            "",
            SCORE,
            "creation_recente, delai_en_cours, peu_d_informations ; chacun de la classe que dit le dictionnaire.",
            SF,
        ),
        Column(
            "niveau_avant_regles",
            TEXT,
            "Niveau d'alerte avant les règles d'experts",
            "",
            SCORE,
            "Celui du modèle seul, le même que niveau quand aucune règle n'est appliquée.",
            SF,
        ),
        Column(
            "redressements",
            Kind.TEXTS,
            "Règles d'experts remplies",
            "",
            SCORE,
            "Vide si aucune n'est appliquée ; confidentiel remplace celles que fonde un secret fiscal ; chacune est"
            " de la classe que dit le dictionnaire.",
            SF,
        ),
        Column("etat_procol", TEXT, "Procédure collective connue", "", DataClass.PUBLIC, "", URSSAF),
    ),
)

EXPLICATIONS = Table(
    "explications",
    "un terme de l'explication d'un score",
    ("siren", "rang"),
    (
        _key("siren", "SIREN", data_class=SCORE),
        _key("rang", "Rang", INT, SF, SCORE),
        Column(
            "nature",
            TEXT,
            "Nature de la ligne",
            "",
            SCORE,
            "base, theme, variable ; evolution et evolution_variable depuis la liste précédente ; similaires.",
            SF,
        ),
        Column("theme", TEXT, "Thème", "", SCORE, "Vide pour la base.", SF),
        Column(
            "feature",
            TEXT,
            "Variable de base",
            "",
            SCORE,
            "Réunit les variables du modèle qui disent une même grandeur ; vide pour la base et les thèmes.",
            SF,
        ),
        Column("label", TEXT, "Libellé", "", SCORE, "", SF),
        Column(
            "points",
            REAL,
            "Contribution",
            "probabilité",
            SCORE,
            "0,194 fait 19,4 points ; base et thèmes font le risque ; risque précédent et évolutions aussi.",
            SF,
        ),
        Column(
            "told_by",
            TEXT,
            "Variable du modèle dont viennent la phrase et la valeur",
            "",
            SCORE,
            "Décrite dans la table « features » du dictionnaire.",
            SF,
        ),
        Column("value", REAL, "Valeur de la variable", "", SCORE, "Vide si inconnue.", SF),
        Column("unit", TEXT, "Unité de la valeur", "", SCORE, "", SF),
        Column("sentence", TEXT, "Phrase", "", SCORE, "De la classe de la colonne data_class.", SF),
        Column(
            "comparison",
            TEXT,
            "Comparaison aux entreprises du secteur",
            "",
            SCORE,
            "De la classe de la colonne data_class ; vide s'il n'y a rien de notable, ou moins de 11 valeurs connues.",
            SF,
        ),
        Column(
            "selection",
            TEXT,
            "Raison à lire d'abord",
            "",
            SCORE,
            "preoccupant ou rassurant, cinq variables de base au plus de chaque ; vide pour les autres.",
            SF,
        ),
        Column("direction", TEXT, "Sens", "", SCORE, "hausse ou baisse du risque.", SF),
        Column("data_class", TEXT, "Classe de confidentialité", "", SCORE, "Classe de la source de la variable.", SF),
    ),
)

HISTORIQUE = Table(
    "historique",
    "une entreprise dans une liste publiée",
    ("siren", "list"),
    (
        _key("siren", "SIREN", data_class=SCORE),
        _key("list", "Mois de la liste", TEXT, SF, SCORE),
        Column("niveau", TEXT, "Niveau d'alerte", "", SCORE, "Vide si l'entreprise était écartée du score.", SF),
        Column("probability_18m", REAL, "Risque à 18 mois", "probabilité", SCORE, "", SF),
        Column("threshold_eleve", REAL, "Seuil élevé", "probabilité", SCORE, "", SF),
        Column("threshold_modere", REAL, "Seuil modéré", "probabilité", SCORE, "", SF),
        Column("is_first_alert", FLAG, "Première alerte", "", SCORE, "Ce que disait cette liste.", SF),
        Column(
            "evolution",
            TEXT,
            "Évolution depuis la liste d'avant",
            "",
            SCORE,
            "Ce que disait cette liste, des mêmes mots que dans scores.",
            SF,
        ),
    ),
)

SERIES = Table(
    "series",
    "une série mensuelle d'une entreprise (SIREN) ou d'un établissement (SIRET)",
    ("id", "kind"),
    (
        _key("id", "SIREN ou SIRET", source=URSSAF),
        _key("kind", "Nature de la série", source=URSSAF),
        Column("first_month", INT, "Premier mois", "année x 12 + mois - 1", nullable=False),
        Column("values", Kind.DOUBLES, "Valeurs, une par mois ; vide si inconnue", "selon la nature"),
        Column("data_class", TEXT, "Classe de confidentialité", nullable=False),
    ),
)

SERIES_KINDS: dict[str, tuple[str, str, DataClass]] = {
    "effectif": ("Effectif", "salariés", DataClass.PUBLIC),
    "cotisation": ("Cotisations appelées", "€", DataClass.URSSAF),
    "debit_ouvriere": ("Dette restante, part salariale", "€", DataClass.URSSAF),
    "debit_patronale": ("Dette restante, part patronale", "€", DataClass.URSSAF),
    "delai": ("Montant des délais de paiement en cours", "€", DataClass.URSSAF),
    "ap_autorisee": ("Activité partielle autorisée", "ETP", DataClass.DGEFP),
    "ap_consommee": ("Activité partielle consommée", "ETP", DataClass.DGEFP),
    "retard_paiement": ("Retard moyen de paiement des fournisseurs", "jours", DataClass.ALTARES),
}
"""Kind of a series: French label, unit, class."""

COMPTES = Table(
    "comptes",
    "un exercice publié d'une entreprise",
    ("siren", "exercice"),
    (
        _key("siren", "SIREN", source=INPI),
        _key("exercice", "Date de clôture", DAY, INPI),
        Column(
            "type_bilan", TEXT, "Type de bilan", "", explanation="C complet, S simplifié, K consolidé.", source=INPI
        ),
        Column("chiffre_d_affaires_eur", REAL, "Chiffre d'affaires", "€", source=INPI),
        Column("marge_brute_eur", REAL, "Marge brute", "€", source=INPI),
        Column("ebe_eur", REAL, "Excédent brut d'exploitation", "€", source=INPI),
        Column("ebit_eur", REAL, "Résultat d'exploitation", "€", source=INPI),
        Column("resultat_net_eur", REAL, "Résultat net", "€", source=INPI),
        Column("marge_ebe_pct", REAL, "Marge d'EBE", "%", source=INPI),
        Column("autonomie_financiere_pct", REAL, "Autonomie financière", "%", source=INPI),
        Column("taux_d_endettement_pct", REAL, "Taux d'endettement", "%", source=INPI),
        Column("ratio_de_liquidite_pct", REAL, "Ratio de liquidité", "%", source=INPI),
        Column("credit_fournisseurs_days", REAL, "Délai fournisseurs", "jours", source=INPI),
        Column("credit_clients_days", REAL, "Délai clients", "jours", source=INPI),
    ),
)

PROCEDURES = Table(
    "procedures",
    "un changement d'état d'une procédure collective",
    ("siren", "date", "etat"),
    (
        _key("siren", "SIREN", source=URSSAF),
        _key("date", "Date d'effet", DAY, URSSAF),
        _key("etat", "État", TEXT, URSSAF),
        Column("label", TEXT, "Libellé", source=URSSAF),
        Column("source", TEXT, "Source", source=URSSAF),
    ),
)

SECTEURS = Table(
    "secteurs",
    "la distribution d'un ratio dans une division d'activité, pour un exercice",
    ("division_naf", "ratio", "annee"),
    (
        _key("division_naf", "Division d'activité"),
        _key("ratio", "Ratio (colonne de comptes)", source=INPI),
        _key("annee", "Année de clôture", INT, INPI),
        Column("q10", REAL, "Premier décile", "selon le ratio", source=INPI),
        Column("q25", REAL, "Premier quartile", "selon le ratio", source=INPI),
        Column("q50", REAL, "Médiane", "selon le ratio", source=INPI),
        Column("q75", REAL, "Troisième quartile", "selon le ratio", source=INPI),
        Column("q90", REAL, "Dernier décile", "selon le ratio", source=INPI),
        Column("cohort_count", INT, "Entreprises comparées", "entreprises", source=INPI),
    ),
)

IMPORTS = Table(
    "imports",
    "une source dans un lot",
    ("source", "batch"),
    (
        _key("source", "Source", source=SF),
        _key("batch", "Lot (AAMM)", source=SF),
        Column("rows_count", Kind.BIGINT, "Lignes lues", "lignes", source=SF),
        Column("rejects_count", Kind.BIGINT, "Lignes rejetées", "lignes", source=SF),
        Column("rejects_by_class", TEXT, "Rejets par nature (JSON)", source=SF),
        Column("freshness_month", TEXT, "Dernier mois couvert (AAAA-MM)", source=SF),
    ),
)

DICTIONNAIRE = Table(
    "dictionnaire",
    "une colonne d'une table de la publication, une variable du modèle (table « features »), ou un code d'une colonne"
    " de scores (tables « exclusion », « flags », « redressements »)",
    ("table", "column"),
    (
        _key("table", "Table", source=SF),
        _key("column", "Colonne", source=SF),
        Column("label", TEXT, "Libellé", source=SF),
        Column("unit", TEXT, "Unité", source=SF),
        Column("data_class", TEXT, "Classe de confidentialité", source=SF),
        Column("explanation", TEXT, "Explication", source=SF),
        Column("source", TEXT, "Producteur", source=SF),
    ),
)

TABLES: dict[str, Table] = {
    table.name: table
    for table in (
        ENTREPRISES,
        ETABLISSEMENTS,
        SCORES,
        EXPLICATIONS,
        HISTORIQUE,
        SERIES,
        COMPTES,
        PROCEDURES,
        SECTEURS,
        IMPORTS,
        DICTIONNAIRE,
    )
}
"""Every table of a release, by name, in loading order."""
