"""History of unpaid contributions (*debit*: an unpaid contribution, not an account entry).

Producer: Urssaf Caisse nationale.
Access: confidential file deposited every month.
Grain: one row per operation on a negative discrepancy (*écart négatif*) of an account and a period.
Cadence: monthly, around the 20th.
Known from: the month that follows the operation.
Traps: amounts in cents, and each row is the new balance after the operation, not a change; a blank amount is a fault
(the importer before ours crashed on it); the history number may be missing; when an establishment moves, its rows are
re-attributed to the successor in later files.
"""

from __future__ import annotations

from signaux_faibles.domain.data_class import DataClass
from signaux_faibles.schema.cell import boolean, date_urssaf, hundredths, integer, periode, siret, text
from signaux_faibles.schema.source import Convert, RawColumn, Reference, Source

RAW = (
    "Siret",
    "num_cpte",
    "Num_Ecn",
    "Dt_trt_ecn",
    "Mt_PO",
    "Mt_PP",
    "Num_Hist_Ecn",
    "Etat_cpte",
    "Cd_pro_col",
    "Periode",
    "Cd_op_ecn",
    "Motif_ecn",
    "Recours_en_cours",
)

SOURCE = Source(
    name="debit",
    label="Débits Urssaf",
    producer="Urssaf",
    data_class=DataClass.URSSAF,
    file_pattern=r"sigfaible_debits\.csv",
    separator=";",
    grain="une opération sur un écart négatif d'un compte Urssaf et d'une période",
    raw_columns=tuple(RawColumn(name) for name in RAW),
    fields=(
        *siret(),
        text("compte", "num_cpte", "Compte Urssaf"),
        text("numero_ecart", "Num_Ecn", "Numéro de l'écart négatif"),
        integer("numero_historique", "Num_Hist_Ecn", "Rang de l'opération dans l'écart"),
        date_urssaf("date_traitement", "Dt_trt_ecn", "Date de l'opération"),
        hundredths("part_ouvriere_cents", "Mt_PO", "Part ouvrière", has_comma=False, is_whole=True, is_mandatory=True),
        hundredths(
            "part_patronale_cents", "Mt_PP", "Part patronale", has_comma=False, is_whole=True, is_mandatory=True
        ),
        integer("etat_compte", "Etat_cpte", "État du compte"),
        text("code_procol", "Cd_pro_col", "Code de procédure collective"),
        *periode("Periode"),
        text("code_operation", "Cd_op_ecn", "Code de l'opération"),
        text("code_motif", "Motif_ecn", "Code du motif"),
        boolean("is_recours", "Recours_en_cours", "Recours en cours"),
    ),
    known_from="last_day(date_traitement + INTERVAL 1 MONTH)",
    freshness="year(date_traitement) * 12 + month(date_traitement) - 1",
    reference=(
        Reference("siret", "siret", "Siret"),
        Reference("numéro_compte", "numero_compte", "num_cpte"),
        Reference("numéro_écart_négatif", "numero_ecart_negatif", "Num_Ecn"),
        Reference("date_traitement", "date_traitement", "Dt_trt_ecn", Convert.DATE_URSSAF),
        Reference("période_prise_en_compte", "periode_prise_en_compte"),
        Reference("part_ouvrière", "part_ouvriere", "Mt_PO", Convert.CENTS),
        Reference("part_patronale", "part_patronale", "Mt_PP", Convert.CENTS),
        Reference("numéro_historique_écart_négatif", "numero_historique", "Num_Hist_Ecn", Convert.INTEGER),
        Reference("état_compte", "etat_compte", "Etat_cpte", Convert.INTEGER),
        Reference("code_procédure_collective", "code_procedure_collective", "Cd_pro_col"),
        Reference("période_début", "periode_debut", "Periode", Convert.PERIODE),
        Reference("période_fin", "periode_fin"),
        Reference("code_opération_écart_négatif", "code_operation_ecart_negatif", "Cd_op_ecn"),
        Reference("code_motif_écart_négatif", "code_motif_ecart_negatif", "Motif_ecn"),
        Reference("recours", "recours_en_cours", "Recours_en_cours", Convert.BOOLEAN),
        Reference("debit_id", "DebitID"),
    ),
)
