"""Make the release of a list."""

from __future__ import annotations

import hashlib
import json
from dataclasses import asdict

from signaux_faibles import __version__
from signaux_faibles.domain.code import code_hash
from signaux_faibles.domain.periode import format_month, label_month
from signaux_faibles.engine import Engine
from signaux_faibles.ingest.layout import check_layout
from signaux_faibles.ingest.versions import staged_deliveries
from signaux_faibles.lake import Lake
from signaux_faibles.lists.build import check_list_is_current
from signaux_faibles.lists.store import ListCard, read_list_card, recover_lists
from signaux_faibles.model.registry import serving_registry
from signaux_faibles.model.train import Model, read_model
from signaux_faibles.pipeline.missing import missing_themes
from signaux_faibles.pipeline.publish import accounts, identity, report, scores, series
from signaux_faibles.pipeline.publish.current import load_current
from signaux_faibles.pipeline.publish.documents import evaluation_text, judged_by, otherwise_of
from signaux_faibles.release.manifest import Manifest, read_manifest
from signaux_faibles.release.reader import verify_release
from signaux_faibles.release.writer import write_release
from signaux_faibles.sources import SOURCES

GATHERING = ("pipeline", "release", "domain", "evaluation")
"""Code that decides of a release, once its list is made."""


def build_release(lake: Lake, month: int, *, force: bool = False) -> Manifest:
    """Gather the tables of a list's release and write it; a release already made from the same list is read back.

    Raises
    ------
    StageError
        If the list was not made, or is out of date.
    ReleaseError
        If the release is there, but altered.
    LakeError
        If a staged file has not the columns that its source declares.
    """
    check_layout(lake, month)
    recover_lists(lake)
    list_id = format_month(month)
    card = read_list_card(lake, list_id)
    model = read_model(lake, card.model_id)
    check_list_is_current(lake, model, month)
    release_id = f"{list_id}-{_digest(lake, card, model, month)[:10]}"
    if not force and (lake.releases / release_id / "manifest.json").is_file():
        return verify_release(lake.releases / release_id)
    companies = scores.companies_of(lake, list_id)
    imports = report.imports(lake, month)
    with Engine(lake.scratch / "release") as engine:
        load_current(engine, lake, month, sorted(companies))
        identity.register_nomenclatures(engine)
        etablissements = identity.etablissements(engine)
        tables = {
            "entreprises": identity.entreprises(engine),
            "etablissements": etablissements,
            "scores": scores.scores(engine, lake, list_id),
            "explications": scores.explications(lake, list_id),
            "historique": scores.historique(engine, lake, list_id),
            "series": series.series(engine, month, report.freshness_months(imports)),
            "comptes": accounts.comptes(engine),
            "procedures": accounts.procedures(engine, lake, month),
            "secteurs": accounts.secteurs(engine, lake, month),
            "imports": imports,
            "dictionnaire": report.dictionnaire(),
        }
    manifest = Manifest(
        release_id=release_id,
        list_label=label_month(month),
        list_month=list_id,
        as_of=list_id,
        model_id=model.model_id,
        code_version=__version__,
        is_synthetic=lake.is_synthetic,
        threshold_eleve=model.thresholds.eleve,
        threshold_modere=model.thresholds.modere,
        base_probability=card.base_probability,
        counts=card.counts,
        freshness=report.freshness(imports),
        capacity=asdict(card.capacity) if card.capacity else {},
        missing_themes=missing_themes(lake, month),
    )
    folder = write_release(lake.releases, manifest, tables, report.report_files(lake, model, month))
    return read_manifest(folder)


def _digest(lake: Lake, card: ListCard, model: Model, month: int) -> str:
    """Hash of everything a release holds: list, registry, evaluation, staged sources, the code that gathers it."""
    digest = hashlib.sha256(f"{card.fingerprint} {__version__} {code_hash(*GATHERING)}".encode())
    digest.update(json.dumps(asdict(serving_registry(lake)), sort_keys=True).encode())
    digest.update(evaluation_text(lake, model).encode())
    digest.update(" ".join(otherwise_of(lake, model, judged_by(lake, model)[1])).encode())
    for source in sorted(SOURCES):
        for batch in staged_deliveries(lake, source):
            if batch.month <= month:
                digest.update((lake.staged(source, batch) / "manifest.json").read_bytes())
    return digest.hexdigest()
