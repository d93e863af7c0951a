"""`signaux export` on a fake France: twelve files, the same bytes twice, and nothing replaced by half."""

from __future__ import annotations

import hashlib
import json
import re
import shutil
import stat
from collections import defaultdict
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.parquet as pq
import pytest
from typer.testing import CliRunner, Result

from lakes import Row, first_day, m, new_lake, stage
from signaux_faibles.cli.app import app
from signaux_faibles.domain.errors import InputError, StageError
from signaux_faibles.engine import Engine
from signaux_faibles.ingest.versions import staged_deliveries, versions_sql
from signaux_faibles.lake import Lake, open_lake
from signaux_faibles.pipeline.export import VIEWS, Reading, export
from signaux_faibles.synthetic import simulate

TEXT, DAY, REAL, FLAG, WHOLE = pa.string(), pa.date32(), pa.float64(), pa.bool_(), pa.int32()
EVENT = {"date_effet": DAY, "action_procol": TEXT, "stade_procol": TEXT, "libelle_procol": TEXT}
TABLES = {
    "clean_filter": {"siren": TEXT},
    "clean_sirene": {
        "siren": TEXT, "siret": TEXT, "siege": FLAG, "adresse": TEXT, "code_commune": TEXT, "departement": TEXT,
        "libelle_departement": TEXT, "region": TEXT, "libelle_region": TEXT, "ape": TEXT, "naf_section": TEXT,
        "date_creation": DAY, "longitude": REAL, "latitude": REAL, "est_actif": FLAG,
    },
    "clean_sirene_ul": {
        "siren": TEXT, "raison_sociale": TEXT, "categorie_juridique": TEXT, "libelle_categorie_juridique": TEXT,
        "activite_principale": TEXT, "libelle_activite_principale": TEXT, "naf_section": TEXT,
        "libelle_naf_section": TEXT, "activite_principale_naf25": TEXT, "libelle_activite_principale_naf25": TEXT,
        "naf25_section": TEXT, "libelle_naf25_section": TEXT, "departement": TEXT, "siret_siege": TEXT,
        "libelle_departement": TEXT, "region": TEXT, "libelle_region": TEXT, "creation": DAY, "est_actif": FLAG,
    },
    "clean_sirene_histo": {"siret": TEXT, "date_debut": DAY, "date_fin": DAY, "est_actif": FLAG},
    "clean_effectif": {"siret": TEXT, "periode": DAY, "effectif": WHOLE, "is_latest": FLAG},
    "clean_effectif_ent": {"siren": TEXT, "periode": DAY, "effectif_ent": WHOLE, "is_latest": FLAG},
    "clean_cotisation": {"siret": TEXT, "periode": DAY, "du": REAL},
    "clean_debit": {"siret": TEXT, "periode": DAY, "part_ouvriere": REAL, "part_patronale": REAL, "is_last": FLAG},
    "clean_delai": {
        "siret": TEXT, "date_creation": DAY, "date_echeance": DAY, "duree_delai": WHOLE, "montant_echeancier": REAL,
        "stade": TEXT, "action": TEXT,
    },
    "clean_ap": {
        "siret": TEXT, "siren": TEXT, "periode": DAY, "etp_autorise": REAL, "etp_consomme": REAL,
        "motif_recours": TEXT, "is_last": FLAG,
    },
    "clean_procol": {"siren": TEXT, **EVENT},
    "clean_procol_at_date": {"siren": TEXT, "periode": DAY, **EVENT},
}  # fmt: skip
"""Columns and types that the consumers of the earlier importer read, in its order."""

AS_OF = m("2026-10")
DOCUMENTS = Path(__file__).parents[2] / "docs/dev/reference"


def run(*arguments: object) -> Result:
    return CliRunner().invoke(app, [str(argument) for argument in arguments])


@pytest.fixture(scope="module")
def france(tmp_path_factory: pytest.TempPathFactory) -> Lake:
    """A lake of 200 companies and four batches."""
    folder = tmp_path_factory.mktemp("export")
    simulate(folder / "fake", companies=200, seed=3, first_month=m("2022-01"), until_month=AS_OF)
    for batch in ("2607", "2608", "2609", "2610"):
        done = run("import", folder / "fake/raw", "--batch", batch, "--lake", folder / "lake", "--accept", "test")
        assert done.exit_code == 0, done.output
    return open_lake(folder / "lake")


