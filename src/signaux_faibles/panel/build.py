"""Build the panel of a month, bucket by bucket of companies, so that memory is bounded and a killed run resumes."""

from __future__ import annotations

import hashlib
import json
import shutil
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path

import pyarrow as pa

from signaux_faibles.domain.errors import StageError
from signaux_faibles.domain.periode import FIRST_PANEL_MONTH, batch_key, format_month
from signaux_faibles.engine import Engine
from signaux_faibles.ingest.versions import staged_batches, versions_sql
from signaux_faibles.lake import Lake
from signaux_faibles.lake.writing import fsync_tree, recover_folder, replace_folder, write_text
from signaux_faibles.panel import grid, steps
from signaux_faibles.panel.as_of import NEVER, Step
from signaux_faibles.panel.table import PANEL, PROCEEDINGS
from signaux_faibles.perimeter import PerimeterRules

SPINE_FIRST_MONTH = FIRST_PANEL_MONTH - 24
"""The grid begins two years before the panel, so that the windows of its first months are full."""

BUCKET_COMPANIES = 2500

SOURCES: dict[str, str] = {
    "sirene": "siren, siret, is_siege, departement",
    "sirene_ul": "siren, categorie_juridique, code_naf, date_creation",
    "sirene_histo": "siren, siret, date_debut, is_active",
    "effectif_ent": "siren, month, effectif_count",
    "cotisation": "siren, start_month, end_month, du_cents",
    "debit": "siren, siret, compte, numero_ecart, numero_historique, date_traitement, start_month, end_month,"
    " part_ouvriere_cents, part_patronale_cents",
    "delai": "siren, date_echeance, montant_cents, stade",
    "ccsf": "siren",
    "procol": "siren, date_effet, action, stade",
    "apconso": "siren, month, heures_centi",
    "apdemande": "siren, date_debut, date_fin, heures_centi",
    "comptes": "siren, date_cloture, type_bilan, " + ", ".join(steps.COMPTES_COLUMNS),
    "paydex": "siren, date_valeur, " + ", ".join(steps.PAYDEX_COLUMNS),
}
"""Sources of the panel and the columns it reads of each."""

