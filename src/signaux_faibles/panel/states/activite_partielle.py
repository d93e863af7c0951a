"""Short-time work: hours consumed, hours authorised, requests."""

from __future__ import annotations

from signaux_faibles.domain.data_class import DataClass
from signaux_faibles.panel.as_of import Step, interval_deltas, month_of_sql, window_deltas
from signaux_faibles.panel.states.declare import Family, Sums
from signaux_faibles.schema import Column, Kind

MOTIFS = {
    "ap_economique_12m_centi_h": "motif = 1",
    "ap_approvisionnement_12m_centi_h": "motif = 2",
    "ap_restructuration_12m_centi_h": "motif = 4",
    "ap_exceptionnel_12m_centi_h": "motif IN (3, 5)",
    "ap_special_12m_centi_h": "motif >= 6",
}
"""Hours authorised by motive: economic situation, supplies, restructuring; disaster or other exceptional circumstances;
those created later, which mean other things."""

AUTHORISED_MONTHS = 12

CONSUMED_WINDOWS = {"ap_1m_centi_h": 1, "ap_3m_centi_h": 3, "ap_12m_centi_h": 12}


def steps(absent: frozenset[str]) -> list[Step]:
    """Hours consumed over the last months of data, hours authorised this month, requests of the year."""
    months_count = f"({month_of_sql('date_fin')} - {month_of_sql('date_debut')} + 1)"
    valid = "date_fin >= date_debut AND heures_centi IS NOT NULL"
    by_month = Step(
        "ap_autorise_monthly",
        f"""
        SELECT d.siren AS siren, m.t AS month, d.heures_centi // {months_count} AS hours, d.motif AS motif,
            d.known_month AS known_month, d.until_month AS until_month
        FROM v_apdemande AS d
        JOIN months AS m ON m.t >= {month_of_sql("date_debut")} AND m.t <= {month_of_sql("date_fin")}
        WHERE {valid}""",
    )
    return [
        *window_deltas("d_ap", "v_apconso", amount="COALESCE(heures_centi, 0)", columns=CONSUMED_WINDOWS),
        interval_deltas(
            "d_ap_autorise",
            "v_apdemande",
            start=month_of_sql("date_debut"),
            stop=f"{month_of_sql('date_fin')} + 1",
            amounts={"ap_autorise_centi_h": f"heures_centi // {months_count}"},
            where=valid,
        ),
        by_month,
        interval_deltas(
            "d_ap_autorise_12m",
            "ap_autorise_monthly",
            start="month + 1",
            stop=f"month + {AUTHORISED_MONTHS + 1}",
            amounts={"ap_autorise_12m_centi_h": "hours"}
            | {column: f"CASE WHEN {motive} THEN hours ELSE 0 END" for column, motive in MOTIFS.items()},
        ),
        interval_deltas(
            "d_ap_demande",
            "v_apdemande",
            start="known_month",
            stop=f"{month_of_sql('date_statut')} + 12",
            amounts={"ap_demande_12m_count": "1"},
            where="date_statut IS NOT NULL",
        ),
    ]


def _column(name: str, label: str, unit: str) -> Column:
    return Column(name, Kind.BIGINT, label, unit, DataClass.DGEFP)


def _motive(column: str) -> str:
    return f"motif {column.split('_')[1]}"


ACTIVITE_PARTIELLE = Family(
    name="activite_partielle",
    reads={
        "apconso": "siren, month, heures_centi",
        "apdemande": "siren, date_statut, date_debut, date_fin, heures_centi, motif",
    },
    steps=steps,
    columns=(
        _column("ap_1m_centi_h", "Activité partielle consommée le dernier mois", "centièmes d'heure"),
        _column("ap_3m_centi_h", "Activité partielle consommée en 3 mois", "centièmes d'heure"),
        _column("ap_12m_centi_h", "Activité partielle consommée en 12 mois", "centièmes d'heure"),
        _column("ap_autorise_centi_h", "Activité partielle autorisée ce mois", "centièmes d'heure"),
        _column("ap_autorise_12m_centi_h", "Activité partielle autorisée en 12 mois", "centièmes d'heure"),
        *(_column(name, f"La même, {_motive(name)}", "centièmes d'heure") for name in MOTIFS),
        _column("ap_demande_12m_count", "Demandes d'activité partielle en 12 mois", "demandes"),
    ),
    sums=(
        Sums("d_ap", tuple(CONSUMED_WINDOWS), "apconso"),
        Sums("d_ap_autorise", ("ap_autorise_centi_h",), "apdemande"),
        Sums("d_ap_autorise_12m", ("ap_autorise_12m_centi_h", *MOTIFS), "apdemande"),
        Sums("d_ap_demande", ("ap_demande_12m_count",), "apdemande"),
    ),
    needs_months={"apconso": f"month >= {{since}} - {max(CONSUMED_WINDOWS.values())}"},
)
