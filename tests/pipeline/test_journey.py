"""The command line, from a fake France to a release, twice; and what a user is told when it cannot go on."""

from __future__ import annotations

import fcntl
import hashlib
import json
import os
import shutil
import socket
import subprocess
import sys
import time
from pathlib import Path

import duckdb
import pyarrow.parquet as pq
import pytest

from deep import examples
from signaux_faibles.domain.periode import parse_month
from signaux_faibles.engine import parquet_sql
from signaux_faibles.lake import open_lake
from signaux_faibles.panel.grid import HISTORY_MONTHS
from signaux_faibles.panel.store import table_files
from signaux_faibles.pipeline.run import make_release, run
from signaux_faibles.release.reader import read_table, verify_release

COMPANIES, UNTIL, FIRST_LIST, KEYS = 400, "2026-10", "2026-07", ("2607", "2610")
COMMAND = (sys.executable, "-m", "signaux_faibles.cli")


def signaux(*arguments: object, lake: Path | None = None) -> subprocess.CompletedProcess[str]:
    """Run the command line as a user would."""
    options = ["--lake", str(lake)] if lake else []
    return subprocess.run(
        [*COMMAND, *map(str, arguments), *options], capture_output=True, text=True, timeout=300, check=False
    )


def done(result: subprocess.CompletedProcess[str]) -> str:
    """Output of a command that must have succeeded."""
    assert result.returncode == 0, result.stderr
    return result.stdout


def hashes(folder: Path, *, without: tuple[str, ...] = ("journal.parquet", ".lock")) -> dict[str, str]:
    """sha256 of every file below a folder, by relative path."""
    return {
        str(path.relative_to(folder)): hashlib.sha256(path.read_bytes()).hexdigest()
        for path in sorted(folder.rglob("*"))
        if path.is_file() and path.name not in without
    }


