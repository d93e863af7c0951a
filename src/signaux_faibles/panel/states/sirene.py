"""What the register says: establishments, legal unit, head office."""

from __future__ import annotations

from signaux_faibles.panel.as_of import Step, best_alive, latest_state_deltas, month_of_sql
from signaux_faibles.panel.states.declare import Family, Sums
from signaux_faibles.schema import Column, Kind

PUBLICATION_MONTHS = 1
"""Months between the closing of an establishment and the file that tells it."""

UNIT = ("categorie_juridique", "code_naf", "date_creation", "tranche_effectif", "annee_effectif")


def steps(absent: frozenset[str]) -> list[Step]:
    """Establishments, legal unit, and where it is: its head office when one is known, else its oldest establishment.

    Sirene's stock names the head office of today only: the months before a move would otherwise have none.
    """
    located = Step("located", "SELECT *, CASE WHEN is_siege THEN 0 ELSE 1 END AS siege_rank FROM v_sirene")
    return [
        *_etablissements(has_history="sirene_histo" not in absent),
        *best_alive(
            "s_unite",
            "v_sirene_ul",
            columns=UNIT,
            best_first="o.known_month DESC, o.code_naf, o.categorie_juridique, o.date_creation, o.tranche_effectif,"
            " o.annee_effectif",
        ),
        located,
        *best_alive(
            "s_siege",
            "located",
            columns=("departement",),
            best_first="o.siege_rank, o.known_month, o.siret, o.departement",
        ),
    ]


def _etablissements(*, has_history: bool) -> list[Step]:
    """Active establishments: the last known period of each, from Sirene's history, or else from its stock.

    The stock names the current period only: an establishment is then open from its creation to the start of the period
    in which it is closed.
    """
    periods = """
        SELECT siren, siret, COALESCE(date_debut, DATE '1900-01-01') AS debut, CAST(is_active AS INTEGER) AS active,
            known_month, until_month
        FROM v_sirene_histo"""
    if not has_history:
        closed = f"{month_of_sql('date_debut')} + {PUBLICATION_MONTHS}"
        periods = f"""
        SELECT siren, siret, COALESCE(date_creation, DATE '1900-01-01') AS debut, 1 AS active,
            known_month, until_month
        FROM v_sirene
        UNION ALL
        SELECT siren, siret, COALESCE(date_debut, date_creation, DATE '1900-01-01') AS debut, 0 AS active,
            CASE WHEN date_debut IS NULL THEN known_month ELSE GREATEST(known_month, {closed}) END AS known_month,
            until_month
        FROM v_sirene WHERE NOT is_active"""
    return [
        Step("histo", f"SELECT * FROM ({periods}) AS periods WHERE known_month < until_month"),
        *latest_state_deltas(
            "d_etablissements",
            "histo",
            entity=("siret",),
            latest_first="o.debut DESC, o.active DESC" if has_history else "o.debut DESC, o.active",
            values={"etablissements_actifs_count": "o.active"},
            is_clipped=False,
        ),
    ]


SIRENE = Family(
    name="sirene",
    reads={
        "sirene": "siren, siret, is_siege, departement, date_creation, date_debut, is_active",
        "sirene_ul": "siren, categorie_juridique, code_naf, date_creation, tranche_effectif, annee_effectif",
        "sirene_histo": "siren, siret, date_debut, is_active",
    },
    steps=steps,
    columns=(
        Column("first_active_month", Kind.INTEGER, "Premier mois d'activité connu", "mois"),
        Column("etablissements_actifs_count", Kind.BIGINT, "Établissements en activité", "établissements"),
        Column("categorie_juridique", Kind.TEXT, "Catégorie juridique"),
        Column("code_naf", Kind.TEXT, "Code d'activité (NAF rév. 2)"),
        Column("creation_month", Kind.INTEGER, "Mois de création", "mois"),
        Column("departement", Kind.TEXT, "Département du siège"),
    ),
    sums=(Sums("d_etablissements", ("etablissements_actifs_count",), is_sparse=False),),
)
