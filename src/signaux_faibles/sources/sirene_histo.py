"""History of establishments in the national register (*Sirene*).

Producer: Insee (StockEtablissementHistorique).
Access: open data.
Grain: one row per establishment and period during which nothing changed.
Cadence: monthly; full stock.
Known from: the month that follows the start of the period, 1900 when it has none.
Traps: a period without any date, or in a state other than open or closed, says nothing and is left out (counted); the
file's own end dates do not always meet the next start; the importer before ours gave its CSV no column name, so the
reference CSV has blank lines only (the JSON lines have everything).
"""

from __future__ import annotations

from signaux_faibles.domain.data_class import DataClass
from signaux_faibles.schema.cell import boolean, date_iso, is_code, raw, siret
from signaux_faibles.schema.source import Convert, Filter, RawColumn, Reference, Source

RAW = ("siret", "dateDebut", "dateFin", "etatAdministratifEtablissement", "changementEtatAdministratifEtablissement")
STATE = raw("etatAdministratifEtablissement")

SOURCE = Source(
    name="sirene_histo",
    label="Historique des établissements",
    producer="Insee, Sirene",
    data_class=DataClass.PUBLIC,
    file_pattern=r"StockEtablissementHistorique_utf8(\.csv|\.parquet|(?=\.zip))",
    formats=("text", "parquet"),
    separator=",",
    grain="une période d'un établissement",
    raw_columns=tuple(RawColumn(name) for name in RAW),
    fields=(
        *siret("siret"),
        date_iso("date_debut", "dateDebut", "Début de la période", is_mandatory=False),
        date_iso("date_fin", "dateFin", "Fin de la période", is_mandatory=False),
        is_code("is_active", "etatAdministratifEtablissement", "A", "Ouvert pendant la période"),
        boolean(
            "is_changement_actif",
            "changementEtatAdministratifEtablissement",
            "La période ouvre ou ferme l'établissement",
        ),
    ),
    filters=(
        Filter("sans_date", f"{raw('dateDebut')} = '' AND {raw('dateFin')} = ''"),
        Filter("etat_inconnu", f"{STATE} NOT IN ('A', 'F')"),
    ),
    known_from="coalesce(last_day(date_debut + INTERVAL 1 MONTH), DATE '1900-01-01')",
    freshness="year(date_debut) * 12 + month(date_debut) - 1",
    reference=(
        Reference("", "siret", "siret"),
        Reference("", "date_debut", "dateDebut", Convert.DATE_ISO_OR_NULL),
        Reference("", "date_fin", "dateFin", Convert.DATE_ISO_OR_NULL),
        Reference("", "est_actif", "etatAdministratifEtablissement"),
        Reference("", "changement_statut_actif", "changementEtatAdministratifEtablissement", Convert.BOOLEAN),
    ),
)