def digests(folder: Path) -> dict[str, str]:
    return {path.name: hashlib.sha256(path.read_bytes()).hexdigest() for path in sorted(folder.iterdir())}


def standing(lake: Lake, source: str) -> list[Row]:
    """Rows of a source that stand, for what the tests compute by themselves."""
    with Engine(lake.root.parent / "scratch") as engine:
        table = engine.arrow(f"SELECT * FROM ({versions_sql(lake, source, AS_OF)}) WHERE until_month IS NULL")
    rows: list[Row] = table.to_pylist()
    return rows


def test_every_table_has_the_columns_that_its_consumers_read(france: Lake, tmp_path: Path) -> None:
    done = run("export", tmp_path / "clean", "--lake", france.root)
    assert done.exit_code == 0, done.output
    assert set(digests(tmp_path / "clean")) == {*(f"{name}.parquet" for name in TABLES), "manifest.json"}
    for name, columns in TABLES.items():
        schema = pq.read_schema(tmp_path / "clean" / f"{name}.parquet")
        assert dict(zip(schema.names, schema.types, strict=True)) == columns, name
        assert schema.names == list(columns), name
        assert pq.read_metadata(tmp_path / "clean" / f"{name}.parquet").num_rows > 0, name


def test_the_manifest_tells_what_was_written_and_from_what(france: Lake, tmp_path: Path) -> None:
    export(france, tmp_path / "clean", AS_OF)
    manifest = json.loads((tmp_path / "clean/manifest.json").read_text(encoding="utf-8"))
    found = digests(tmp_path / "clean")
    for name, columns in TABLES.items():
        table = manifest["tables"][name]
        rows = pq.read_metadata(tmp_path / "clean" / table["file"]).num_rows
        assert (table["sha256"], table["rows"]) == (found[table["file"]], rows)
        assert [column["name"] for column in table["columns"]] == list(columns)
    assert (manifest["as_of"], manifest["is_synthetic"], manifest["lake_reading"]) == ("2026-10", True, "exact")
    assert manifest["parameters"]["effectif"] == "sum"
    assert manifest["parameters"]["rules"]["window_months"] == 36
    export(france, tmp_path / "before", m("2026-09"))
    before = json.loads((tmp_path / "before/manifest.json").read_text(encoding="utf-8"))
    assert before["inputs_sha256"] != manifest["inputs_sha256"]


def test_the_same_inputs_give_the_same_bytes(france: Lake, tmp_path: Path) -> None:
    for name in ("one", "two", "one"):
        export(france, tmp_path / name, AS_OF)
    assert digests(tmp_path / "one") == digests(tmp_path / "two")
    assert sorted(path.name for path in tmp_path.iterdir()) == ["one", "two"], "nothing is left beside"


def test_only_the_tables_asked_for_are_written(france: Lake, tmp_path: Path) -> None:
    assert run("export", tmp_path / "a", "--lake", france.root, "--perimeter-only").exit_code == 0
    assert set(digests(tmp_path / "a")) == {"clean_filter.parquet", "manifest.json"}
    assert run("export", tmp_path / "a", "--lake", france.root, "--only", "clean_ap").exit_code == 0
    assert set(digests(tmp_path / "a")) == {"clean_ap.parquet", "manifest.json"}
    assert run("export", tmp_path / "b", "--lake", france.root, "--only", "clean_ap,clean_delai").exit_code == 0
    assert set(digests(tmp_path / "b")) == {"clean_ap.parquet", "clean_delai.parquet", "manifest.json"}
    both = run("export", tmp_path / "c", "--lake", france.root, "--only", "clean_ap", "--perimeter-only")
    assert (both.exit_code, (tmp_path / "c").exists()) == (2, False)
    refused = run("export", tmp_path / "a", "--lake", france.root, "--only", "clean_ccsf")
    assert isinstance(refused.exception, InputError)
    assert set(digests(tmp_path / "a")) == {"clean_ap.parquet", "manifest.json"}


def test_the_reference_reading_is_another_export(france: Lake, tmp_path: Path) -> None:
    done = run("export", tmp_path / "clean", "--lake", france.root, "--compat")
    assert done.exit_code == 0, done.output
    assert "import --compat" in done.stderr
    manifest = json.loads((tmp_path / "clean/manifest.json").read_text(encoding="utf-8"))
    assert manifest["parameters"]["is_reference"] is True
    assert manifest["parameters"]["effectif"] == "accounts"
    assert manifest["parameters"]["rules"]["excludes_sole_traders"] is False
    addresses = pq.read_table(tmp_path / "clean/clean_sirene.parquet")["adresse"].to_pylist()
    assert all("(" in address for address in addresses)


