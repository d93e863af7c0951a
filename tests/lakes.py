"""Lakes made by hand: staged rows written as the importer writes them, without raw files."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.parquet as pq

from signaux_faibles.domain.periode import batch_key, first_day, last_day, parse_month
from signaux_faibles.ingest.manifest import InputFile, SourceReport, schema_hash
from signaux_faibles.lake import Lake, open_lake
from signaux_faibles.sources import SOURCES

Row = dict[str, Any]

SIREN = "900000004"
"""An invented company: its Luhn key is wrong."""

WITHDRAWN = pa.schema([("row_batch", pa.int32()), ("row_id", pa.int64())])


def m(text: str) -> int:
    """Month `YYYY-MM`."""
    return parse_month(text)


def day(text: str) -> date:
    """Date `YYYY-MM-DD`."""
    return date.fromisoformat(text)


def new_lake(root: Path, *, profile: str | None = None) -> Lake:
    """An empty synthetic lake."""
    return open_lake(root, create_synthetic=True, profile=profile)


def stage(lake: Lake, source: str, batch: int, rows: Sequence[Row], withdrawn: Sequence[tuple[int, int]] = ()) -> None:
    """Write a batch of a source; columns not given are null, `known_from` must be.

    Parameters
    ----------
    withdrawn : sequence of (month of batch, row id)
    """
    declared = SOURCES[source]
    folder = lake.staged(source, batch)
    folder.mkdir(parents=True)
    schema = pa.schema([pa.field(c.name, c.kind.arrow) for c in declared.staged])
    full = [{**dict.fromkeys(schema.names), **row, "row_id": rank} for rank, row in enumerate(rows)]
    pq.write_table(pa.Table.from_pylist(full, schema=schema), folder / "part-0000.parquet")
    gone = [{"row_batch": month, "row_id": rank} for month, rank in withdrawn]
    pq.write_table(pa.Table.from_pylist(gone, schema=WITHDRAWN), folder / "withdrawn.parquet")
    report = SourceReport(
        source=source,
        batch=batch_key(batch),
        files=(InputFile("hand-made", str(hash((repr(full), repr(gone)))), 0),),
        schema_hash=schema_hash(declared),
        read=len(rows),
        accepted=len(rows),
        rejected=0,
        filtered=0,
        staged=len(rows),
        appeared=len(rows),
        withdrawn=len(gone),
        repeated=0,
        fakes=0,
        transcoded=0,
        freshness_month=None,
    )
    (folder / "manifest.json").write_text(report.to_json(), encoding="utf-8")


def known_at_end_of(month: int) -> date:
    """`known_from` of a row known at the end of a month."""
    return last_day(month)


def a_company(siren: str = SIREN, *, effectif: int = 20, until: str = "2026-12") -> dict[str, list[Row]]:
    """A plain company in perimeter since 2014: identity, one establishment, a constant headcount, nothing else.

    No filter is given: an empty one would ask for nobody.
    """
    siret = f"{siren}00011"
    months = range(m("2014-01"), m(until) + 1)
    nothing: dict[str, list[Row]] = {source: [] for source in SOURCES if source != "filter"}
    return nothing | {
        "sirene": [
            {"siren": siren, "siret": siret, "is_siege": True, "departement": "75", "known_from": day("2005-03-01")}
        ],
        "sirene_ul": [
            {
                "siren": siren,
                "raison_sociale": "ATELIERS INVENTES",
                "categorie_juridique": "5710",
                "code_naf": "25.62B",
                "date_creation": day("2005-03-01"),
                "known_from": day("2005-03-01"),
            }
        ],
        "sirene_histo": [
            {
                "siren": siren,
                "siret": siret,
                "date_debut": day("2005-03-01"),
                "is_active": True,
                "known_from": day("2005-04-30"),
            }
        ],
        "effectif_ent": [
            {"siren": siren, "month": month, "effectif_count": effectif, "known_from": known_at_end_of(month + 3)}
            for month in months
        ],
    }


def contributions(siren: str, first: str, last: str, du_eur: int) -> list[Row]:
    """Monthly contributions of the same amount, known the month after."""
    return [
        {
            "siren": siren,
            "siret": f"{siren}00011",
            "compte": "1",
            "start_month": month,
            "end_month": month + 1,
            "du_cents": du_eur * 100,
            "known_from": known_at_end_of(month + 1),
        }
        for month in range(m(first), m(last) + 1)
    ]


def debt_operation(siren: str, number: int, treated: str, ouvriere_eur: int, patronale_eur: int, **other: Any) -> Row:
    """One operation of a debt, known the month after it was booked."""
    when = day(treated)
    return {
        "siren": siren,
        "siret": f"{siren}00011",
        "compte": "1",
        "numero_ecart": "101",
        "numero_historique": number,
        "date_traitement": when,
        "part_ouvriere_cents": ouvriere_eur * 100,
        "part_patronale_cents": patronale_eur * 100,
        "start_month": m("2019-01"),
        "end_month": m("2019-02"),
        "known_from": known_at_end_of(when.year * 12 + when.month),
        **other,
    }


def proceeding(siren: str, effective: str, action: str, stade: str, **other: Any) -> Row:
    """One event of a collective proceeding, known the month after."""
    when = day(effective)
    return {
        "siren": siren,
        "siret": f"{siren}00011",
        "date_effet": when,
        "action": action,
        "stade": stade,
        "known_from": known_at_end_of(when.year * 12 + when.month),
        **other,
    }


def notice(siren: str, published: str, judged: str | None, action: str | None, stade: str | None, **other: Any) -> Row:
    """One announcement of the Bodacc, known the day of its publication."""
    when = day(published)
    return {
        "siren": siren,
        "annonce": f"A{when:%Y%m%d}1",
        "date_parution": when,
        "date_jugement": day(judged) if judged else None,
        "action": action,
        "stade": stade,
        "type_avis": "initial",
        "known_from": when,
        **other,
    }


def an_open_company(siren: str = SIREN, *, tranche: str = "12", annee: int = 2018) -> dict[str, list[Row]]:
    """A plain company as open data tell it: identity with a band of headcount, one establishment, no notice."""
    company = a_company(siren)
    unit = company["sirene_ul"][0] | {"tranche_effectif": tranche, "annee_effectif": annee}
    site = company["sirene"][0] | {"date_creation": day("2005-03-01"), "is_active": True}
    return {"sirene": [site], "sirene_ul": [unit], "bodacc": []}


def stage_all(lake: Lake, batch: int, tables: Mapping[str, Sequence[Row]]) -> None:
    """Write a batch of several sources."""
    for source, rows in tables.items():
        stage(lake, source, batch, rows)


def month_start(month: int) -> date:
    """First day of a month."""
    return first_day(month)
