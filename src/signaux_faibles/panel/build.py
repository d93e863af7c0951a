"""Build the panel of a month, bucket by bucket of companies, so that memory is bounded and a killed run resumes."""

from __future__ import annotations

import hashlib
import json
import os
import shutil
from collections.abc import Callable, Sequence
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

import pyarrow as pa

from signaux_faibles.domain.code import code_hash
from signaux_faibles.domain.errors import StageError
from signaux_faibles.domain.periode import FIRST_PANEL_MONTH, batch_key, format_month
from signaux_faibles.domain.tranche_effectif import LOWER_BOUNDS
from signaux_faibles.engine import Engine, parquet_sql
from signaux_faibles.ingest.versions import staged_batches, staged_deliveries, versions_sql
from signaux_faibles.lake import Lake
from signaux_faibles.lake.layout import OPEN, PARTNERS
from signaux_faibles.lake.writing import fsync_tree, recover_folder, replace_folder, write_text
from signaux_faibles.panel import grid, steps
from signaux_faibles.panel.as_of import NEVER, Step
from signaux_faibles.panel.table import PANEL
from signaux_faibles.perimeter import PerimeterRules, read_rules

SPINE_FIRST_MONTH = FIRST_PANEL_MONTH - 24
"""The grid begins two years before the panel, so that the windows of its first months are full."""

BUCKET_COMPANIES = 2500

SOURCES: dict[str, str] = {
    "sirene": "siren, siret, is_siege, departement, date_creation, date_debut, is_active",
    "sirene_ul": "siren, categorie_juridique, code_naf, date_creation, tranche_effectif, annee_effectif",
    "sirene_histo": "siren, siret, date_debut, is_active",
    "effectif_ent": "siren, month, effectif_count",
    "cotisation": "siren, start_month, end_month, du_cents",
    "debit": "siren, siret, compte, numero_ecart, numero_historique, date_traitement, start_month, end_month,"
    " part_ouvriere_cents, part_patronale_cents",
    "delai": "siren, date_creation, date_echeance, montant_cents, stade",
    "ccsf": "siren, date_traitement",
    "procol": "siren, date_effet, action, stade",
    "bodacc": "siren, annonce, annonce_precedente, date_parution, date_jugement, action, stade, type_avis",
    "apconso": "siren, month, heures_centi",
    "apdemande": "siren, date_statut, date_debut, date_fin, heures_centi",
    "comptes": "siren, date_cloture, type_bilan, " + ", ".join(steps.COMPTES_COLUMNS),
    "paydex": "siren, date_valeur, " + ", ".join(steps.PAYDEX_COLUMNS),
}
"""Sources of the panel and the columns it reads of each."""

REQUIRED: dict[str, tuple[str, ...]] = {
    PARTNERS: ("sirene", "sirene_ul", "sirene_histo", "effectif_ent", "cotisation", "debit", "procol"),
    OPEN: ("sirene", "sirene_ul", "bodacc"),
}
"""Sources without which a panel would say false things, by profile: nobody active, in debt, in a proceeding."""

FILTER = "filter"
"""Source that lists the companies of an explicit perimeter."""

Progress = Callable[[int, int, int], None]
"""Receives the companies done, their total, and the rows written by this run."""


@dataclass(frozen=True)
class PanelSummary:
    """What a build made: counts only.

    Parameters
    ----------
    companies_count, rows_count : int
        In the panel, in perimeter or not.
    in_perimeter_count : int
        Companies in perimeter at the last month.
    exclusions : dict of str to int
        Companies of the panel out of perimeter at the last month, by first reason.
    is_new : bool
        False when the panel was already there, made from the same inputs by the same code.
    """

    companies_count: int
    rows_count: int
    in_perimeter_count: int
    exclusions: dict[str, int]
    is_new: bool


