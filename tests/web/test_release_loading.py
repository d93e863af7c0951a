"""A release is loaded whole, once, or not at all."""

from __future__ import annotations

import json
from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq
import pytest
from django.db import connection

from signaux_faibles.domain.errors import ReleaseError
from signaux_faibles.release.manifest import MANIFEST_NAME, sha256_of
from signaux_faibles.release.reader import read_table
from signaux_faibles.release.tables import TABLES
from signaux_faibles.web.releases.copying import COPY_OPTIONS, csv_chunks
from signaux_faibles.web.releases.derived import last_debts
from signaux_faibles.web.releases.models import MODEL_OF_TABLE, RENAMED, Entreprise, Release, Score
from signaux_faibles.web.releases.search import search_key
from signaux_faibles.web.releases.selectors import current_release, published_releases, release_of_list
from signaux_faibles.web.releases.services import load_release
from web.release_sample import CATALOGUE, COMPANIES, JULY, OCTOBER, Company, write_list, write_sample

pytestmark = pytest.mark.django_db


def state() -> dict[str, int]:
    """Rows of every table, and which release is current."""
    counts = {name: model.objects.count() for name, model in MODEL_OF_TABLE.items()}
    current = current_release()
    return counts | {"releases": Release.objects.count(), f"current {current and current.pk}": 1}


def test_every_row_of_every_table_is_loaded_with_its_values(sample: tuple[Path, Path]) -> None:
    for name, table in TABLES.items():
        names = [RENAMED.get((name, column), column) for column in table.names]
        keys = [RENAMED.get((name, column), column) for column in table.key]
        loaded = list(
            MODEL_OF_TABLE[name].objects.filter(release_id=f"essai-{OCTOBER}").order_by(*keys).values_list(*names)
        )
        written = [tuple(row.values()) for row in read_table(sample[1], name).to_pylist()]
        assert loaded == written, name


def test_models_declare_the_columns_of_the_release_and_no_other() -> None:
    added = {"entreprises": {"recherche"}, "scores": {"entreprise", "dette_urssaf_eur"}}
    for name, table in TABLES.items():
        fields = {field.name for field in MODEL_OF_TABLE[name]._meta.get_fields()}
        expected = {RENAMED.get((name, column), column) for column in table.names}
        assert fields - {"id", "release"} - added.get(name, set()) == expected, name


def test_loading_twice_changes_nothing(sample: tuple[Path, Path]) -> None:
    before, loaded_at = state(), Release.objects.get(list_month=OCTOBER).loaded_at
    assert load_release(sample[1]).loaded_at == loaded_at
    assert state() == before


def test_same_id_with_another_manifest_replaces_its_rows(tmp_path: Path) -> None:
    fewer = write_list(tmp_path, OCTOBER, companies=CATALOGUE)
    load_release(fewer)
    assert Entreprise.objects.filter(release_id=f"essai-{OCTOBER}").count() == len(CATALOGUE)
    assert Entreprise.objects.filter(release_id=f"essai-{JULY}").count() == len(COMPANIES)
    assert Release.objects.filter(is_current=True).count() == 1


def test_altered_release_is_refused_and_leaves_the_state(tmp_path: Path) -> None:
    folder = write_list(tmp_path, OCTOBER, release_id="autre")
    (folder / "rapport" / "evaluation.json").write_text("altered", encoding="utf-8")
    before = state()
    with pytest.raises(ReleaseError, match="1 file"):
        load_release(folder)
    assert state() == before


def rewrite(folder: Path, name: str, rows: list[dict[str, object]]) -> None:
    """Change a table of a release and make its manifest agree, as a faulty pipeline would."""
    pq.write_table(pa.Table.from_pylist(rows, schema=TABLES[name].arrow), folder / f"{name}.parquet")
    manifest = json.loads((folder / MANIFEST_NAME).read_text(encoding="utf-8"))
    manifest["files"][f"{name}.parquet"] = sha256_of(folder / f"{name}.parquet")
    (folder / MANIFEST_NAME).write_text(json.dumps(manifest), encoding="utf-8")


def test_failure_in_the_last_table_leaves_nothing_of_the_first(tmp_path: Path) -> None:
    folder = write_list(tmp_path, OCTOBER, release_id="pire")
    rows = read_table(folder, "dictionnaire").to_pylist()
    rewrite(folder, "dictionnaire", [*rows, rows[0]])
    before = state()
    with pytest.raises(ReleaseError, match="dictionnaire") as caught:
        load_release(folder)
    assert state() == before
    # The database quotes the offending row: the message must not.
    assert str(rows[0]["label"]) not in str(caught.value)


def test_failed_replacement_keeps_the_release_it_would_replace(tmp_path: Path) -> None:
    folder = write_list(tmp_path, OCTOBER, companies=CATALOGUE)
    rows = read_table(folder, "imports").to_pylist()
    rewrite(folder, "imports", [*rows, rows[0]])
    before = state()
    with pytest.raises(ReleaseError):
        load_release(folder)
    assert state() == before


