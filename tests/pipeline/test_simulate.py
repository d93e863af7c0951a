"""The simulator end to end: same bytes, right delays, right dirt, truth apart."""

from __future__ import annotations

import csv
import gzip
import hashlib
import io
import re
from datetime import date
from pathlib import Path

import pyarrow.compute as pc
import pyarrow.parquet as pq
import pytest

from signaux_faibles.domain.errors import InputError
from signaux_faibles.domain.periode import month_of
from signaux_faibles.domain.siren import Identifier, siren_kind
from signaux_faibles.synthetic import SimulationSummary, simulate

FIRST, UNTIL = 2019 * 12, 2022 * 12 + 5


def _run(out: Path, **changes: object) -> SimulationSummary:
    given: dict[str, object] = {"companies": 620, "seed": 5, "first_month": FIRST, "until_month": UNTIL}
    return simulate(out, **{**given, **changes})  # type: ignore[arg-type]


def _digests(folder: Path) -> dict[str, str]:
    files = sorted(path for path in folder.rglob("*") if path.is_file())
    return {str(path.relative_to(folder)): hashlib.sha256(path.read_bytes()).hexdigest() for path in files}


def _content(path: Path) -> bytes:
    return gzip.decompress(path.read_bytes()) if path.suffix == ".gz" else path.read_bytes()


def _rows(path: Path, separator: str = ";") -> list[dict[str, str]]:
    encoding = "iso-8859-15" if path.name.startswith("altares") else "utf-8"
    text = _content(path).decode(encoding)
    return [row for row in csv.DictReader(io.StringIO(text), delimiter=separator) if None not in row.values()]


@pytest.fixture(scope="module")
def clean(tmp_path_factory: pytest.TempPathFactory) -> Path:
    out = tmp_path_factory.mktemp("clean")
    _run(out, dirt=False, batches=5)
    return out


@pytest.fixture(scope="module")
def dirty(tmp_path_factory: pytest.TempPathFactory) -> Path:
    out = tmp_path_factory.mktemp("dirty")
    _run(out, companies=1500, batches=2)
    return out


def test_two_processes_write_the_same_bytes_as_one(tmp_path: Path) -> None:
    one, two = _run(tmp_path / "one", processes=1), _run(tmp_path / "two", processes=2)
    assert one == two
    assert _digests(tmp_path / "one") == _digests(tmp_path / "two")


def test_another_seed_is_another_country(tmp_path: Path) -> None:
    _run(tmp_path / "one", companies=50)
    _run(tmp_path / "two", companies=50, seed=6)
    one, two = _digests(tmp_path / "one" / "raw"), _digests(tmp_path / "two" / "raw")
    assert one.keys() == two.keys()
    same = {name for name in one if one[name] == two[name]}
    assert same <= {name for name in one if name.endswith("ccsf.csv")} | {"SYNTHETIC"}, (
        "fifty companies may ask no plan"
    )


def test_a_company_does_not_depend_on_how_many_there_are(clean: Path, tmp_path: Path) -> None:
    _run(tmp_path, companies=100, dirt=False, batches=5)
    sirens = {row["siren"].encode() for row in _rows(tmp_path / "raw" / "2206" / "sireneUL.csv", ",")}
    assert 80 < len(sirens) <= 100
    number = re.compile(rb"(?<![0-9])([0-9]{9})(?:[0-9]{5})?(?![0-9])")
    for path in sorted((tmp_path / "raw").rglob("*.*")):
        few = _content(path).splitlines()[1:]
        many = _content(clean / path.relative_to(tmp_path)).splitlines()[1:]
        few = few[:-1] if path.name.startswith("altares") else few
        assert few == [line for line in many if sirens & set(number.findall(line))], path.name
        assert len(few) < len(many), path.name


