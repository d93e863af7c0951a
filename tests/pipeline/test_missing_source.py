"""A source never delivered: its features are unknown, and everybody is told; a required one stops the run."""

from __future__ import annotations

import json
from pathlib import Path

import pyarrow.parquet as pq
import pytest
from typer.testing import CliRunner, Result

from lakes import SIREN, Row, a_company, an_open_company, day, m, new_lake, notice, stage_all
from signaux_faibles.cli.app import app
from signaux_faibles.domain.errors import LakeError, StageError
from signaux_faibles.domain.theme import Theme
from signaux_faibles.engine import Engine, parquet_sql
from signaux_faibles.features.build import current_features
from signaux_faibles.features.catalogue import CATALOGUE
from signaux_faibles.features.sets import feature_set
from signaux_faibles.lake import Lake
from signaux_faibles.lake.layout import OPEN
from signaux_faibles.pipeline.missing import missing_themes, missing_warning, theme_vintages
from signaux_faibles.pipeline.publish.build import build_release
from signaux_faibles.pipeline.run import make_panel

AS_OF = m("2021-12")
OPTIONAL = ("delai", "ccsf", "bodacc", "apconso", "apdemande", "comptes", "paydex")
PAYDEX: Row = {
    "siren": SIREN, "date_valeur": day("2021-11-15"), "retard_days": 9, "fournisseurs_count": 3, "encours_cents": 9000,
    "fpi_30_pct": 4.0, "fpi_90_pct": 1.0, "known_from": day("2021-12-31"),
}  # fmt: skip


def _lake(path: Path, *without: str, **other: list[Row]) -> Lake:
    lake = new_lake(path / "lake")
    tables = {**a_company(), "paydex": [PAYDEX], **other}
    stage_all(lake, AS_OF, {source: rows for source, rows in tables.items() if source not in without})
    return lake


def _signaux(lake: Lake, *words: str) -> Result:
    return CliRunner().invoke(app, [*words, "--lake", str(lake.root), "--as-of", "2021-12"])


def _values(lake: Lake, names: list[str]) -> tuple[object, ...]:
    files = parquet_sql(current_features(lake, AS_OF))
    with Engine(lake.scratch / "test") as engine:
        return engine.rows(f"SELECT {', '.join(names)} FROM {files} WHERE month = {AS_OF}")[0]


def test_the_features_of_a_source_never_delivered_are_unknown_not_zero(tmp_path: Path) -> None:
    names = [feature.name for feature in CATALOGUE if feature.sources == ("delai",)]
    assert names
    delivered, missing = _lake(tmp_path / "with"), _lake(tmp_path / "without", "delai")
    for lake in (delivered, missing):
        make_panel(lake, AS_OF)
    assert any(value is not None for value in _values(delivered, names)), "delivered and silent, it says zero"
    assert set(_values(missing, names)) == {None}


def test_the_panel_warns_once_of_the_sources_never_delivered_and_counts_what_they_leave_unknown(tmp_path: Path) -> None:
    result = _signaux(_lake(tmp_path, "paydex", "delai"), "panel")
    assert result.exit_code == 0
    (warning,) = [line for line in result.stderr.splitlines() if line.startswith("Warning")]
    assert warning.startswith("Warning: No batch of delai, paydex at or before 2112. Unknown for every company: ")
    late = [feature for feature in CATALOGUE if feature.theme == Theme.RETARDS_PAIEMENT]
    assert f"{len(late)} of the {len(late)} features of {Theme.RETARDS_PAIEMENT.label}" in warning
    debts = [feature for feature in CATALOGUE if feature.theme == Theme.DETTE_URSSAF]
    plans = [feature for feature in debts if "delai" in feature.sources]
    assert 0 < len(plans) < len(debts)
    assert f"{len(plans)} of the {len(debts)} features of {Theme.DETTE_URSSAF.label}" in warning


def test_a_panel_with_every_source_warns_of_nothing(tmp_path: Path) -> None:
    lake = _lake(tmp_path)
    assert "Warning" not in _signaux(lake, "panel").stderr
    assert missing_themes(lake, AS_OF) == {}


def test_a_source_delivered_and_silent_is_not_missing(tmp_path: Path) -> None:
    lake = _lake(tmp_path, paydex=[])
    make_panel(lake, AS_OF)
    theme = next(one for one in theme_vintages(lake, AS_OF) if one.theme == Theme.RETARDS_PAIEMENT)
    assert theme.unknown_count == theme.features_count
    assert theme.missing_sources == ()
    assert missing_warning(lake, AS_OF) is None


def test_the_manifest_names_the_sources_missing_by_theme(tmp_path: Path) -> None:
    lake = _lake(tmp_path, "paydex", "comptes")
    make_panel(lake, AS_OF)
    found = missing_themes(lake, AS_OF)
    assert found[Theme.RETARDS_PAIEMENT] == ["paydex"]
    assert found[Theme.SANTE_FINANCIERE] == ["comptes"]
    assert Theme.DETTE_URSSAF not in found


def test_open_data_lack_what_is_not_public_and_are_warned_only_of_what_is(tmp_path: Path) -> None:
    lake = new_lake(tmp_path / "lake", profile=OPEN)
    company = an_open_company()
    company["bodacc"] = [notice("900000003", "2015-01-10", "2015-01-05", "liquidation", "ouverture")]
    stage_all(lake, AS_OF, company)
    make_panel(lake, AS_OF)
    assert "debit" in missing_themes(lake, AS_OF)[Theme.DETTE_URSSAF]
    assert (missing_warning(lake, AS_OF) or "").startswith("No batch of comptes at or before 2112. ")


