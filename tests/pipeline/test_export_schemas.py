"""The declarations of the sources as Table Schema: what the standard's own library makes of them and of our files."""

from __future__ import annotations

import json
import re
from pathlib import Path
from typing import Any

import frictionless
import pyarrow.parquet as pq
import pytest
from frictionless import formats
from typer.testing import CliRunner

from pipeline.import_samples import A, first_batch, siret, write_batch
from signaux_faibles.cli.app import app
from signaux_faibles.schema.table_schema import table_schema
from signaux_faibles.sources import SOURCES

CONSTRAINTS = {
    "string": {"required", "pattern", "enum"},
    "integer": {"required", "minimum", "maximum"},
    "number": {"required", "minimum", "maximum"},
    "boolean": {"required"},
    "date": {"required"},
}
"""Constraints that we use and that the standard allows, by type."""

DATE_FORMATS = {"default", "%d/%m/%Y", "%d%b%Y"}


def fields(source: str) -> dict[str, dict[str, Any]]:
    return {field["name"]: field for field in table_schema(SOURCES[source])["fields"]}


def test_one_schema_for_each_source_and_an_index(tmp_path: Path) -> None:
    for _ in range(2):
        done = CliRunner().invoke(app, ["export", "--schemas", str(tmp_path / "schemas")])
        assert done.exit_code == 0, done.output
    index = json.loads((tmp_path / "schemas/index.json").read_text(encoding="utf-8"))
    named = {entry["name"]: entry["schema"] for entry in index["schemas"]}
    assert set(named) == set(SOURCES)
    assert {path.name for path in (tmp_path / "schemas").iterdir()} == {*named.values(), "index.json"}
    for name, file in named.items():
        assert json.loads((tmp_path / "schemas" / file).read_text(encoding="utf-8")) == table_schema(SOURCES[name])


def test_a_folder_that_holds_something_else_is_left_alone(tmp_path: Path) -> None:
    (tmp_path / "notes.txt").write_text("mine", encoding="utf-8")
    done = CliRunner().invoke(app, ["export", "--schemas", str(tmp_path)])
    assert done.exit_code != 0
    assert [path.name for path in tmp_path.iterdir()] == ["notes.txt"]


@pytest.mark.parametrize("source", SOURCES)
def test_words_of_a_schema_are_those_of_the_standard(source: str) -> None:
    schema = table_schema(SOURCES[source])
    names = [field["name"] for field in schema["fields"]]
    assert len(set(names)) == len(names) > 0
    assert set(schema.get("primaryKey", [])) <= set(names)
    for field in schema["fields"]:
        assert field["description"], field["name"]
        constraints = field.get("constraints", {})
        assert set(constraints) <= CONSTRAINTS[field["type"]], field["name"]
        re.compile(constraints.get("pattern", ""))
        assert field["type"] != "date" or field["format"] in DATE_FORMATS
        assert field["type"] != "boolean" or (field["trueValues"] and field["falseValues"])
    assert re.fullmatch(schema["file"]["pathPattern"], "no_such_file.csv") is None


def test_a_schema_says_what_the_producer_writes() -> None:
    debit, delai, apdemande = fields("debit"), fields("delai"), fields("apdemande")
    assert list(debit) == [column.name for column in SOURCES["debit"].raw_columns]
    assert debit["Siret"]["constraints"] == {"pattern": "[0-9]{14}", "required": True}
    assert (debit["Mt_PO"]["type"], debit["Recours_en_cours"]["type"]) == ("number", "boolean")
    assert debit["Periode"]["description"].endswith("ou 62 pour l'année.")
    assert (delai["Date_creation"]["type"], delai["Date_creation"]["format"]) == ("date", "%d/%m/%Y")
    assert fields("procol")["Dt_effet"]["format"] == "%d%b%Y"
    assert apdemande["MOTIF_RECOURS_SE"]["constraints"] == {"minimum": 1, "maximum": 7}
    assert table_schema(SOURCES["apdemande"])["primaryKey"] == ["ID_DA"]
    assert table_schema(SOURCES["sirene"])["missingValues"] == ["", "[ND]"]
    assert fields("sirene")["longitude"]["optional"] is True
    assert list(fields("paydex"))[1] == "siren", "a column known by its rank only"
    assert list(fields("bodacc")) == list(SOURCES["bodacc"].document_keys), "the keys, not the cells made of them"
    assert "monthColumns" in table_schema(SOURCES["effectif"])