def build_panel(
    lake: Lake,
    as_of: int,
    *,
    rules: PerimeterRules | None = None,
    force: bool = False,
    bucket_companies: int = BUCKET_COMPANIES,
    progress: Progress | None = None,
) -> PanelSummary:
    """Build `panel/as_of=<month>`: everything known at the end of a month, and nothing else.

    A run that was killed resumes at the first bucket not finished, if the inputs and the code are the same.

    Parameters
    ----------
    rules : PerimeterRules, optional
        Kept with the panel. Without them, those that were given when the panel was last built, or else those of the
        package in force at `as_of`.

    Raises
    ------
    StageError
        If a required source has no batch at or before `as_of`, or `as_of` is after the last batch of the lake.
    """
    folder = lake.panel(as_of)
    recover_folder(folder)
    given = rules or _given_rules(folder)
    rules = given or read_rules().at(as_of)
    absent = absent_sources(lake, as_of)
    fingerprint = _fingerprint(lake, as_of, rules, bucket_companies, absent)
    if not force and (done := _read_manifest(folder)) and done["fingerprint"] == fingerprint:
        return _summary(done, is_new=False)
    work = folder.with_name(f".{folder.name}.work")
    if force or not (work / "plan").is_file() or (work / "plan").read_text() != fingerprint:
        shutil.rmtree(work, ignore_errors=True)
        (work / "panel").mkdir(parents=True)
        (work / "proceedings").mkdir()
        write_text(work / "plan", fingerprint)
    with Engine(lake.scratch / "panel") as engine:
        companies = _candidates(engine, lake, as_of, rules)
        if not companies:
            raise StageError(
                f"No company of {lake.root} may be in perimeter as of {format_month(as_of)}: none is in the filter, or"
                f" none is known to have reached {rules.effectif_min_count} employees.",
                todo="Check the files of headcount imported, the filter, or the rules given.",
            )
        queries, rows = _lake_steps(lake, as_of, rules, absent), 0
        create_shared(engine, lake, as_of)
        for index in range(0, len(companies), bucket_companies):
            bucket = companies[index : index + bucket_companies]
            rows += _write_bucket(engine, lake, as_of, queries, bucket, work, index // bucket_companies)
            if progress:
                progress(min(index + bucket_companies, len(companies)), len(companies), rows)
        manifest = {"fingerprint": fingerprint, **_counts(engine, work, as_of)}
        manifest |= {"rules": asdict(given)} if given and given != read_rules().at(as_of) else {}
    (work / "plan").unlink()
    write_text(work / "manifest.json", json.dumps(manifest, indent=2, sort_keys=True) + "\n")
    fsync_tree(work)
    replace_folder(work, folder)
    return _summary(manifest, is_new=True)


def bucket_steps(
    as_of: int,
    rules: PerimeterRules,
    absent: frozenset[str] = frozenset(),
    *,
    profile: str = PARTNERS,
    is_filtered: bool = False,
    first_month: int = SPINE_FIRST_MONTH,
) -> list[Step]:
    """Every query of a bucket, in order.

    Parameters
    ----------
    absent : frozenset of str
        Optional sources that no batch brought.
    profile : str
        That of the lake.
    is_filtered : bool
        A filter was deposited: it replaces the rule of headcount.
    first_month : int
        First month of the grid.
    """
    is_open = profile == OPEN
    return [
        grid.spine(first_month, as_of),
        *steps.etablissements(has_history="sirene_histo" not in absent),
        *steps.effectif(),
        *steps.cotisation(),
        *steps.debit(),
        *steps.delai(),
        *steps.activite_partielle(),
        *steps.comptes(),
        *steps.paydex(),
        *steps.identite(),
        *steps.procol(),
        grid.states(first_month, absent, is_open=is_open),
        *grid.panel(rules, is_open=is_open, is_filtered=is_filtered),
    ]


def first_stock(lake: Lake, as_of: int) -> int | None:
    """In a lake of open data, month of the first stock of legal units when it stands for months of the panel before it.

    None when no month of the panel is judged by a band of headcount that was not yet published.
    """
    if lake.profile != OPEN:
        return None
    months = [month for month in staged_batches(lake, "sirene_ul") if month <= as_of]
    return min(months) if months and min(months) > FIRST_PANEL_MONTH else None


def panel_fingerprint(lake: Lake, as_of: int) -> str:
    """Fingerprint of a finished panel, for the stages that read it.

    Raises
    ------
    StageError
        If the panel was not built.
    """
    done = _read_manifest(lake.panel(as_of))
    if not done:
        raise StageError(
            f"No panel as of {format_month(as_of)} in {lake.root}.",
            todo=f"Build it with `signaux panel --as-of {format_month(as_of)}`.",
        )
    return str(done["fingerprint"])


def absent_sources(lake: Lake, as_of: int) -> frozenset[str]:
    """Optional sources that no batch brought; a required one missing is an error."""
    batches = {source: staged_batches(lake, source) for source in SOURCES}
    last = max((month for months in batches.values() for month in months), default=None)
    if last is None or as_of > last:
        found = f"the last batch is {batch_key(last)}" if last is not None else "nothing was imported"
        raise StageError(
            f"Nothing is known as of {format_month(as_of)} in {lake.root}: {found}.",
            todo="Import that month's batch with `signaux import`, or use an earlier --as-of.",
        )
    absent = {source for source, months in batches.items() if not any(month <= as_of for month in months)}
    missing = [source for source in REQUIRED[lake.profile] if source in absent]
    if missing:
        raise StageError(
            f"No batch at or before {batch_key(as_of)} of {', '.join(missing)} in {lake.root}.",
            todo="Import them with `signaux import`: without them the panel would say false things.",
        )
    return frozenset(absent)


def _write_bucket(
    engine: Engine,
    lake: Lake,
    as_of: int,
    queries: Sequence[Step],
    companies: Sequence[str],
    work: Path,
    index: int,
) -> int:
    """Write the files of a bucket; the rows written, 0 for a bucket that an earlier run finished."""
    finished = work / "proceedings" / f"part-{index:05d}.parquet"
    if finished.exists():
        return 0
    load_bucket(engine, lake, as_of, companies, first_month=SPINE_FIRST_MONTH)
    for step in queries:
        create(engine, step)
    rename = {"month": "t AS month"}
    columns = ", ".join(
        f"CAST({rename.get(c.name, c.name).split(' AS ')[0]} AS {c.kind.value}) AS {c.name}" for c in PANEL.columns
    )
    rows = _write(
        engine,
        f"SELECT {columns} FROM kept WHERE months_in > 0 ORDER BY siren, month",
        work / "panel" / f"part-{index:05d}.parquet",
    )
    opening = "COALESCE(LAG(in_force_code, 1) OVER (PARTITION BY siren ORDER BY t), 0) = 0"
    proceedings = f"""
        SELECT siren, CAST(t AS INTEGER) AS month, CAST(in_force_code AS INTEGER) AS etat_procol_code, is_opening
        FROM (SELECT siren, t, in_force_code, t > {SPINE_FIRST_MONTH} AND {opening} AS is_opening FROM joined) AS j
        WHERE in_force_code > 0 ORDER BY siren, month"""
    _write(engine, proceedings, finished)
    return rows


def load_bucket(
    engine: Engine,
    lake: Lake,
    as_of: int,
    companies: Sequence[str],
    *,
    first_month: int,
    sources: Sequence[str] = tuple(SOURCES),
) -> None:
    """Make the tables that the queries of a bucket read: its companies, the months, one log of versions per source.

    Parameters
    ----------
    companies : sequence of str
        Sorted.
    first_month : int
        First month of the grid.
    sources : sequence of str
        Sources read; the tables of the others are empty.
    """
    engine.register("companies", pa.table({"siren": pa.array(companies, pa.string())}))
    _create(engine, "months", f"SELECT CAST(range AS INTEGER) AS t FROM range({first_month - 24}, {as_of + 1})")
    for source, columns in SOURCES.items():
        last_batch = as_of if source in sources else 0
        _create(engine, f"v_{source}", _versions(lake, source, columns, last_batch, companies[0], companies[-1]))


def create(engine: Engine, step: Step) -> None:
    """Make the table of a step."""
    _create(engine, step.name, step.sql)


def _versions(lake: Lake, source: str, columns: str, as_of: int, first: str, last: str) -> str:
    return f"""
        SELECT {columns}, known_month, COALESCE(until_month, {NEVER}) AS until_month
        FROM ({versions_sql(lake, source, as_of)}) AS versions
        WHERE known_month <= {as_of} AND siren >= '{first}' AND siren <= '{last}'
            AND siren IN (SELECT siren FROM companies)"""


def _create(engine: Engine, name: str, sql: str) -> None:
    engine.run(f"CREATE OR REPLACE TEMP TABLE {name} AS {sql}")


def _write(engine: Engine, sql: str, path: Path) -> int:
    temporary = path.with_suffix(".tmp")
    rows = engine.write_parquet(sql, temporary)
    # A run that resumes after a power cut believes the name: the content must be there before it.
    with temporary.open("rb") as stream:
        os.fsync(stream.fileno())
    temporary.rename(path)
    return rows


def create_shared(engine: Engine, lake: Lake, as_of: int) -> None:
    """Make the tables that every bucket reads: notices that a later one discards, companies of the filter.

    Like the rules, the filter that stands at `as_of` holds for every month of the run.
    """
    known = f"SELECT * FROM ({versions_sql(lake, 'bodacc', as_of)}) AS versions WHERE known_month <= {as_of}"
    create(engine, steps.discarded_notices(known))
    nobody = "SELECT CAST(NULL AS VARCHAR) AS siren WHERE 1 = 0"
    _create(engine, "requested", _filter_sql(lake, as_of) if has_filter(lake, as_of) else nobody)


def has_filter(lake: Lake, as_of: int) -> bool:
    """Whether a filter was deposited by a month."""
    return any(month <= as_of for month in staged_batches(lake, FILTER))


def _filter_sql(lake: Lake, as_of: int) -> str:
    return f"SELECT DISTINCT siren FROM ({versions_sql(lake, FILTER, as_of)}) AS versions WHERE until_month IS NULL"


def _lake_steps(lake: Lake, as_of: int, rules: PerimeterRules, absent: frozenset[str]) -> list[Step]:
    """Queries of a bucket of this lake."""
    return bucket_steps(as_of, rules, absent, profile=lake.profile, is_filtered=has_filter(lake, as_of))


def _candidates(engine: Engine, lake: Lake, as_of: int, rules: PerimeterRules) -> list[str]:
    """Companies that may be in perimeter: those of the filter, or whose known headcount once reached the threshold."""
    if has_filter(lake, as_of):
        return [row[0] for row in engine.rows(f"{_filter_sql(lake, as_of)} ORDER BY siren")]
    source, reached = "effectif_ent", f"effectif_count >= {rules.effectif_min_count}"
    if lake.profile == OPEN:
        codes = [code for code, low in LOWER_BOUNDS.items() if low >= rules.effectif_min_count]
        source, reached = "sirene_ul", f"tranche_effectif IN ({', '.join(map(repr, codes))})"
    sql = f"""
        SELECT DISTINCT siren FROM ({versions_sql(lake, source, as_of)}) AS versions
        WHERE known_month <= {as_of} AND {reached} ORDER BY siren"""
    return [row[0] for row in engine.rows(sql)]


def _fingerprint(lake: Lake, as_of: int, rules: PerimeterRules, bucket_companies: int, absent: frozenset[str]) -> str:
    """Hash of everything the panel depends on: staged manifests, queries (which hold the rules), code, buckets."""
    digest = hashlib.sha256()
    for source in (*SOURCES, FILTER):
        for batch in staged_deliveries(lake, source):
            if batch.month <= as_of:
                digest.update(f"{source}/{batch.key}".encode())
                digest.update((lake.staged(source, batch) / "manifest.json").read_bytes())
    for step in _lake_steps(lake, as_of, rules, absent):
        digest.update(step.sql.encode())
    digest.update(f"{code_hash('panel', 'perimeter', 'engine', 'ingest/versions')} {rules} {bucket_companies}".encode())
    return digest.hexdigest()


def _counts(engine: Engine, work: Path, as_of: int) -> dict[str, object]:
    files = parquet_sql(sorted((work / "panel").glob("*.parquet")))
    rows, companies = engine.rows(f"SELECT COUNT(*), COUNT(DISTINCT siren) FROM {files}")[0]
    last = engine.rows(
        f"SELECT exclusion, COUNT(*) FROM {files} WHERE month = {as_of} GROUP BY exclusion ORDER BY exclusion"
    )
    return {
        "rows_count": rows,
        "companies_count": companies,
        "in_perimeter_count": sum(count for reason, count in last if reason is None),
        "exclusions": {reason: count for reason, count in last if reason is not None},
    }


def _given_rules(folder: Path) -> PerimeterRules | None:
    """Rules that were given when a panel was last built."""
    written = (_read_manifest(folder) or {}).get("rules")
    if not isinstance(written, dict):
        return None
    fields: dict[str, Any] = {key: tuple(v) if isinstance(v, list) else v for key, v in written.items()}
    return PerimeterRules(**fields)


def _read_manifest(folder: Path) -> dict[str, object] | None:
    path = folder / "manifest.json"
    return json.loads(path.read_text(encoding="utf-8")) if path.is_file() else None


def _summary(manifest: dict[str, object], *, is_new: bool) -> PanelSummary:
    fields = {key: value for key, value in manifest.items() if key not in ("fingerprint", "rules")}
    return PanelSummary(**fields, is_new=is_new)  # type: ignore[arg-type]
