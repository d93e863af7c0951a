"""Annual accounts: a few amounts and the ratios computed from them (*comptes*).

Producer: INPI, ratios computed by the Banque de France and the Bureau central des exercices (open data).
Access: public data set `ratios_inpi_bce`.
Grain: one row per company, closing date and type of account (complete, simplified, consolidated).
Cadence: continuous; full export.
Known from: the seventh month that follows the closing, by which most companies have filed.
Traps: decimal comma or dot; dates `YYYYMMDD` or ISO; a bad ratio is left empty and reported without losing the account
(the importer before ours inserted an empty row); about a quarter of companies never file or file in confidence.
"""

from __future__ import annotations

from signaux_faibles.domain.data_class import DataClass
from signaux_faibles.schema.cell import date_iso_or_compact, decimal, hundredths, siren, text
from signaux_faibles.schema.source import Convert, RawColumn, Reference, Source

AMOUNTS = {
    "chiffre_d_affaires": "Chiffre d'affaires",
    "marge_brute": "Marge brute",
    "ebe": "Excédent brut d'exploitation",
    "ebit": "Résultat d'exploitation",
    "resultat_net": "Résultat net",
}

RATIOS = {
    "taux_d_endettement": ("taux_d_endettement_pct", "Taux d'endettement", "%"),
    "ratio_de_liquidite": ("ratio_de_liquidite_pct", "Ratio de liquidité", "%"),
    "ratio_de_vetuste": ("ratio_de_vetuste_pct", "Ratio de vétusté", "%"),
    "autonomie_financiere": ("autonomie_financiere_pct", "Autonomie financière", "%"),
    "poids_bfr_exploitation_sur_ca": (
        "poids_bfr_exploitation_sur_ca_pct",
        "Poids du BFR d'exploitation sur le CA",
        "%",
    ),
    "couverture_des_interets": ("couverture_des_interets_pct", "Couverture des intérêts", "%"),
    "caf_sur_ca": ("caf_sur_ca_pct", "Capacité d'autofinancement sur le CA", "%"),
    "capacite_de_remboursement": ("capacite_de_remboursement_ratio", "Capacité de remboursement", ""),
    "marge_ebe": ("marge_ebe_pct", "Marge d'EBE", "%"),
    "resultat_courant_avant_impots_sur_ca": (
        "resultat_courant_avant_impots_sur_ca_pct",
        "Résultat courant avant impôts sur le CA",
        "%",
    ),
    "poids_bfr_exploitation_sur_ca_jours": (
        "poids_bfr_exploitation_sur_ca_days",
        "Poids du BFR d'exploitation en jours de CA",
        "jours",
    ),
    "rotation_des_stocks_jours": ("rotation_des_stocks_days", "Rotation des stocks", "jours"),
    "credit_clients_jours": ("credit_clients_days", "Crédit clients", "jours"),
    "credit_fournisseurs_jours": ("credit_fournisseurs_days", "Crédit fournisseurs", "jours"),
}

SOURCE = Source(
    name="comptes",
    label="Comptes annuels",
    producer="INPI et Banque de France",
    data_class=DataClass.PUBLIC,
    file_pattern=r"ratios_inpi_bce\.csv",
    separator=";",
    grain="un exercice d'une entreprise, par type de comptes",
    raw_columns=tuple(RawColumn(name) for name in ("siren", "date_cloture_exercice", *AMOUNTS, *RATIOS, "type_bilan")),
    fields=(
        siren(),
        date_iso_or_compact("date_cloture", "date_cloture_exercice", "Date de clôture de l'exercice"),
        *(hundredths(f"{name}_cents", name, label, drops_row=False) for name, label in AMOUNTS.items()),
        *(decimal(staged, name, label, unit=unit, drops_row=False) for name, (staged, label, unit) in RATIOS.items()),
        text("type_bilan", "type_bilan", "Type de comptes"),
    ),
    known_from="last_day(date_cloture + INTERVAL 7 MONTH)",
    freshness="year(date_cloture) * 12 + month(date_cloture) - 1",
    reference=(
        Reference("siren", "siren", "siren"),
        Reference("date_cloture_exercice", "date_cloture_exercice", "date_cloture_exercice", Convert.DATE_COMPACT),
        *(Reference(name, name, name, Convert.COMMA_FLOAT) for name in (*AMOUNTS, *RATIOS)),
        Reference("type_bilan", "type_bilan", "type_bilan"),
    ),
)