Progress = Callable[[int, int], None]


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

    Raises
    ------
    StageError
        If no batch of headcounts at or before `as_of` was imported.
    """
    rules = rules or PerimeterRules()
    folder = lake.panel(as_of)
    recover_folder(folder)
    fingerprint = _fingerprint(lake, as_of, rules, bucket_companies)
    if not force and (done := _read_manifest(folder)) and done["fingerprint"] == fingerprint:
        return _summary(done, is_new=False)
    work = folder.with_name(f".{folder.name}.work")
    if force or not (work / "plan").is_file() or (work / "plan").read_text() != fingerprint:
        shutil.rmtree(work, ignore_errors=True)
        (work / "panel").mkdir(parents=True)
        (work / "proceedings").mkdir()
        write_text(work / "plan", fingerprint)
    with Engine(lake.scratch / "panel") as engine:
        companies = _candidates(engine, lake, as_of)
        for index in range(0, len(companies), bucket_companies):
            _write_bucket(
                engine, lake, as_of, rules, companies[index : index + bucket_companies], work, index // bucket_companies
            )
            if progress:
                progress(min(index + bucket_companies, len(companies)), len(companies))
        manifest = {"fingerprint": fingerprint, **_counts(engine, work, as_of)}
    (work / "plan").unlink()
    write_text(work / "manifest.json", json.dumps(manifest, indent=2, sort_keys=True) + "\n")
    fsync_tree(work)
    replace_folder(work, folder)
    return _summary(manifest, is_new=True)


def bucket_steps(as_of: int, rules: PerimeterRules) -> list[Step]:
    """Every query of a bucket, in order."""
    return [
        grid.spine(SPINE_FIRST_MONTH, as_of),
        *steps.etablissements(),
        *steps.effectif(),
        *steps.cotisation(),
        *steps.debit(),
        *steps.delai(),
        *steps.activite_partielle(),
        *steps.comptes(),
        *steps.paydex(),
        *steps.identite(),
        *steps.procol(),
        grid.states(SPINE_FIRST_MONTH),
        *grid.panel(rules),
    ]


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


def _write_bucket(
    engine: Engine, lake: Lake, as_of: int, rules: PerimeterRules, companies: Sequence[str], work: Path, index: int
) -> None:
    finished = work / "proceedings" / f"part-{index:05d}.parquet"
    if finished.exists():
        return
    engine.register("companies", pa.table({"siren": pa.array(companies, pa.string())}))
    _create(engine, "months", f"SELECT CAST(range AS INTEGER) AS t FROM range({SPINE_FIRST_MONTH - 24}, {as_of + 1})")
    for source, columns in SOURCES.items():
        _create(engine, f"v_{source}", _versions(lake, source, columns, as_of, companies[0], companies[-1]))
    for step in bucket_steps(as_of, rules):
        _create(engine, step.name, step.sql)
    rename = {"month": "t AS month"}
    columns = ", ".join(
        f"CAST({rename.get(c.name, c.name).split(' AS ')[0]} AS {c.kind.value}) AS {c.name}" for c in PANEL.columns
    )
    _write(
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


def _versions(lake: Lake, source: str, columns: str, as_of: int, first: str, last: str) -> str:
    return f"""
        SELECT {columns}, known_month, COALESCE(until_month, {NEVER}) AS until_month
        FROM ({versions_sql(lake, source, as_of)}) AS versions
        WHERE known_month <= {as_of} AND siren >= '{first}' AND siren <= '{last}'
            AND siren IN (SELECT siren FROM companies)"""


def _create(engine: Engine, name: str, sql: str) -> None:
    engine.run(f"CREATE OR REPLACE TEMP TABLE {name} AS {sql}")


def _write(engine: Engine, sql: str, path: Path) -> None:
    temporary = path.with_suffix(".tmp")
    engine.write_parquet(sql, temporary)
    temporary.rename(path)


def _candidates(engine: Engine, lake: Lake, as_of: int) -> list[str]:
    """Companies whose known headcount once reached the threshold: no other can ever be in perimeter."""
    if not any(batch <= as_of for batch in staged_batches(lake, "effectif_ent")):
        raise StageError(
            f"No batch of headcounts (effectif_ent) at or before {batch_key(as_of)} in {lake.root}.",
            todo="Import one with `signaux import`.",
        )
    sql = f"""
        SELECT DISTINCT siren FROM ({versions_sql(lake, "effectif_ent", as_of)}) AS versions
        WHERE known_month <= {as_of} AND effectif_count >= {PerimeterRules().effectif_min_count} ORDER BY siren"""
    return [row[0] for row in engine.rows(sql)]


def _fingerprint(lake: Lake, as_of: int, rules: PerimeterRules, bucket_companies: int) -> str:
    """Hash of everything the panel depends on: staged manifests, rules, queries, cut into buckets."""
    digest = hashlib.sha256()
    for source in SOURCES:
        for batch in staged_batches(lake, source):
            if batch <= as_of:
                digest.update(f"{source}/{batch}".encode())
                digest.update((lake.staged(source, batch) / "manifest.json").read_bytes())
    for step in bucket_steps(as_of, rules):
        digest.update(step.sql.encode())
    digest.update(repr((SOURCES, PANEL.names, PROCEEDINGS.names, bucket_companies)).encode())
    return digest.hexdigest()


def _counts(engine: Engine, work: Path, as_of: int) -> dict[str, object]:
    files = f"read_parquet('{work}/panel/*.parquet')"
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


def _read_manifest(folder: Path) -> dict[str, object] | None:
    path = folder / "manifest.json"
    return json.loads(path.read_text(encoding="utf-8")) if path.is_file() else None


def _summary(manifest: dict[str, object], *, is_new: bool) -> PanelSummary:
    fields = {key: value for key, value in manifest.items() if key != "fingerprint"}
    return PanelSummary(**fields, is_new=is_new)  # type: ignore[arg-type]