@pytest.fixture(scope="module")
def france(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A fake France of 400 companies, simulated once."""
    out = tmp_path_factory.mktemp("france") / "fake"
    done(signaux("simulate", out, "--companies", COMPANIES, "--seed", 1, "--until", UNTIL, "--processes", 1))
    return out


def journey(france: Path, lake: Path) -> None:
    """Every command up to two releases."""
    for key in KEYS:
        done(signaux("import", france / "raw", "--batch", key, lake=lake))
    for month in (FIRST_LIST, UNTIL):
        done(signaux("panel", "--as-of", month, lake=lake))
    done(signaux("train", "boosting", "--as-of", FIRST_LIST, lake=lake))
    for month in (FIRST_LIST, UNTIL):
        done(signaux("list", "--as-of", month, lake=lake))
        done(signaux("release", "--as-of", month, lake=lake))
    done(signaux(*PERIMETER, lake=lake))


PERIMETER = ("perimeter", "--as-of", UNTIL, "--against", FIRST_LIST)


@pytest.fixture(scope="module")
def made(france: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The lake after the whole journey."""
    lake = tmp_path_factory.mktemp("made") / "lake"
    journey(france, lake)
    return lake


def releases(lake: Path) -> list[Path]:
    return sorted(path.parent for path in (lake / "releases").glob("*/manifest.json"))


def test_the_journey_ends_with_two_releases_that_verify(made: Path) -> None:
    first, second = (verify_release(folder) for folder in releases(made))
    assert (first.list_month, second.list_month) == (FIRST_LIST, UNTIL)
    assert second.is_synthetic
    assert second.counts["scores"] > 100
    assert second.threshold_eleve >= second.threshold_modere > 0
    assert second.freshness["debit"] == "2026-09"


def test_bars_add_up_exactly_to_the_displayed_probability(made: Path) -> None:
    folder = releases(made)[-1]
    probability = {
        row["siren"]: row["probability_18m"]
        for row in read_table(folder, "scores").to_pylist()
        if row["probability_18m"] is not None
    }
    by_theme: dict[str, float] = dict.fromkeys(probability, 0.0)
    features: dict[tuple[str, str], float] = {}
    themes: dict[tuple[str, str], float] = {}
    for row in read_table(folder, "explications").to_pylist():
        if row["nature"] == "variable":
            key = (row["siren"], row["theme"])
            features[key] = features.get(key, 0.0) + row["points"]
        if row["nature"] in ("base", "theme"):
            by_theme[row["siren"]] += row["points"]
        if row["nature"] == "theme":
            themes[row["siren"], row["theme"]] = row["points"]
    assert set(by_theme) == set(probability)
    assert max(abs(by_theme[siren] - probability[siren]) for siren in probability) < 1e-12
    assert features, "alerted companies have their features one by one"
    assert max(abs(features[key] - themes[key]) for key in features) < 1e-12


def test_every_row_of_a_release_is_of_an_invented_company_of_the_list(made: Path) -> None:
    folder = releases(made)[-1]
    companies = set(read_table(folder, "entreprises")["siren"].to_pylist())
    for name, column in (
        ("scores", "siren"),
        ("etablissements", "siren"),
        ("comptes", "siren"),
        ("procedures", "siren"),
    ):
        assert set(read_table(folder, name)[column].to_pylist()) <= companies
    assert {text[:9] for text in read_table(folder, "series")["id"].to_pylist()} <= companies


def test_changes_between_two_lists_follow_their_levels(made: Path) -> None:
    scores = read_table(releases(made)[-1], "scores").to_pylist()
    before = {row["siren"]: row["niveau"] for row in read_table(releases(made)[0], "scores").to_pylist()}
    rank = {"eleve": 2, "modere": 1, "aucun": 0, None: 0}
    for row in scores:
        now, then = rank[row["niveau"]], rank[before.get(row["siren"])]
        assert row["niveau_precedent"] == before.get(row["siren"])
        assert row["is_first_alert"] == (now > 0 and then == 0)
        assert (row["evolution"] in ("entree", "aggravation")) == (now > then)
        assert (row["evolution"] in ("sortie", "amelioration")) == (now < then)


def test_a_company_known_in_proceedings_is_set_apart_not_scored(made: Path) -> None:
    rows = [row for row in read_table(releases(made)[-1], "scores").to_pylist() if row["exclusion"] == "procedure"]
    assert rows
    assert {row["probability_18m"] for row in rows} == {None}
    assert "in_bonis" not in {row["etat_procol"] for row in rows}


def test_the_same_journey_gives_the_same_bytes(france: Path, made: Path, tmp_path: Path) -> None:
    journey(france, tmp_path / "lake")
    assert hashes(tmp_path / "lake") == hashes(made)


def test_nothing_is_done_twice_unless_forced(made: Path) -> None:
    before = hashes(made)
    assert "already built" in done(signaux("panel", "--as-of", UNTIL, lake=made))
    moments = {path: path.stat().st_mtime_ns for path in made.rglob("*.parquet") if path.name != "journal.parquet"}
    journal = pq.read_table(made / "journal.parquet").num_rows
    done(signaux("release", "--as-of", UNTIL, lake=made))
    assert {path: path.stat().st_mtime_ns for path in moments} == moments
    assert pq.read_table(made / "journal.parquet").num_rows == journal + 1
    assert hashes(made) == before


def test_a_panel_made_whole_again_says_the_same_and_changes_nothing_after_it(made: Path, tmp_path: Path) -> None:
    """The panel of the second month continued that of the first: made whole, it is cut in other files."""
    copy = tmp_path / "lake"
    shutil.copytree(made, copy)
    before, month = hashes(copy), parse_month(UNTIL)
    rows = {table: _rows(table_files(open_lake(copy).panel(month), table)) for table in ("panel", "features")}
    done(signaux("panel", "--as-of", UNTIL, "--force", lake=copy))
    done(signaux("list", "--as-of", UNTIL, lake=copy))
    after, place = hashes(copy), f"panel/as_of={UNTIL}/"
    assert {k: v for k, v in after.items() if not k.startswith(place)} == {
        k: v for k, v in before.items() if not k.startswith(place)
    }
    for table, told in rows.items():
        assert _rows(table_files(open_lake(copy).panel(month), table)) == told, table


def _rows(files: list[Path]) -> list[str]:
    """Rows of the months that every panel of the lake keeps, as text to the last bit."""
    recent = parse_month(UNTIL) - HISTORY_MONTHS
    rows = duckdb.sql(f"SELECT * FROM {parquet_sql(files)} WHERE month > {recent} ORDER BY siren, month").fetchall()
    return [repr(row) for row in rows]


def test_the_journal_names_the_release_made(made: Path) -> None:
    lines = pq.read_table(made / "journal.parquet").to_pylist()
    named = {line["object"]: json.loads(line["details"])["release_id"] for line in lines if line["action"] == "release"}
    assert named == {folder.name[:7]: folder.name for folder in releases(made)}


def test_a_line_of_the_journal_is_written_while_the_lake_is_held(
    made: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    copy, fsync, held = tmp_path / "lake", os.fsync, []
    shutil.copytree(made, copy)

    def note(descriptor: int) -> None:
        if "journal" in Path(f"/proc/self/fd/{descriptor}").readlink().name:
            with (copy / ".lock").open("w") as stream:
                try:
                    fcntl.flock(stream, fcntl.LOCK_EX | fcntl.LOCK_NB)
                    held.append(False)
                except BlockingIOError:
                    held.append(True)
        fsync(descriptor)

    monkeypatch.setattr(os, "fsync", note)
    make_release(open_lake(copy), parse_month(UNTIL))
    assert held == [True]


def test_a_run_made_again_does_not_judge_the_model_again(made: Path, tmp_path: Path) -> None:
    copy, months = tmp_path / "lake", (parse_month(FIRST_LIST), parse_month(UNTIL))
    shutil.copytree(made, copy)
    lake = open_lake(copy)

    def judged() -> list[tuple[str, int]]:
        return [(path.parent.name, path.stat().st_mtime_ns) for path in lake.backtest("*").parent.glob("*/*.json")]

    run(lake, months)
    once = judged()
    assert once, "nothing was judged"
    run(lake, months)
    assert judged() == once


def test_evaluate_prints_both_protocols_and_the_oracle(france: Path, made: Path, tmp_path: Path) -> None:
    lake = tmp_path / "lake"
    shutil.copytree(made, lake)
    printed = done(signaux("evaluate", "--as-of", UNTIL, "--oracle", "--truth", france / "truth", lake=lake))
    for words in ("Without companies in proceedings", "With companies in proceedings", "foret", "boosting"):
        assert words in printed
    assert printed.count("Calibration of boosting") == printed.count("Calibration of foret") == 1
    assert "foret over boosting, same rows" in printed
    for figure in (
        "AUC",
        "average precision",
        "Brier",
        "eleve: F0.5",
        "modere: F2",
        "jobs found",
        "base rate",
        "oracle",
    ):
        assert figure in printed
    card = json.loads(next((lake / "backtests").glob("boosting-*/evaluation.json")).read_text())
    assert card["with_known"]["base_rate"] > card["without_known"]["base_rate"]


def test_status_says_what_the_lake_holds(made: Path) -> None:
    printed = done(signaux("status", lake=made))
    for words in ("synthetic", "cotisation", "2610", "boosting-2026-07", "release", "list"):
        assert words in printed
    assert "in perimeter" not in printed


def test_perimeter_and_features_teach(made: Path) -> None:
    assert "seuil" in done(signaux(*PERIMETER, lake=made))
    assert "debit_sur_cotisation_months" in done(signaux("features", "--describe"))


def _fails(code: int, words: tuple[str, ...], *arguments: object, lake: Path | None = None) -> None:
    result = signaux(*arguments, lake=lake)
    assert result.returncode == code, result.stdout + result.stderr
    assert "Traceback" not in result.stderr
    for word in words:
        assert word in result.stderr, result.stderr


def test_bad_input_is_told_and_leaves_the_lake_as_it_was(france: Path, made: Path, tmp_path: Path) -> None:
    before = hashes(made)
    raw = france / "raw"
    _fails(3, ("26-10", "YYMM"), "import", raw, "--batch", "26-10", lake=made)
    _fails(3, ("2599", "YYMM"), "import", raw, "--batch", "2599", lake=made)
    _fails(3, ("2512",), "import", raw, "--batch", "2512", lake=made)
    _fails(3, ("2026-13", "YYYY-MM"), "panel", "--as-of", "2026-13", lake=made)
    _fails(3, ("magie", "tree-based, logistique, boosting"), "train", "magie", lake=made)
    _fails(4, ("No lake", "lake.json"), "status", lake=tmp_path / "absent")
    _fails(6, ("No panel", "signaux panel"), "train", "boosting", "--as-of", "2026-09", lake=made)
    _fails(6, ("No list", "signaux list"), "release", "--as-of", "2026-09", lake=made)
    assert hashes(made) == before


def test_a_file_that_cannot_be_read_is_named_and_nothing_is_staged(france: Path, tmp_path: Path) -> None:
    batch = tmp_path / "raw/2610"
    batch.mkdir(parents=True)
    (tmp_path / "raw/SYNTHETIC").touch()
    for name, content, words in (
        ("sigfaible_debits.csv", b"", ("sigfaible_debits.csv",)),
        ("sigfaible_debits.csv", b"Siret;num_cpte\n1;2\n", ("sigfaible_debits.csv", "Num_Ecn")),
        ("sigfaible_debits.csv.gz", b"not gzip", ("sigfaible_debits.csv.gz",)),
    ):
        (batch / name).write_bytes(content)
        _fails(3, words, "import", tmp_path / "raw", "--batch", "2610", lake=tmp_path / "lake")
        (batch / name).unlink()
    assert not list((tmp_path / "lake/staged").glob("*/batch=*"))


def test_a_busy_port_is_said_before_any_work(tmp_path: Path) -> None:
    with socket.socket() as busy:
        busy.bind(("127.0.0.1", 0))
        busy.listen()
        port = busy.getsockname()[1]
        _fails(5, (str(port), "--port"), "demo", "--folder", tmp_path / "demo", "--port", port)
    assert not (tmp_path / "demo").exists()


def test_a_lake_of_another_version_is_refused(made: Path, tmp_path: Path) -> None:
    lake = tmp_path / "lake"
    lake.mkdir()
    (lake / "lake.json").write_text('{"format_version": 99, "nature": "synthetic"}')
    _fails(4, ("99", "expected 1"), "panel", lake=lake)


def test_a_panel_killed_at_any_moment_is_finished_by_running_it_again(made: Path, tmp_path: Path) -> None:
    """kill -9 at five moments spread over the run, then again: the same tables as an undisturbed run."""
    lake = tmp_path / "lake"
    lake.mkdir()
    shutil.copy(made / "lake.json", lake)
    shutil.copytree(made / "staged", lake / "staged")
    started = time.monotonic()
    done(signaux("panel", "--as-of", FIRST_LIST, lake=lake))
    seconds = time.monotonic() - started
    wanted = hashes(lake / "panel")
    assert wanted == {k: v for k, v in hashes(made / "panel").items() if k.startswith(f"as_of={FIRST_LIST}/")}
    killed = 0
    kills = examples(5, deep=20)
    for share in (0.2 + 0.7 * rank / (kills - 1) for rank in range(kills)):
        shutil.rmtree(lake / "panel")
        killed += _kill_panel(lake, seconds * share)
        done(signaux("panel", "--as-of", FIRST_LIST, lake=lake))
        assert hashes(lake / "panel") == wanted
    assert killed > kills / 2, "the run was over before most of the kills: they proved nothing"


def _kill_panel(lake: Path, seconds: float) -> int:
    """Start the panel and kill it; 1 if it was still running."""
    command = [*COMMAND, "panel", "--as-of", FIRST_LIST, "--lake", str(lake)]
    process = subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    time.sleep(seconds)
    was_running = process.poll() is None
    process.kill()
    process.wait()
    (lake / "panel").mkdir(exist_ok=True)
    return int(was_running)
