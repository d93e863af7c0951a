"""Social contributions due and paid, by establishment and period (*cotisation*).

Producer: Urssaf Caisse nationale.
Access: confidential file deposited every month.
Grain: one row per establishment, Urssaf account and contribution period (month, quarter or year).
Cadence: monthly, around the 20th, on the previous month.
Known from: the month that follows the period.
Traps: amounts in euros with a decimal comma; a year given as one period sits on its last month for what was known; the
period code runs over into other years if its quarter is not checked; a quote inside a cell is data, not syntax.
"""

from __future__ import annotations

from signaux_faibles.domain.data_class import DataClass
from signaux_faibles.schema.cell import hundredths, periode, siret, text
from signaux_faibles.schema.source import Convert, RawColumn, Reference, Source

SOURCE = Source(
    name="cotisation",
    label="Cotisations sociales",
    producer="Urssaf",
    data_class=DataClass.URSSAF,
    file_pattern=r"sigfaible_cotisdues\.csv",
    separator=";",
    has_lazy_quotes=True,
    grain="un compte Urssaf d'un établissement sur une période de cotisation",
    raw_columns=tuple(RawColumn(name) for name in ("Siret", "Compte", "periode", "enc_direct", "cotis_due")),
    fields=(
        *siret(),
        text("compte", "Compte", "Compte Urssaf"),
        *periode("periode"),
        hundredths("encaisse_cents", "enc_direct", "Cotisations encaissées"),
        hundredths("du_cents", "cotis_due", "Cotisations dues"),
    ),
    known_from="last_day(make_date(end_month // 12, end_month % 12 + 1, 1))",
    freshness="end_month - 1",
    reference=(
        Reference("siret", "siret", "Siret"),
        Reference("numéro_compte", "numero_compte", "Compte"),
        Reference("période_début", "periode_debut", "periode", Convert.PERIODE),
        Reference("période_fin", "periode_fin"),
        Reference("encaissé", "encaisse", "enc_direct", Convert.COMMA_FLOAT),
        Reference("du", "du", "cotis_due", Convert.COMMA_FLOAT),
    ),
)
