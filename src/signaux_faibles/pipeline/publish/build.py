"""Make the release of a list."""

from __future__ import annotations

import hashlib

from signaux_faibles import __version__
from signaux_faibles.domain.periode import format_month, label_month
from signaux_faibles.engine import Engine
from signaux_faibles.lake import Lake
from signaux_faibles.lists.build import read_list_card
from signaux_faibles.model.train import read_model
from signaux_faibles.pipeline.publish import accounts, identity, report, scores, series
from signaux_faibles.pipeline.publish.current import load_current
from signaux_faibles.release.manifest import Manifest, read_manifest
from signaux_faibles.release.writer import write_release


def build_release(lake: Lake, month: int, *, force: bool = False) -> Manifest:
    """Gather the tables of a list's release and write it; a release already made from the same list is read back.

    Raises
    ------
    StageError
        If the list was not made.
    """
    list_id = format_month(month)
    card = read_list_card(lake, list_id)
    digest = hashlib.sha256(f"{card.fingerprint} {__version__}".encode()).hexdigest()
    release_id = f"{list_id}-{digest[:10]}"
    if not force and (lake.releases / release_id / "manifest.json").is_file():
        return read_manifest(lake.releases / release_id)
    model = read_model(lake, card.model_id)
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
            "procedures": accounts.procedures(engine),
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
    )
    folder = write_release(lake.releases, manifest, tables, report.report_files(lake, model))
    return read_manifest(folder)