def test_a_later_month_adds_batches_and_leaves_the_past_alone(tmp_path: Path) -> None:
    _run(tmp_path / "early", batches=4)
    _run(tmp_path / "late", batches=6, until_month=UNTIL + 2)
    early, late = _digests(tmp_path / "early" / "raw"), _digests(tmp_path / "late" / "raw")
    assert {name[:4] for name in late} - {name[:4] for name in early} == {"2207", "2208"}
    assert early == {name: digest for name, digest in late.items() if name in early}
    shorter, longer = (pq.read_table(tmp_path / name / "truth" / "health.parquet") for name in ("early", "late"))
    assert longer.filter(pc.less_equal(longer["month"], UNTIL)).equals(shorter)


def test_summary_counts_what_is_written(tmp_path: Path) -> None:
    summary = _run(tmp_path / "out", dirt=False)
    assert (summary.companies, summary.months, summary.batches) == (620, 42, ("2203", "2204", "2205", "2206"))
    last = tmp_path / "out" / "raw" / "2206"
    assert summary.rows == {
        path.name: _content(path).count(b"\n") - 1 - path.name.startswith("altares") for path in last.iterdir()
    }
    assert summary.failures == pq.read_metadata(tmp_path / "out" / "truth" / "failures.parquet").num_rows
    assert summary.dirty_rows == 0


def test_every_siren_is_invented(clean: Path) -> None:
    rows = _rows(clean / "raw" / "2206" / "sireneUL.csv", ",")
    assert len(rows) > 500
    assert {siren_kind(row["siren"]) for row in rows} == {Identifier.FAKE}


def test_headcount_of_a_month_comes_three_months_later(clean: Path) -> None:
    header = _content(clean / "raw" / "2206" / "sigfaible_effectif_siren.csv.gz").splitlines()[0].decode().split(";")
    assert header[1] == "eff201911"
    assert header[-2] == "eff202213"
    rows = _rows(clean / "raw" / "2206" / "sigfaible_effectif_siren.csv.gz")
    filled = sum(row["eff202213"] != "" for row in rows) / sum(row["eff202142"] != "" for row in rows)
    assert 0.88 < filled < 0.99


def test_some_headcounts_are_revised(clean: Path) -> None:
    early = {row["siren"]: row for row in _rows(clean / "raw" / "2202" / "sigfaible_effectif_siren.csv.gz")}
    late = {row["siren"]: row for row in _rows(clean / "raw" / "2206" / "sigfaible_effectif_siren.csv.gz")}
    changed = [
        (siren, name)
        for siren, row in early.items()
        for name, value in row.items()
        if name.startswith("eff") and value and late[siren][name] != value
    ]
    assert 5 < len(changed) < 0.02 * 34 * len(early)


def test_operations_of_a_month_come_the_month_after(clean: Path) -> None:
    for batch, month in (("2202", "12201"), ("2206", "12205")):
        dates = [row["Dt_trt_ecn"] for row in _rows(clean / "raw" / batch / "sigfaible_debits.csv.gz")]
        assert max(dates)[:5] == month[:5]


def test_contributions_only_grow_but_for_moves(clean: Path) -> None:
    early, late = (
        {(row["Compte"], row["periode"]): row["cotis_due"] for row in _rows(clean / "raw" / batch / name)}
        for batch in ("2202", "2206")
        for name in ("sigfaible_cotisdues.csv.gz",)
    )
    assert set(early) < set(late)
    assert all(late[key] == value for key, value in early.items())


def test_a_move_reattributes_the_whole_account(tmp_path: Path) -> None:
    _run(tmp_path / "out", companies=2000, dirt=False, batches=8)
    early, late = (
        {(row["Compte"], row["periode"]): row["Siret"] for row in _rows(tmp_path / "out" / "raw" / batch / name)}
        for batch in ("2111", "2206")
        for name in ("sigfaible_cotisdues.csv.gz",)
    )
    moved = {account for (account, period), siret in early.items() if late[account, period] != siret}
    assert len(moved) >= 3
    for account in moved:
        assert len({siret for (one, _), siret in late.items() if one == account}) == 1


def test_payment_delays_are_a_flow(clean: Path) -> None:
    raw = clean / "raw"
    first = _rows(raw / "2202" / "altares_mensuel_202201.csv")
    later = _rows(raw / "2203" / "altares_mensuel_202202.csv")
    assert {row["date_valeur"] for row in later} == {"2022-02-28"}
    months = {row["date_valeur"][:7] for row in first}
    assert (min(months), max(months), len(months)) == ("2019-01", "2022-01", 37)
    end = _content(raw / "2203" / "altares_mensuel_202202.csv").splitlines()[-1]
    assert end == f"Fin du fichier : total {len(later)} ligne(s)".encode()


