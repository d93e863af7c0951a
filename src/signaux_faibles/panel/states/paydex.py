"""Supplier payment delays: the latest monthly value known."""

from __future__ import annotations

from signaux_faibles.domain.data_class import DataClass
from signaux_faibles.panel.as_of import Step, best_alive, month_of_sql, pointer
from signaux_faibles.panel.states.declare import Family, Latest
from signaux_faibles.panel.states.ties import highest_first
from signaux_faibles.schema import Column, Kind

PAYDEX_COLUMNS = ("retard_days", "fournisseurs_count", "encours_cents", "fpi_30_pct", "fpi_90_pct")
MAX_AGE_MONTHS = 6


def steps(absent: frozenset[str]) -> list[Step]:
    """Values as known, and the latest of them."""
    monthly = Step("paydex_monthly", f"SELECT *, {month_of_sql('date_valeur')} AS month FROM v_paydex")
    first = f"o.known_month DESC, o.date_valeur DESC, {highest_first(PAYDEX_COLUMNS)}"
    return [
        monthly,
        *best_alive("s_paydex", "paydex_monthly", key=("siren", "month"), columns=PAYDEX_COLUMNS, best_first=first),
        *pointer("d_paydex", "s_paydex", month="month"),
    ]


PAYDEX = Family(
    name="paydex",
    reads={"paydex": "siren, date_valeur, " + ", ".join(PAYDEX_COLUMNS)},
    steps=steps,
    columns=(
        Column("paydex_month", Kind.INTEGER, "Mois du dernier retard de paiement connu", "mois", DataClass.ALTARES),
        *(
            Column(
                name,
                Kind.DOUBLE if name.endswith("_pct") else Kind.BIGINT,
                name,
                name.rsplit("_", 1)[1],
                DataClass.ALTARES,
            )
            for name in PAYDEX_COLUMNS
        ),
    ),
    latest=(
        Latest(
            pointer="paydex_month",
            deltas="d_paydex",
            table="s_paydex",
            month="month",
            columns=PAYDEX_COLUMNS,
            max_age_months=MAX_AGE_MONTHS,
        ),
    ),
    needs_months={"paydex": f"{month_of_sql('date_valeur')} >= {{since}} - {{history}} AND until_month > {{since}}"},
)
