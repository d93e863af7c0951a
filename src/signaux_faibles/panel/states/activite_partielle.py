"""Short-time work: hours consumed, hours authorised, requests."""

from __future__ import annotations

from signaux_faibles.domain.data_class import DataClass
from signaux_faibles.panel.as_of import Step, interval_deltas, month_of_sql, window_deltas
from signaux_faibles.panel.states.declare import Family, Sums
from signaux_faibles.schema import Column, Kind

CONSUMED_WINDOWS = {"ap_3m_centi_h": 3, "ap_12m_centi_h": 12}


def steps(absent: frozenset[str]) -> list[Step]:
    """Hours consumed over the last months of data, hours authorised this month, requests of the year."""
    months_count = f"({month_of_sql('date_fin')} - {month_of_sql('date_debut')} + 1)"
    valid = "date_fin >= date_debut AND heures_centi IS NOT NULL"
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


ACTIVITE_PARTIELLE = Family(
    name="activite_partielle",
    reads={
        "apconso": "siren, month, heures_centi",
        "apdemande": "siren, date_statut, date_debut, date_fin, heures_centi",
    },
    steps=steps,
    columns=(
        _column("ap_3m_centi_h", "Activité partielle consommée en 3 mois", "centièmes d'heure"),
        _column("ap_12m_centi_h", "Activité partielle consommée en 12 mois", "centièmes d'heure"),
        _column("ap_autorise_centi_h", "Activité partielle autorisée ce mois", "centièmes d'heure"),
        _column("ap_demande_12m_count", "Demandes d'activité partielle en 12 mois", "demandes"),
    ),
    sums=(
        Sums("d_ap", tuple(CONSUMED_WINDOWS), "apconso"),
        Sums("d_ap_autorise", ("ap_autorise_centi_h",), "apdemande"),
        Sums("d_ap_demande", ("ap_demande_12m_count",), "apdemande"),
    ),
    needs_months={"apconso": f"month >= {{since}} - {max(CONSUMED_WINDOWS.values())}"},
)
