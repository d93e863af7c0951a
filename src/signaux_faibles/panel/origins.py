"""Events as they were known at an earlier month: what a label could be made of then.

The rows of a panel are already what was known at the end of each month, so that a model may be learnt as if at an
earlier month from the panel of a later one. Its labels may not: they are made from events, which are told as known at
the end of the run. These tables tell them as known at the earlier month.
"""

from __future__ import annotations

import hashlib
from pathlib import Path

from signaux_faibles.domain.code import code_hash
from signaux_faibles.engine import Engine
from signaux_faibles.ingest.versions import versions_sql
from signaux_faibles.lake import Lake, write_folder
from signaux_faibles.lake.writing import recover_folder
from signaux_faibles.panel.as_of import SIREN_KEY, Step
from signaux_faibles.panel.bucket import make_events
from signaux_faibles.panel.inputs import absent_sources, create
from signaux_faibles.panel.states.procol import discarded_notices
from signaux_faibles.panel.store import EVENTS_TABLE, events_files, panel_fingerprint, rows_sql

FINGERPRINT = "fingerprint"


def events_known_at(lake: Lake, as_of: int, known_at: int) -> list[Path]:
    """Files of the events of a panel as they were known at the end of a month, made if they are not there.

    Raises
    ------
    StageError
        If the panel was not built.
    """
    if known_at >= as_of:
        return events_files(lake, as_of)
    folder = lake.events(as_of, known_at)
    recover_folder(folder)
    wanted = hashlib.sha256(f"{panel_fingerprint(lake, as_of)} {code_hash('panel')}".encode()).hexdigest()
    mark = folder / FINGERPRINT
    if not (mark.is_file() and mark.read_text(encoding="utf-8") == wanted):
        with write_folder(folder) as temporary, Engine(lake.scratch / "origins") as engine:
            notices = f"SELECT * FROM ({versions_sql(lake, 'bodacc', as_of)}) AS n WHERE known_month <= {known_at}"
            create(engine, discarded_notices(notices))
            create(engine, Step("reached", f"SELECT DISTINCT {SIREN_KEY} AS siren FROM ({rows_sql(lake, as_of)}) AS r"))
            make_events(engine, lake, as_of, absent_sources(lake, as_of), temporary, known_at=known_at)
            (temporary / FINGERPRINT).write_text(wanted, encoding="utf-8")
    return sorted((folder / EVENTS_TABLE).glob("part-*.parquet"))