def test_restricted_tables_hold_no_company_out_of_the_perimeter(france: Lake, tmp_path: Path) -> None:
    export(france, tmp_path / "in", AS_OF)
    export(france, tmp_path / "all", AS_OF, reading=Reading.chosen(AS_OF, has_filter=False))
    perimeter = set(pq.read_table(tmp_path / "in/clean_filter.parquet")["siren"].to_pylist())
    everyone = {row["siren"] for row in standing(france, "sirene_ul")}
    assert 0 < len(perimeter) < len(everyone)
    for name in set(TABLES) - {"clean_filter", "clean_sirene", "clean_sirene_ul"}:
        key = "siren" if "siren" in TABLES[name] else "siret"
        found = {value[:9] for value in pq.read_table(tmp_path / f"in/{name}.parquet")[key].to_pylist()}
        assert found <= perimeter, name
        wide = {value[:9] for value in pq.read_table(tmp_path / f"all/{name}.parquet")[key].to_pylist()}
        assert found <= wide, name
    assert wide - perimeter, "some company out of the perimeter has rows"


@pytest.mark.parametrize("is_reference", [False, True])
def test_debts_are_those_that_a_reader_would_compute(france: Lake, tmp_path: Path, is_reference: bool) -> None:
    """Balance at each event month: for each debt, the last operation booked by then; one loop, no window."""
    reading = Reading.chosen(AS_OF, is_reference=is_reference)
    export(france, tmp_path / "clean", AS_OF, reading=reading, only=["clean_filter", "clean_debit"])
    perimeter = set(pq.read_table(tmp_path / "clean/clean_filter.parquet")["siren"].to_pylist())
    last: dict[str, dict[Any, dict[int, Row]]] = defaultdict(lambda: defaultdict(dict))
    for row in standing(france, "debit"):
        day = row["date_traitement"]
        month = day.year * 12 + day.month - 1 + (day.day > 20)
        debt = (row["start_month"], row["end_month"], row["numero_ecart"], None if is_reference else row["compte"])
        held = last[row["siret"]][debt].get(month)
        if held is None or rank(row, is_reference) > rank(held, is_reference):
            last[row["siret"]][debt][month] = row
    expected = {}
    for siret, debts in last.items():
        for month in {month for operations in debts.values() for month in operations}:
            known = [max((t for t in ops if t <= month), default=None) for ops in debts.values()]
            rows = [ops[t] for ops, t in zip(debts.values(), known, strict=True) if t is not None]
            cents = tuple(sum(row[f"{part}_cents"] for row in rows) for part in ("part_ouvriere", "part_patronale"))
            expected[siret, first_day(month)] = cents
    found = pq.read_table(tmp_path / "clean/clean_debit.parquet").to_pylist()
    kept = {key: cents for key, cents in expected.items() if key[0][:9] in perimeter}
    assert len(found) > 200
    assert {
        (row["siret"], row["periode"]): (round(row["part_ouvriere"] * 100), round(row["part_patronale"] * 100))
        for row in found
    } == kept


def rank(row: Row, is_reference: bool) -> tuple[Any, ...]:
    """Which of two operations of a debt in one month is the last."""
    number = row["numero_historique"]
    missing = float("inf") if is_reference else float("-inf")
    amounts = (-row["part_ouvriere_cents"], -row["part_patronale_cents"])
    return (missing if number is None else number, row["date_traitement"], *amounts)


def test_contributions_shared_or_not_add_up_to_the_cent(france: Lake, tmp_path: Path) -> None:
    totals = []
    for rule in ("start", "monthly"):
        arguments = ("--only", "clean_cotisation", "--no-filter", "--cotisation", rule)
        assert run("export", tmp_path / "clean", "--lake", france.root, *arguments).exit_code == 0
        table = pq.read_table(tmp_path / "clean/clean_cotisation.parquet").to_pylist()
        sums: dict[str, int] = defaultdict(int)
        for row in table:
            sums[row["siret"]] += round((row["du"] or 0) * 100)
        totals.append((len(table), sums))
    assert totals[0][1] == totals[1][1]
    assert totals[0][0] < totals[1][0], "some contributions are of several months"


