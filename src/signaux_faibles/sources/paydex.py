"""How late companies pay their suppliers (*Paydex* and related scores).

Producer: Altares.
Access: confidential monthly file, under contract.
Grain: one row per company and month.
Cadence: monthly; each file adds to the earlier ones.
Known from: the month that follows the value date.
Traps: ISO-8859-15 text; columns known by their rank only; a closing line announces the number of rows, and one that
is wrong is reported; shares that fall out of 0 to 100 are brought back to these bounds; the same row sent again is
counted and dropped.
"""

from __future__ import annotations

from dataclasses import replace

from signaux_faibles.domain.data_class import DataClass
from signaux_faibles.schema.cell import date_iso, decimal, hundredths, integer, siren, text
from signaux_faibles.schema.source import Convert, Field, RawColumn, Reference, Source


def _share(name: str, cell: str, label: str) -> Field:
    """A share in per cent; Altares computes some a little out of bounds."""
    field = decimal(name, cell, label, unit="%")
    # `least` and `greatest` pass over a NULL: without the condition, an unknown share would be 0.
    return replace(field, sql=f"CASE WHEN ({field.sql}) IS NOT NULL THEN least(greatest({field.sql}, 0.0), 100.0) END")


SOURCE = Source(
    name="paydex",
    label="Retards de paiement aux fournisseurs",
    producer="Altares",
    data_class=DataClass.ALTARES,
    file_pattern=r"altares_mensuel_[0-9]{6}\.csv",
    separator=";",
    encoding="iso-8859-15",
    is_flow=True,
    trailer=r"Fin du fichier : total ([0-9]+) ligne\(s\)",
    grain="une entreprise à une date de valeur",
    raw_columns=(
        RawColumn("siren", position=1),
        RawColumn("etat_organisation", position=18),
        RawColumn("code_paydex", position=21),
        RawColumn("nbr_jrs_retard", position=22),
        RawColumn("nbr_fournisseurs", position=23),
        RawColumn("encours_etudies", position=24),
        RawColumn("note_100_alerteur_plus_30", position=26),
        RawColumn("note_100_alerteur_plus_90_jours", position=27),
        RawColumn("date_valeur", position=30),
    ),
    fields=(
        siren(),
        text("etat_organisation", "etat_organisation", "État de l'organisation"),
        text("code_paydex", "code_paydex", "Code Paydex"),
        integer("retard_days", "nbr_jrs_retard", "Retard moyen de paiement", unit="jours"),
        integer("fournisseurs_count", "nbr_fournisseurs", "Fournisseurs interrogés", unit="fournisseurs"),
        hundredths("encours_cents", "encours_etudies", "Encours étudiés"),
        _share("fpi_30_pct", "note_100_alerteur_plus_30", "Part des encours en retard de plus de 30 jours"),
        _share("fpi_90_pct", "note_100_alerteur_plus_90_jours", "Part des encours en retard de plus de 90 jours"),
        date_iso("date_valeur", "date_valeur", "Date de valeur"),
    ),
    known_from="last_day(date_valeur + INTERVAL 1 MONTH)",
    freshness="year(date_valeur) * 12 + month(date_valeur) - 1",
    reference=(
        Reference("siren", "siren", "siren"),
        Reference("état_organisation", "etat_organisation", "etat_organisation"),
        Reference("code_paydex", "code_paydex", "code_paydex"),
        Reference("nbr_jrs_retard", "nbr_jrs_retard", "nbr_jrs_retard", Convert.INTEGER),
        Reference("nbr_fournisseurs", "nbr_fournisseurs", "nbr_fournisseurs", Convert.INTEGER),
        Reference("encours_étudiés", "encours_etudies", "encours_etudies", Convert.COMMA_FLOAT),
        Reference(
            "note_100_alerteur_plus_30", "note_100_alerteur_plus_30", "note_100_alerteur_plus_30", Convert.COMMA_FLOAT
        ),
        Reference(
            "note_100_alerteur_plus_90_jours",
            "note_100_alerteur_plus_90_jours",
            "note_100_alerteur_plus_90_jours",
            Convert.COMMA_FLOAT,
        ),
        Reference("date_valeur", "date_valeur", "date_valeur", Convert.DATE_ISO),
    ),
)
