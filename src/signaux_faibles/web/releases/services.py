"""Loading a release: verified, then copied whole into PostgreSQL in one transaction, or not at all."""

from __future__ import annotations

import json
from dataclasses import asdict
from pathlib import Path
from typing import Any

import psycopg
import pyarrow as pa
from django.db import DatabaseError, connection, transaction
from django.db.models import Exists, OuterRef
from django.utils import timezone
from psycopg import sql

from signaux_faibles.domain.errors import ReleaseError
from signaux_faibles.release.manifest import Manifest, read_manifest
from signaux_faibles.release.reader import read_table, verify_release
from signaux_faibles.release.tables import TABLES
from signaux_faibles.web.releases.copying import COPY_OPTIONS, csv_chunks
from signaux_faibles.web.releases.derived import with_derived
from signaux_faibles.web.releases.models import (
    ALERTES,
    MODEL_OF_TABLE,
    RENAMED,
    Document,
    Entreprise,
    Release,
    ReleaseRow,
    Score,
)

DOCUMENT_SUFFIXES = (".md", ".svg")

LOADING_LOCK = 7_368_101
"""Key of the advisory lock under which one release loads at a time."""


def load_release(folder: Path) -> Release:
    """Load a release folder; the service shows the latest list as soon as the transaction commits.

    A release already loaded with the same manifest is left as it is. One of the same id with another manifest is
    replaced. Any failure leaves the database as it was.

    Raises
    ------
    ReleaseError
        If the folder is incomplete or altered, or the database refuses a table.
    """
    content = manifest_content(read_manifest(folder))
    loaded = Release.objects.filter(release_id=content["release_id"], manifest=content).first()
    if loaded is not None:
        return loaded
    manifest = verify_release(folder)
    with transaction.atomic():
        _take_lock()
        _delete(manifest.release_id)
        release = _insert(manifest)
        for name in TABLES:
            _copy(folder, name, release)
        _keep_documents(folder, release)
        _check(release)
        _choose_current()
    _analyze()
    release.refresh_from_db()
    return release


def manifest_content(manifest: Manifest) -> dict[str, Any]:
    """Manifest as the database keeps it."""
    content: dict[str, Any] = json.loads(json.dumps(asdict(manifest)))
    return content


def _take_lock() -> None:
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(%s)", [LOADING_LOCK])


def _delete(release_id: str) -> None:
    """Delete a release and its rows, table by table: the cascade would read every row first."""
    written: list[type[ReleaseRow]] = [*MODEL_OF_TABLE.values(), Document]
    for model in written:
        model.objects.filter(release_id=release_id)._raw_delete(model.objects.db)
    Release.objects.filter(release_id=release_id).delete()


def _insert(manifest: Manifest) -> Release:
    content = manifest_content(manifest)
    kept = {field.name for field in Release._meta.get_fields()} - {"manifest", "loaded_at", "is_current"}
    columns = {name: value for name, value in content.items() if name in kept}
    return Release.objects.create(**columns, manifest=content, loaded_at=timezone.now())


def _choose_current() -> None:
    """The current release is that of the latest list; of two of one list, the one loaded last."""
    latest = Release.objects.order_by("-list_month", "-loaded_at", "release_id").first()
    Release.objects.filter(is_current=True).update(is_current=False)
    if latest is not None:
        Release.objects.filter(pk=latest.pk).update(is_current=True)


def _copy(folder: Path, name: str, release: Release) -> None:
    """Copy one table of the folder."""
    table = with_derived(name, read_table(folder, name), folder)
    columns = [RENAMED.get((name, column), column) for column in table.column_names]
    table = table.append_column("release_id", pa.repeat(release.pk, table.num_rows))
    statement = sql.SQL("COPY {} ({}) FROM STDIN {}").format(
        sql.Identifier(MODEL_OF_TABLE[name]._meta.db_table),
        sql.SQL(", ").join(sql.Identifier(column) for column in [*columns, "release_id"]),
        sql.SQL(COPY_OPTIONS),
    )
    try:
        with connection.cursor() as cursor, cursor.copy(statement) as copy:
            for chunk in csv_chunks(table):
                copy.write(chunk)
    except (DatabaseError, psycopg.Error) as error:
        # The message of the database quotes the row: only its kind is told.
        raise ReleaseError(
            f"Release {release.pk}, table {name}: the database refuses it ({type(error).__name__}).",
            todo="Make the release again with this version of the code.",
        ) from None


def _keep_documents(folder: Path, release: Release) -> None:
    """Keep the pages and drawings of `rapport/`: the service does not read the folder again."""
    paths = [path for path in sorted((folder / "rapport").iterdir()) if path.suffix in DOCUMENT_SUFFIXES]
    Document.objects.bulk_create(
        Document(release=release, name=path.name, content=path.read_text(encoding="utf-8")) for path in paths
    )


def _check(release: Release) -> None:
    """Refuse a release that its own tables contradict: lists join each score to its company and sort alerts by risk."""
    scores = Score.objects.filter(release=release)
    companies = Entreprise.objects.filter(release=release, siren=OuterRef("siren"))
    orphans = scores.filter(~Exists(companies)).count()
    unranked = scores.filter(niveau__in=ALERTES, probability_18m=None).count()
    if orphans or unranked:
        raise ReleaseError(
            f"Release {release.pk}: {orphans} scores without a company, {unranked} alerts without a probability.",
            todo="Make the release again; the list before it is still served.",
        )


def _analyze() -> None:
    """Fresh statistics, without which the first lists after a large load are planned blindly."""
    with connection.cursor() as cursor:
        for model in MODEL_OF_TABLE.values():
            cursor.execute(sql.SQL("ANALYZE {}").format(sql.Identifier(model._meta.db_table)))
