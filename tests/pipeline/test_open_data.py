"""Open data alone, end to end: Sirene, Bodacc and published ratios give a panel, a target, a model, a release."""

from __future__ import annotations

import csv
import shutil
from pathlib import Path

import duckdb
import pytest
from typer.testing import CliRunner

from open_france import UNTIL, OpenFrance, make_open_france
from signaux_faibles.cli.app import app
from signaux_faibles.domain.periode import last_day, parse_month
from signaux_faibles.domain.theme import Theme
from signaux_faibles.domain.tranche_effectif import LOWER_BOUNDS
from signaux_faibles.ingest.versions import staged_batches
from signaux_faibles.panel.store import states_sql
from signaux_faibles.release.reader import read_table, verify_release
from signaux_faibles.sources import OPEN_SOURCES, SOURCES
from signaux_faibles.target.read import read_labels

AS_OF = parse_month(UNTIL)
PUBLIC_NAMES = {
    "StockUniteLegale_utf8.csv",
    "StockEtablissement_utf8.csv",
    "StockEtablissementHistorique_utf8.csv",
    "annonces-commerciales.csv",
    "ratios_inpi_bce.csv",
}


@pytest.fixture(scope="module")
def france(tmp_path_factory: pytest.TempPathFactory) -> OpenFrance:
    return make_open_france(tmp_path_factory.mktemp("open"))


def _columns(france: OpenFrance, sql: str) -> list[tuple[object, ...]]:
    return duckdb.sql(sql.format(files=states_sql(france.lake, AS_OF))).fetchall()


def test_only_the_public_files_are_delivered_and_imported(france: OpenFrance) -> None:
    assert {path.name for path in (france.raw / france.keys[-1]).iterdir()} == PUBLIC_NAMES
    staged = {name for name in SOURCES if staged_batches(france.lake, name)}
    assert staged == set(OPEN_SOURCES)


def test_no_notice_is_published_after_its_batch(france: OpenFrance) -> None:
    for key in france.keys:
        with (france.raw / key / "annonces-commerciales.csv").open(encoding="utf-8", errors="replace") as stream:
            days = [row["dateparution"] for row in csv.DictReader(stream, delimiter=";")]
        limit = last_day(parse_month(f"20{key[:2]}-{key[2:]}")).isoformat()
        assert len(days) > 10
        assert sum(day > limit for day in days if day[:2] == "20") == 0


def test_the_panel_knows_nothing_that_is_not_open(france: OpenFrance) -> None:
    unknown = ("debit_ouvriere_cents", "cotisation_12m_cents", "delai_cents", "ap_12m_centi_h", "retard_days")
    counts = ", ".join(f"COUNT({name})" for name in (*unknown, "effectif_mensuel_count"))
    assert _columns(france, f"SELECT {counts} FROM {{files}}") == [(0,) * 6]
    ((rows, bands, accounts),) = _columns(
        france, "SELECT COUNT(*), COUNT(effectif_count), COUNT(cloture_month) FROM {files}"
    )
    assert isinstance(rows, int)
    assert isinstance(bands, int)
    assert rows > 15_000, "states are kept for three years"
    assert bands > 0.8 * rows
    assert isinstance(accounts, int)
    assert accounts > 0.2 * rows


def test_the_target_comes_from_the_notices_and_has_both_classes(france: OpenFrance) -> None:
    labels = read_labels(france.lake, AS_OF)
    assert min(labels.positives_count, labels.negatives_count, labels.unknown_count) > 0
    assert 0.003 < labels.positives_count / (labels.positives_count + labels.negatives_count) < 0.05
    assert labels.incidence["fermeture"][12], "the register tells closures"


def test_the_release_names_the_themes_that_open_data_leave_without_a_source(france: OpenFrance) -> None:
    missing = verify_release(france.release).missing_themes
    assert {Theme.DETTE_URSSAF, Theme.ACTIVITE_PARTIELLE, Theme.RETARDS_PAIEMENT} <= set(missing)
    assert missing[Theme.RETARDS_PAIEMENT] == ["paydex"]
    assert not {source for sources in missing.values() for source in sources} & set(OPEN_SOURCES)


def test_a_list_made_without_a_source_that_was_never_delivered_says_so(france: OpenFrance, tmp_path: Path) -> None:
    root = tmp_path / "lake"
    shutil.copytree(france.lake.root, root)
    for name in ("staged/comptes", "lists", "scores", "releases"):
        shutil.rmtree(root / name, ignore_errors=True)
    made = CliRunner().invoke(app, ["list", "--lake", str(root), "--as-of", UNTIL])
    assert made.exit_code == 0, made.output
    assert "Warning: No batch of comptes" in made.stderr
    assert CliRunner().invoke(app, ["release", "--lake", str(root), "--as-of", UNTIL]).exit_code == 0
    (release,) = (root / "releases").glob("2*")
    assert verify_release(release).missing_themes[Theme.SANTE_FINANCIERE][0] == "comptes"


def test_the_release_verifies_and_speaks_of_public_data_only(france: OpenFrance) -> None:
    manifest = verify_release(france.release)
    assert (manifest.list_month, manifest.is_synthetic) == (UNTIL, True)
    assert set(manifest.freshness) <= set(OPEN_SOURCES)
    scores = read_table(france.release, "scores").to_pylist()
    assert sum(row["probability_18m"] is not None for row in scores) > 400
    assert len({row["niveau"] for row in scores}) >= 3, "alerts, companies without alert, companies set apart"
    companies = read_table(france.release, "entreprises").to_pylist()
    assert {row["effectif_count"] for row in companies} <= {None, *LOWER_BOUNDS.values()}
    assert {row["effectif_month"][5:] for row in companies if row["effectif_month"]} == {"12"}
    assert {row["source"] for row in read_table(france.release, "procedures").to_pylist()} == {"BODACC"}
    assert read_table(france.release, "series").num_rows == 0
    told = {row["data_class"] for row in read_table(france.release, "explications").to_pylist()}
    assert "public" in told


def test_no_explanation_leans_on_what_is_unknown(france: OpenFrance) -> None:
    """A company is not told that it owes nothing to Urssaf: nobody knows."""
    rows = read_table(france.release, "explications").to_pylist()
    valued = {row["told_by"] for row in rows if row["value"] is not None}
    assert valued
    assert not {name for name in valued if name.startswith(("debit", "cotisation", "delai", "ap_", "retard", "fpi"))}
    assert not {name for name in valued if name.startswith("effectif_change")}
