"""Payment plans granted on unpaid contributions (*delai*: time to pay, not a lateness).

Producer: Urssaf Caisse nationale.
Access: confidential file deposited every month.
Grain: one row per plan, stage and action.
Cadence: monthly.
Known from: the month that follows the creation of the plan.
Traps: dates are written DD/MM/YYYY whatever the notice says; an unreadable duration is left empty and reported (the
importer before ours made it 0); the schedule is in euros with a decimal comma.
"""

from __future__ import annotations

from dataclasses import replace

from signaux_faibles.domain.data_class import DataClass
from signaux_faibles.schema.cell import date_fr, hundredths, integer, raw, siret, text
from signaux_faibles.schema.source import Convert, RawColumn, Reference, Source

RAW = (
    "Siret",
    "Numero_compte_externe",
    "Numero_structure",
    "Date_creation",
    "Date_echeance",
    "Duree_delai",
    "Denomination_premiere_ligne",
    "Indic_6M",
    "Annee_creation",
    "Montant_global_echeancier",
    "Code_externe_stade",
    "Code_externe_action",
)

DUREE = integer("duree_days", "Duree_delai", "Durée du délai", unit="jours", drops_row=False)

SOURCE = Source(
    name="delai",
    label="Délais de paiement Urssaf",
    producer="Urssaf",
    data_class=DataClass.URSSAF,
    file_pattern=r"sigfaible_delais\.csv",
    separator=";",
    grain="un délai de paiement accordé à un compte, à un stade",
    raw_columns=tuple(RawColumn(name) for name in RAW),
    fields=(
        *siret(),
        text("compte", "Numero_compte_externe", "Compte Urssaf"),
        text("numero_contentieux", "Numero_structure", "Numéro de contentieux"),
        date_fr("date_creation", "Date_creation", "Date de création du délai"),
        date_fr("date_echeance", "Date_echeance", "Échéance du délai"),
        replace(DUREE, compat_sql=f"CASE WHEN {raw('Duree_delai')} <> '' THEN coalesce({DUREE.sql}, 0) END"),
        text("denomination", "Denomination_premiere_ligne", "Dénomination"),
        text("indic_6m", "Indic_6M", "Durée inférieure ou supérieure à six mois"),
        integer("annee_creation", "Annee_creation", "Année de création"),
        hundredths("montant_cents", "Montant_global_echeancier", "Montant de l'échéancier"),
        text("stade", "Code_externe_stade", "Stade"),
        text("action", "Code_externe_action", "Action"),
    ),
    known_from="last_day(date_creation + INTERVAL 1 MONTH)",
    freshness="year(date_creation) * 12 + month(date_creation) - 1",
    reference=(
        Reference("siret", "siret", "Siret"),
        Reference("numéro_compte", "numero_compte", "Numero_compte_externe"),
        Reference("numéro_contentieux", "numero_contentieux", "Numero_structure"),
        Reference("date_création", "date_creation", "Date_creation", Convert.DATE_FR),
        Reference("date_échéance", "date_echeance", "Date_echeance", Convert.DATE_FR),
        Reference("durée_délai", "duree_delai", "Duree_delai", Convert.INTEGER),
        Reference("dénomination", "denomination", "Denomination_premiere_ligne"),
        Reference("indic_6mois", "indic_6m", "Indic_6M"),
        Reference("année_création", "annee_creation", "Annee_creation", Convert.INTEGER),
        Reference("montant_échéancier", "montant_echeancier", "Montant_global_echeancier", Convert.COMMA_FLOAT),
        Reference("stade", "stade", "Code_externe_stade"),
        Reference("action", "action", "Code_externe_action"),
    ),
)