@pytest.mark.parametrize("source", ["debit", "procol", "sirene_histo"])
def test_a_required_source_never_delivered_stops_the_panel(tmp_path: Path, source: str) -> None:
    lake = _lake(tmp_path, source)
    with pytest.raises(StageError, match=f"No batch at or before 2112 of {source}"):
        make_panel(lake, AS_OF)


def test_a_staged_file_of_an_older_layout_stops_the_panel_before_it_reads_it(tmp_path: Path) -> None:
    lake = _lake(tmp_path)
    part = lake.staged("paydex", AS_OF) / "part-0000.parquet"
    pq.write_table(pq.read_table(part).drop_columns(["fpi_30_pct"]), part)
    with pytest.raises(
        LakeError, match=r"paydex, batch 2112: part-0000\.parquet is without the column\(s\) fpi_30_pct"
    ):
        make_panel(lake, AS_OF)
    assert not lake.panel(AS_OF).exists()
    with pytest.raises(LakeError, match="batch 2112"):
        build_release(lake, AS_OF)


def test_the_vintage_is_the_same_in_the_table_and_in_json(tmp_path: Path) -> None:
    lake = _lake(tmp_path, "ccsf")
    make_panel(lake, AS_OF)
    table, text = _signaux(lake, "vintage"), _signaux(lake, "vintage", "--json")
    rows = {row["source"]: row for row in json.loads(text.stdout)["rows"]}
    assert rows["paydex"]["median_months"] == 1
    assert rows["ccsf"]["told_share"] is None
    lines = {line.split("│")[1].strip(): line for line in table.stdout.splitlines() if line.count("│") > 3}
    assert set(rows) <= set(lines)
    assert "100.0 %" in lines["paydex"]
    assert "none" in lines["ccsf"]
    assert SIREN not in table.stdout + text.stdout


@pytest.mark.parametrize(("axis", "first"), [("theme", Theme.DETTE_URSSAF.label), ("month", "2021-01")])
def test_the_vintage_has_a_row_per_theme_or_month(tmp_path: Path, axis: str, first: str) -> None:
    lake = _lake(tmp_path)
    make_panel(lake, AS_OF)
    shown = _signaux(lake, "vintage", "--by", axis)
    assert shown.exit_code == 0
    assert first in shown.stdout
    rows = json.loads(_signaux(lake, "vintage", "--by", axis, "--json").stdout)["rows"]
    assert len(rows) == (len(theme_vintages(lake, AS_OF)) if axis == "theme" else 36), "states are kept for three years"


def test_the_labels_are_counted_and_written(tmp_path: Path) -> None:
    lake = _lake(tmp_path)
    make_panel(lake, AS_OF)
    out = tmp_path / "labels.parquet"
    result = _signaux(lake, "target", "--horizon", "12", "--out", str(out))
    assert "horizon 12 months: 72 rows, 0 positive, 59 negative, 13 not yet known" in result.stdout
    assert pq.read_table(out).num_rows == 72
    assert CliRunner().invoke(app, ["target", "--lake", str(lake.root), "--horizon", "0"]).exit_code != 0


def test_the_vintage_says_which_series_of_the_package_ended(tmp_path: Path) -> None:
    lake, month = new_lake(tmp_path / "lake"), m("2025-06")
    stage_all(lake, month, a_company(until="2025-06"))
    make_panel(lake, month)
    theme = next(one for one in theme_vintages(lake, month) if one.theme == Theme.IDENTITE)
    assert theme.ended_series == {"ipi_insee": "2023-12", "defaillances_insee": "2024-11"}
    shown = CliRunner().invoke(
        app, ["vintage", "--lake", str(lake.root), "--as-of", "2025-06", "--by", "theme"], env={"COLUMNS": "160"}
    )
    assert "ipi_insee (ends 2023-12), defaillances_insee (ends 2024-11)" in shown.stdout


def test_a_series_that_no_company_reads_has_not_ended(tmp_path: Path) -> None:
    trade = [row | {"code_naf": "62.01Z"} for row in a_company()["sirene_ul"]]
    lake = _lake(tmp_path, sirene_ul=trade)
    make_panel(lake, AS_OF)
    theme = next(one for one in theme_vintages(lake, AS_OF) if one.theme == Theme.IDENTITE)
    assert theme.unknown_count >= 2, "both series are of industry"
    assert theme.ended_series == {}


def test_the_vintage_says_that_two_sources_have_one_share(tmp_path: Path) -> None:
    both, one = _lake(tmp_path / "both"), _lake(tmp_path / "one", "bodacc")
    for lake in (both, one):
        make_panel(lake, AS_OF)
    said = "procol and bodacc have one share"
    for axis in ("source", "month"):
        assert said in " ".join(_signaux(both, "vintage", "--by", axis).stdout.split())
        assert said not in " ".join(_signaux(one, "vintage", "--by", axis).stdout.split())


@pytest.mark.parametrize("set_name", ["core", "tree-based"])
def test_a_panel_of_fewer_features_is_told_as_it_was_built(tmp_path: Path, set_name: str) -> None:
    lake = _lake(tmp_path, "paydex")
    result = _signaux(lake, "panel", "--features", set_name)
    assert "Warning: No batch of paydex" in result.stderr, result.stderr
    found = theme_vintages(lake, AS_OF)
    assert sum(one.features_count for one in found) == len(feature_set(set_name))
    for axis in ("source", "theme", "month"):
        shown = _signaux(lake, "vintage", "--by", axis, "--json")
        assert shown.exit_code == 0, shown.output
        assert json.loads(shown.stdout)["rows"]
