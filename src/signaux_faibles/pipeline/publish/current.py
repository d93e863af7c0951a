"""The sources as they stand at the end of a month, restricted to the companies published."""

from __future__ import annotations

from collections.abc import Sequence

import pyarrow as pa

from signaux_faibles.engine import Engine
from signaux_faibles.ingest.versions import versions_sql
from signaux_faibles.lake import Lake
from signaux_faibles.panel.as_of import NEVER

SOURCES = (
    "sirene",
    "sirene_ul",
    "sirene_histo",
    "effectif",
    "effectif_ent",
    "cotisation",
    "debit",
    "delai",
    "procol",
    "bodacc",
    "apconso",
    "apdemande",
    "comptes",
    "paydex",
)


def load_current(engine: Engine, lake: Lake, as_of: int, companies: Sequence[str]) -> None:
    """Make `published` (siren) and one table `c_<source>` of the rows alive at the end of a month.

    `known_month` and `until_month` are set to 0 and never: the rows are taken as they stand, for charts by month of
    data, not by month of knowledge.
    """
    engine.register("published", pa.table({"siren": pa.array(sorted(companies), pa.string())}))
    for source in SOURCES:
        engine.run(f"""
            CREATE OR REPLACE TEMP TABLE c_{source} AS
            SELECT * EXCLUDE (known_month, until_month), 0 AS known_month, {NEVER} AS until_month
            FROM ({versions_sql(lake, source, as_of)}) AS v
            WHERE known_month <= {as_of} AND (until_month IS NULL OR until_month > {as_of})
                AND siren IN (SELECT siren FROM published)""")
