"""The declared columns of the panel: the states of a company at the end of a month."""

from __future__ import annotations

from signaux_faibles.domain.data_class import DataClass
from signaux_faibles.panel.grid import PREVIOUS
from signaux_faibles.panel.steps import COMPTES_COLUMNS, PAYDEX_COLUMNS
from signaux_faibles.schema import Column, Kind, Table

INT, LONG, TEXT, REAL = Kind.INTEGER, Kind.BIGINT, Kind.TEXT, Kind.DOUBLE
URSSAF, DGEFP, ALTARES = DataClass.URSSAF, DataClass.DGEFP, DataClass.ALTARES


def _comptes(prefix: str, names: tuple[str, ...], what: str) -> tuple[Column, ...]:
    return tuple(
        Column(
            f"{prefix}{name}",
            LONG if name.endswith("_cents") else REAL,
            f"{what} : {name.rsplit('_', 1)[0].replace('_', ' ')}",
            {"cents": "centimes", "pct": "%", "days": "jours", "ratio": ""}[name.rsplit("_", 1)[1]],
        )
        for name in names
    )


PANEL = Table(
    "panel",
    "une entreprise à la fin d'un mois, avec ce que l'on savait ce jour-là",
    ("siren", "month"),
    (
        Column("siren", TEXT, "SIREN", nullable=False),
        Column("month", INT, "Mois", "année x 12 + mois - 1", nullable=False),
        Column("exclusion", TEXT, "Motif de sortie du périmètre, vide si dedans"),
        Column("etablissements_actifs_count", LONG, "Établissements en activité", "établissements"),
        Column("effectif_count", INT, "Dernier effectif connu", "salariés"),
        Column(
            "effectif_mensuel_count",
            INT,
            "Le même, vide quand ce n'est que celui d'une tranche",
            "salariés",
        ),
        Column("effectif_month", INT, "Mois du dernier effectif connu", "mois"),
        Column("cotisation_3m_cents", LONG, "Cotisations des 3 derniers mois", "centimes", URSSAF),
        Column("cotisation_12m_cents", LONG, "Cotisations des 12 derniers mois", "centimes", URSSAF),
        Column("debit_ouvriere_cents", LONG, "Dette restante, part salariale", "centimes", URSSAF),
        Column("debit_patronale_cents", LONG, "Dette restante, part patronale", "centimes", URSSAF),
        Column("debit_open_count", LONG, "Dettes non soldées", "dettes", URSSAF),
        Column("delai_cents", LONG, "Délais de paiement en cours", "centimes", URSSAF),
        Column("delai_count", LONG, "Délais de paiement en cours", "délais", URSSAF),
        Column("delai_24m_count", LONG, "Délais accordés en 24 mois", "délais", URSSAF),
        Column("ccsf_24m_count", LONG, "Passages en CCSF en 24 mois", "décisions", URSSAF),
        Column("ap_3m_centi_h", LONG, "Activité partielle consommée en 3 mois", "centièmes d'heure", DGEFP),
        Column("ap_12m_centi_h", LONG, "Activité partielle consommée en 12 mois", "centièmes d'heure", DGEFP),
        Column("ap_autorise_centi_h", LONG, "Activité partielle autorisée ce mois", "centièmes d'heure", DGEFP),
        Column("ap_demande_12m_count", LONG, "Demandes d'activité partielle en 12 mois", "demandes", DGEFP),
        Column("paydex_month", INT, "Mois du dernier retard de paiement connu", "mois", ALTARES),
        Column("cloture_month", INT, "Mois de clôture des derniers comptes connus", "mois"),
        *(
            Column(name, REAL if name.endswith("_pct") else LONG, name, name.rsplit("_", 1)[1], ALTARES)
            for name in PAYDEX_COLUMNS
        ),
        *_comptes("", COMPTES_COLUMNS, "Derniers comptes"),
        *_comptes("previous_", PREVIOUS, "Comptes d'un an avant"),
        Column("categorie_juridique", TEXT, "Catégorie juridique"),
        Column("code_naf", TEXT, "Code d'activité (NAF rév. 2)"),
        Column("creation_month", INT, "Mois de création", "mois"),
        Column("departement", TEXT, "Département du siège"),
        Column("etat_procol_code", INT, "Procédure collective connue (0 : in bonis)"),
    ),
)

PROCEEDINGS = Table(
    "proceedings",
    "un mois d'une entreprise en procédure collective, à sa date d'effet",
    ("siren", "month"),
    (
        Column("siren", TEXT, "SIREN", nullable=False),
        Column("month", INT, "Mois", nullable=False),
        Column("etat_procol_code", INT, "État en vigueur", nullable=False),
        Column("is_opening", Kind.BOOLEAN, "Premier mois de la procédure", nullable=False),
    ),
)