def test_a_closed_establishment_is_known_the_month_after(clean: Path) -> None:
    states = {
        batch: {
            row["siret"]: (row["etatAdministratifEtablissement"], row["dateDebut"])
            for row in _rows(clean / "raw" / batch / "StockEtablissement_utf8_geo.csv", ",")
        }
        for batch in ("2204", "2205")
    }
    closed = [siret for siret, (state, _) in states["2205"].items() if state == "F" and states["2204"][siret][0] == "A"]
    assert closed
    assert {states["2205"][siret][1][:7] for siret in closed} == {"2022-04"}
    opened = set(states["2205"]) - set(states["2204"])
    assert {states["2205"][siret][1][:7] for siret in opened} <= {"2022-04"}


def test_truth_holds_a_probability_outside_proceedings_only(clean: Path) -> None:
    table = pq.read_table(clean / "truth" / "health.parquet")
    inside = table["is_in_procol"]
    assert pc.sum(inside).as_py() > 0
    assert pc.all(pc.equal(pc.is_null(table["probability_18m"]), inside)).as_py()
    assert pc.min(table["month"]).as_py() == FIRST
    assert pc.max(table["month"]).as_py() == UNTIL
    pairs = pc.binary_join_element_wise(table["siren"], pc.cast(table["month"], "string"), "-")
    assert pc.count_distinct(pairs).as_py() == len(table)


def test_truth_agrees_with_the_files_of_proceedings(clean: Path) -> None:
    failures = pq.read_table(clean / "truth" / "failures.parquet").to_pylist()
    assert {row["cause"] for row in failures} <= {"health", "decline", "shock", "unannounced"}
    opened = {
        (row["Siren"], row["Dt_effet"])
        for row in _rows(clean / "raw" / "2206" / "sigfaible_pcoll.csv")
        if "ouverture" in row["Lib_actx_stdx"].lower()
    }
    known = [row for row in failures if month_of(row["date"]) < UNTIL]
    assert len(known) > 5
    assert {(row["siren"], _sas(row["date"])) for row in known} <= opened


def _sas(day: date) -> str:
    return day.strftime("%d%b%Y").upper()


def test_dirt_leaves_the_truth_alone(tmp_path: Path) -> None:
    _run(tmp_path / "with", companies=100)
    _run(tmp_path / "without", companies=100, dirt=False)
    assert _digests(tmp_path / "with" / "truth") == _digests(tmp_path / "without" / "truth")


def test_dirt_stays_under_its_rate(dirty: Path, tmp_path: Path) -> None:
    name = "sigfaible_cotisdues.csv.gz"
    _run(tmp_path / "clean", companies=1500, batches=2, dirt=False)
    soiled = set(_content(dirty / "raw" / "2206" / name).splitlines())
    spared = set(_content(tmp_path / "clean" / "raw" / "2206" / name).splitlines())
    assert 0.0003 < len(soiled - spared) / len(spared) < 0.002


def test_each_file_has_the_dirt_of_its_producer(dirty: Path) -> None:
    raw = dirty / "raw" / "2206"
    assert (raw / "demande_ap.csv").read_bytes().startswith(b'\xef\xbb\xbf"ID_DA"')
    proceedings = (raw / "sigfaible_pcoll.csv").read_bytes()
    assert proceedings.count(b"\r\n") == proceedings.count(b"\n") - 1
    assert b"\n\n" in (raw / "sigfaible_ccsf.csv").read_bytes()
    last = (raw / "consommation_ap.csv").read_bytes().splitlines()[-1]
    assert not (raw / "consommation_ap.csv").read_bytes().endswith(b"\n")
    assert last.count(b",") < 5