BAD = {
    "cotisation": f"117;{siret(A)};C1;2450;1;1\n",
    "debit": f"{siret(A)};C1;101;1240120;202411;x;2.5;1;1;0;1;2;0\n",
    "delai": f"{siret(A)};C1;N1;5/1/24;04/07/2024;181;CAFE;SUP;2024;1;APPROB;SUR PO\n",
    "ccsf": f"{A}11;C1;1240130;DEBUT;CCSF\n",
    "procol": f"{siret(A)};15JANV2024;Ouverture_redressement\n",
    "apdemande": f"D4,{siret(A)},41.0,12.0,2023-12-20,2024-02-01,2024-04-30,1,1,10.0,8,1,1,1,1\n",
    "apconso": f"D1,{siret(A)},1,1,-1,2023-12-01\n",
    "comptes": f"{A};31/12/2022" + ";" * 20 + "\n",
}
"""A row that each source refuses, or one of whose cells it empties and reports."""
GOOD = {
    "cotisation": f"117;{siret(A)};C1;202362;;-1,005\n",
    "debit": f"{siret(A)};C1;101;1240120;202411;15050;2.5;;1;0;1;2;true\n",
    "delai": f"{siret(A)};C1;N1;05/01/2024;04/07/2024;;CAFE;SUP;2024;12500,50;APPROB;SUR PO\n",
    "ccsf": f"{siret(A)};C1;1240130;DEBUT;CCSF\n",
    "procol": f"{siret(A)};15jan2024;Ouverture_redressement\n",
    "apdemande": f'D3,{siret(A)},41.0,,2023-12-20,2024-02-01,2024-04-30,1516.7,"15000,00",10.0,,1,2.5,2.0,3\n',
    "apconso": f"D1,{siret(A)},303.34,,2.0,2023-12-15\n",
    "comptes": f"{A};20221231;,5;-4.5" + ";" * 18 + "K\n",
}


SAMPLES = ("debit", "delai", "ccsf", "apconso", "comptes", "sirene_histo", "sirene", "sirene_ul")
"""Sources whose sample file has no stray quote, no closing line and no rule that the standard cannot say."""


def sample(source: str) -> tuple[str, str]:
    """Name and text of the sample file of a source."""
    name, content = next((n, c) for n, c in first_batch().items() if SOURCES[source].matches(n))
    try:
        return name, content.decode()
    except UnicodeDecodeError:
        return name, content.decode("cp1252")


def faults(source: str, text: str) -> list[tuple[int | None, str]]:
    """Faults that the library of the standard finds in a file: line and type."""
    schema = table_schema(SOURCES[source])
    dialect = schema["file"]["dialect"]
    control = formats.CsvControl(delimiter=dialect["delimiter"], quote_char=dialect["quoteChar"])
    resource = frictionless.Resource(
        data=text.encode(),
        format="csv",
        encoding="utf-8",
        dialect=frictionless.Dialect(header_case=dialect["caseSensitiveHeader"], controls=[control]),
        schema=frictionless.Schema.from_descriptor(schema),
    )
    report = resource.validate()
    assert not report.errors, report.errors
    return [(line, kind) for line, kind in report.flatten(["rowNumber", "type"])]


def with_header(source: str, rows: str) -> str:
    return sample(source)[1].split("\n")[0] + "\n" + rows


@pytest.mark.parametrize("source", SOURCES)
def test_the_library_of_the_standard_accepts_each_schema(source: str) -> None:
    assert len(frictionless.Schema.from_descriptor(table_schema(SOURCES[source])).fields) > 0


@pytest.mark.parametrize("source", GOOD)
def test_a_row_that_we_accept_is_right_by_its_schema(source: str) -> None:
    assert faults(source, with_header(source, GOOD[source])) == []


@pytest.mark.parametrize("source", BAD)
def test_a_row_that_we_report_is_wrong_by_its_schema(source: str) -> None:
    (fault,) = faults(source, with_header(source, GOOD[source] + BAD[source]))
    assert fault[0] == 3


def test_the_library_finds_the_rows_of_our_samples_that_the_import_reports(tmp_path: Path) -> None:
    write_batch(tmp_path / "raw", "2401", first_batch())
    arguments = ["import", tmp_path / "raw", "--batch", "2401", "--lake", tmp_path / "lake", "--accept", "samples"]
    CliRunner().invoke(app, [str(argument) for argument in arguments])
    reported = 0
    for source in SAMPLES:
        rejects = pq.read_table(tmp_path / f"lake/staged/{source}/batch=2401/rejects.parquet")
        lines = set(rejects["line"].to_pylist())
        assert {line for line, _ in faults(source, sample(source)[1])} == lines, source
        reported += len(lines)
    assert reported >= len(SAMPLES)