@pytest.mark.parametrize("fault", ["orphan", "unranked"])
def test_release_that_contradicts_itself_is_refused(tmp_path: Path, fault: str) -> None:
    folder = write_list(tmp_path, OCTOBER, release_id="contradiction")
    if fault == "orphan":
        rewrite(folder, "entreprises", read_table(folder, "entreprises").to_pylist()[1:])
    else:
        rows = read_table(folder, "scores").to_pylist()
        rewrite(folder, "scores", [row | {"probability_18m": None} for row in rows])
    before = state()
    with pytest.raises(ReleaseError, match="1 scores without" if fault == "orphan" else "35 alerts without"):
        load_release(folder)
    assert state() == before


def test_current_release_is_that_of_the_latest_list_whatever_the_order_of_loading(tmp_path: Path) -> None:
    Release.objects.all().delete()
    folders = write_sample(tmp_path)
    load_release(folders[1])
    load_release(folders[0])
    assert current_release() == Release.objects.get(list_month=OCTOBER)
    assert [release.list_month for release in published_releases()] == [OCTOBER, JULY]


def test_of_two_releases_of_a_list_the_last_loaded_is_shown(tmp_path: Path) -> None:
    load_release(write_list(tmp_path, OCTOBER, release_id="corrigee", companies=CATALOGUE))
    found = release_of_list(OCTOBER)
    assert found is not None
    assert found.pk == "corrigee"
    assert [release.pk for release in published_releases()] == ["corrigee", f"essai-{JULY}"]
    assert current_release() == found


def test_debt_of_a_card_is_the_last_known_of_each_part() -> None:
    company = CATALOGUE[0]
    score = Score.objects.get(release_id=f"essai-{OCTOBER}", siren=company.siren)
    # The employees' part is unknown in the last month: its value of the month before counts.
    assert company.debt is not None
    assert score.dette_urssaf_eur == round(company.debt * 0.3 * 28 / 29) + round(company.debt * 0.7)
    unknown: Company = CATALOGUE[4]
    assert Score.objects.get(release_id=f"essai-{OCTOBER}", siren=unknown.siren).dette_urssaf_eur is None


def test_last_debts_ignores_other_series_other_levels_and_lists_without_value() -> None:
    rows = [
        {
            "id": "900100001",
            "kind": "debit_ouvriere",
            "first_month": 1,
            "values": [5.0, None, None],
            "data_class": "urssaf",
        },
        {"id": "900100001", "kind": "debit_patronale", "first_month": 1, "values": [None, 7.0], "data_class": "urssaf"},
        {"id": "900100001", "kind": "cotisation", "first_month": 1, "values": [99.0], "data_class": "urssaf"},
        {"id": "90010000100011", "kind": "debit_patronale", "first_month": 1, "values": [50.0], "data_class": "urssaf"},
        {"id": "900100002", "kind": "debit_ouvriere", "first_month": 1, "values": [None], "data_class": "urssaf"},
        {"id": "900100003", "kind": "debit_ouvriere", "first_month": 1, "values": [], "data_class": "urssaf"},
        {"id": "900100004", "kind": "debit_ouvriere", "first_month": 1, "values": None, "data_class": "urssaf"},
        {"id": "900100005", "kind": "debit_ouvriere", "first_month": 1, "values": [0.0], "data_class": "urssaf"},
    ]
    assert last_debts(pa.Table.from_pylist(rows, schema=TABLES["series"].arrow)) == {
        "900100001": 12.0,
        "900100005": 0.0,
    }


@pytest.mark.parametrize(
    ("text", "key"),
    [
        ("Chaudronnerie de l’Ouche", "chaudronnerie de l ouche"),
        ("  BŒUF & Fils, S.A.S. ", "boeuf fils s a s"),
        ("ÉLECTRICITÉ", "electricite"),
        ("Straße Łódź", "strasse lodz"),
        (None, ""),
    ],
)
def test_search_key(text: str | None, key: str) -> None:
    assert search_key(text) == key


def test_sample_is_made_without_chance(tmp_path: Path, sample: tuple[Path, Path]) -> None:
    again = write_sample(tmp_path)
    assert [(f / MANIFEST_NAME).read_bytes() for f in again] == [(f / MANIFEST_NAME).read_bytes() for f in sample]


def test_copy_text_keeps_missing_empty_and_strange_values_apart() -> None:
    table = pa.table(
        {
            "text": pa.array(["", None, 'a "b"\\ c,\nd']),
            "real": pa.array([0.1 + 0.2, None, 1e-320]),
            "texts": pa.array([[], None, ['x"y', "z\\", None, "21"]], pa.list_(pa.string())),
            "reals": pa.array([None, [], [1.5, None, -0.0]], pa.list_(pa.float64())),
        }
    )
    with connection.cursor() as cursor:
        cursor.execute("CREATE TEMP TABLE t (text text, real float8, texts text[], reals float8[], n serial)")
        with cursor.copy(f"COPY t (text, real, texts, reals) FROM STDIN {COPY_OPTIONS}") as copy:
            for chunk in csv_chunks(table.slice(0, 2)):
                copy.write(chunk)
            for chunk in csv_chunks(table.slice(2)):
                copy.write(chunk)
        cursor.execute("SELECT text, real, texts, reals FROM t ORDER BY n")
        assert cursor.fetchall() == [tuple(row.values()) for row in table.to_pylist()]