def test_clean_files_have_the_fields_of_their_header(clean: Path) -> None:
    for path in sorted((clean / "raw" / "2206").iterdir()):
        separator = "," if path.name.startswith(("Stock", "sirene", "demande", "consommation")) else ";"
        lines = _content(path).decode("iso-8859-15").splitlines()
        lines = lines[:-1] if path.name.startswith("altares") else lines
        widths = {len(row) for row in csv.reader(lines, delimiter=separator)}
        assert len(widths) == 1, path.name
        assert len(lines) == len(set(lines)), path.name


def test_every_month_can_be_a_batch(tmp_path: Path) -> None:
    summary = _run(tmp_path / "out", companies=20, batches=0)
    assert (summary.batches[0], summary.batches[-1], len(summary.batches)) == ("1907", "2206", 36)
    raw = tmp_path / "out" / "raw"
    assert {path.name for path in raw.iterdir()} == {*summary.batches, "SYNTHETIC"}
    assert all(len(list((raw / batch).iterdir())) == 15 for batch in summary.batches)


def test_progress_counts_blocks(tmp_path: Path) -> None:
    seen: list[tuple[int, int]] = []
    _run(tmp_path / "out", companies=1001, progress=lambda done, total: seen.append((done, total)))
    assert seen == [(1, 3), (2, 3), (3, 3)]


def test_a_used_folder_is_refused(tmp_path: Path) -> None:
    (tmp_path / "kept").write_text("x", encoding="utf-8")
    with pytest.raises(InputError, match="not empty"):
        _run(tmp_path)


@pytest.mark.parametrize(
    "changes",
    [
        {"companies": 0},
        {"until_month": FIRST + 3},
        {"processes": 0},
        {"scenario": "x"},
        {"profile": "secret"},
        {"every": 0},
    ],
)
def test_impossible_orders_are_refused_before_anything_is_written(tmp_path: Path, changes: dict[str, object]) -> None:
    with pytest.raises(InputError):
        _run(tmp_path / "out", **changes)
    assert not (tmp_path / "out").exists()


def test_batches_further_apart_hold_every_row_between_them(clean: Path, tmp_path: Path) -> None:
    summary = _run(tmp_path / "out", dirt=False, batches=2, every=4)
    assert summary.batches == ("2202", "2206")
    flow = _rows(tmp_path / "out" / "raw" / "2206" / "altares_mensuel_202205.csv")
    assert {row["date_valeur"][:7] for row in flow} == {"2022-02", "2022-03", "2022-04", "2022-05"}
    monthly = [
        row for batch in ("2203", "2204", "2205", "2206") for row in _rows(next((clean / "raw" / batch).glob("alt*")))
    ]
    assert sorted(map(repr, flow)) == sorted(map(repr, monthly))
    stock = "sigfaible_debits.csv.gz"
    assert (tmp_path / "out" / "raw" / "2206" / stock).read_bytes() == (clean / "raw" / "2206" / stock).read_bytes()


def test_the_open_profile_writes_the_public_files_of_the_same_country(clean: Path, tmp_path: Path) -> None:
    _run(tmp_path / "out", dirt=False, batches=1, profile="open")
    last = tmp_path / "out" / "raw" / "2206"
    assert {path.name for path in last.iterdir()} == {
        "StockUniteLegale_utf8.csv",
        "StockEtablissement_utf8.csv",
        "StockEtablissementHistorique_utf8.csv",
        "annonces-commerciales.csv",
        "ratios_inpi_bce.csv",
    }
    for name in ("StockEtablissementHistorique_utf8.csv", "annonces-commerciales.csv", "ratios_inpi_bce.csv"):
        assert (last / name).read_bytes() == (clean / "raw" / "2206" / name).read_bytes(), name
    public, partner = (
        _rows(path, ",") for path in (last / "StockUniteLegale_utf8.csv", clean / "raw/2206/sireneUL.csv")
    )
    assert [row["siren"] for row in public] == [row["siren"] for row in partner]
    assert {row["trancheEffectifsUniteLegale"] for row in partner} == {""}
    assert {row["anneeEffectifsUniteLegale"] for row in public} == {"", "2019"}
    assert [row["denominationUniteLegale"] for row in public] == [row["denominationUniteLegale"] for row in partner]