def test_an_export_that_fails_leaves_the_one_that_was_there(france: Lake, tmp_path: Path) -> None:
    broken = tmp_path / "lake"
    shutil.copytree(france.root, broken)
    export(open_lake(broken), tmp_path / "clean", AS_OF)
    before = digests(tmp_path / "clean")
    last = staged_deliveries(france, "procol")[-1]
    for part in open_lake(broken).staged("procol", last).glob("part-*.parquet"):
        part.write_bytes(b"torn")
    done = run("export", tmp_path / "clean", "--lake", broken, "--compat")
    assert done.exit_code != 0
    assert digests(tmp_path / "clean") == before
    assert sorted(path.name for path in tmp_path.iterdir()) == ["clean", "lake"]


def test_b24_a_killed_export_is_undone_and_anybody_may_read_the_folder(france: Lake, tmp_path: Path) -> None:
    export(france, tmp_path / "clean", AS_OF, only=["clean_filter"])
    (tmp_path / "clean").rename(tmp_path / ".clean.old")
    (tmp_path / ".clean.tmp").mkdir()
    (tmp_path / ".clean.tmp" / "clean_filter.parquet").write_bytes(b"")
    export(france, tmp_path / "clean", AS_OF, only=["clean_ap"])
    assert sorted(path.name for path in tmp_path.iterdir()) == ["clean"]
    assert set(digests(tmp_path / "clean")) == {"clean_ap.parquet", "manifest.json"}
    assert stat.S_IMODE((tmp_path / "clean").stat().st_mode) & 0o500 == 0o500


@pytest.mark.parametrize("content", ["notes.txt", "manifest.json"])
def test_b24_a_folder_that_holds_something_else_is_left_alone(france: Lake, tmp_path: Path, content: str) -> None:
    (tmp_path / "mine").mkdir()
    (tmp_path / "mine" / content).write_text('{"format": "other"}', encoding="utf-8")
    with pytest.raises(InputError, match="not empty"):
        export(france, tmp_path / "mine", AS_OF)
    assert [path.name for path in (tmp_path / "mine").iterdir()] == [content]


def test_b24_a_folder_that_cannot_be_written_is_an_error(france: Lake, tmp_path: Path) -> None:
    (tmp_path / "file").write_text("", encoding="utf-8")
    with pytest.raises(InputError, match="cannot be written"):
        export(france, tmp_path / "file" / "clean", AS_OF)


def test_an_empty_source_gives_an_empty_table_of_the_right_columns(tmp_path: Path) -> None:
    lake = new_lake(tmp_path / "lake")
    stage(lake, "effectif_ent", AS_OF, [])
    made = export(lake, tmp_path / "clean", AS_OF)
    assert made.rows == dict.fromkeys(TABLES, 0)
    for name, columns in TABLES.items():
        schema = pq.read_schema(tmp_path / "clean" / f"{name}.parquet")
        assert dict(zip(schema.names, schema.types, strict=True)) == columns, name


@pytest.mark.parametrize("as_of", ["2026-06", "2026-11"])
def test_a_month_that_the_lake_does_not_reach_is_refused(france: Lake, tmp_path: Path, as_of: str) -> None:
    with pytest.raises(StageError, match="from 2607 to 2610"):
        export(france, tmp_path / "clean", m(as_of))
    assert list(tmp_path.iterdir()) == []


def test_the_catalogue_holds_every_table() -> None:
    assert list(VIEWS) == list(TABLES)


def test_the_page_of_the_clean_tables_has_every_column() -> None:
    page = (DOCUMENTS / "clean-tables.md").read_text(encoding="utf-8")
    sections = dict(re.findall(r"^### `(\w+)`\n(.*?)(?=^### |\Z)", page, re.MULTILINE | re.DOTALL))
    assert {name: re.findall(r"^\| `(\w+)` \|", text, re.MULTILINE) for name, text in sections.items()} == {
        name: list(columns) for name, columns in TABLES.items()
    }


def test_the_page_of_differences_has_every_item_once() -> None:
    page = (DOCUMENTS / "differences.md").read_text(encoding="utf-8")
    rows = re.findall(r"^\| (B[0-9]+) \|(.*)\|$", page, re.MULTILINE)
    assert [number for number, _ in rows] == [f"B{rank}" for rank in range(1, 33)]
    assert {text.count(" | ") for _, text in rows} == {6}
