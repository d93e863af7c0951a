"""A delivery too far from the one before it is quarantined, and changes nothing until a reason accepts it."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

from pipeline.import_samples import (
    DEBIT_HEADER,
    FEBRUARY,
    JANUARY,
    MARCH,
    digests,
    paydex,
    paydex_row,
    sirene_row,
    siret,
    write_batch,
)
from signaux_faibles.domain.delivery import Delivery
from signaux_faibles.domain.errors import InputError
from signaux_faibles.domain.siren import Identifier, siren_kind
from signaux_faibles.engine import Engine
from signaux_faibles.ingest.importer import import_batch, open_lake_for
from signaux_faibles.ingest.manifest import IncompleteImportError, SourceReport, read_manifest
from signaux_faibles.ingest.profile import Span
from signaux_faibles.ingest.quarantine import quarantined
from signaux_faibles.ingest.versions import versions_sql
from signaux_faibles.lake import Lake
from signaux_faibles.lake.journal import read_journal
from signaux_faibles.sources.sirene import RAW as SIRENE_CELLS

SIRENS = [text for text in map(str, range(900000000, 900000300)) if siren_kind(text) is Identifier.FAKE][:200]


def debit(count: int, *, motif: str = "2", day: str = "1240115", wrong: int = 0, appeal: str = "0") -> dict[str, bytes]:
    rows = [
        f"{siret(siren)};C1;{100 + rank};{day};202311;15050;2.5;1;1;0;1;{motif};{appeal}\n"
        for rank, siren in enumerate(SIRENS[:count])
    ]
    bad = [f"{siret(siren)};C1;1;x;202311;1;1;1;1;0;1;2;0\n" for siren in SIRENS[:wrong]]
    return {"sigfaible_debits.csv": (DEBIT_HEADER + "".join(rows + bad)).encode()}


class Deliveries:
    """A lake and the batches sent to it."""

    def __init__(self, folder: Path) -> None:
        self.raw = folder / "raw"
        write_batch(self.raw, "2401", {})
        self.lake: Lake = open_lake_for(folder / "lake", self.raw)

    def send(self, batch: int | Delivery, files: dict[str, bytes], **options: object) -> SourceReport:
        key = Delivery(batch).key if isinstance(batch, int) else batch.key
        write_batch(self.raw, key, files)
        return import_batch(self.lake, self.raw, batch=batch, **options).imported[-1]  # type: ignore[arg-type]

    def refused(self, batch: int | Delivery, files: dict[str, bytes], **options: object) -> SourceReport:
        with pytest.raises(IncompleteImportError) as error:
            self.send(batch, files, **options)
        report = error.value.report.refused[0].report
        assert report is not None
        assert all(breach.sentence in str(error.value) for breach in report.breaches[:3])
        return report

    def debts(self, as_of: int) -> int:
        with Engine(self.lake.scratch) as engine:
            sql = versions_sql(self.lake, "debit", as_of)
            return int(engine.rows(f"SELECT count(*) FROM ({sql}) WHERE until_month IS NULL")[0][0])

    def waiting(self) -> list[tuple[str, str, str]]:
        return [(one.report.source, one.report.batch, one.current) for one in quarantined(self.lake)]


@pytest.fixture
def sent(tmp_path: Path) -> Deliveries:
    return Deliveries(tmp_path)


def signaux(*words: str) -> subprocess.CompletedProcess[str]:
    environment = {**os.environ, "PYTHONPATH": os.pathsep.join(sys.path)}
    command = [sys.executable, "-m", "signaux_faibles.cli", *words]
    return subprocess.run(command, capture_output=True, text=True, env=environment, check=False)


def test_a_file_with_60_per_cent_fewer_rows_waits_for_a_reason(sent: Deliveries) -> None:
    sent.send(JANUARY, debit(100))
    write_batch(sent.raw, "2402", debit(40))
    before = {name: digest for name, digest in digests(sent.lake.root).items() if name.startswith("staged/")}
    words = ["import", str(sent.raw), "--batch", "2402", "--lake", str(sent.lake.root)]
    ended = signaux(*words)
    assert ended.returncode == 3
    assert "rows: found 40 rows, expected at least 70 (100 in batch 2401, -60%): 30 too few" in ended.stderr
    assert "quarantined" in ended.stdout
    assert {k: v for k, v in digests(sent.lake.root).items() if k.startswith("staged/")} == before
    assert sent.debts(FEBRUARY) == 100
    status = signaux("status", "--lake", str(sent.lake.root))
    assert status.returncode == 0
    assert "Deliveries in quarantine" in status.stdout
    assert signaux(*words, "--accept", " ").returncode == 3
    assert sent.debts(FEBRUARY) == 100
    assert signaux(*words, "--accept", "purge annoncée par l'Urssaf").returncode == 0
    assert sent.debts(FEBRUARY) == 40
    assert read_manifest(sent.lake.staged("debit", FEBRUARY)).accepted_reason == "purge annoncée par l'Urssaf"
    assert "quarantine" not in {path.name for path in sent.lake.root.iterdir()}
    assert "quarantine" not in signaux("status", "--lake", str(sent.lake.root)).stdout
    journal = read_journal(sent.lake).to_pylist()
    assert [(line["action"], line["object"]) for line in journal] == [
        ("import", "debit 2401"),
        ("quarantine", "debit 2402"),
        ("import", "debit 2402"),
    ]
    accepted = json.loads(journal[-1]["details"])
    assert accepted["accepted_reason"] == "purge annoncée par l'Urssaf"
    assert {breach["gate"] for breach in accepted["breaches"]} == {"rows", "withdrawn"}


def test_quarantine_keeps_counts_and_never_rows(sent: Deliveries) -> None:
    sent.send(JANUARY, debit(100))
    report = sent.refused(FEBRUARY, debit(40))
    folder = sent.lake.quarantine("debit", FEBRUARY)
    assert [path.name for path in folder.iterdir()] == ["manifest.json"]
    text = (folder / "manifest.json").read_text(encoding="utf-8")
    assert not any(siren in text for siren in SIRENS)
    [entry] = quarantined(sent.lake)
    assert (entry.report, entry.current) == (report, "2401")
    [rows, withdrawn] = sorted(report.breaches, key=lambda breach: breach.gate)
    assert (rows.found, rows.limit, rows.excess) == (40, 70, 30)
    assert (withdrawn.found, withdrawn.limit) == (0.6, 0.5)


def test_the_same_refused_file_again_leaves_the_same_entry(sent: Deliveries) -> None:
    sent.send(JANUARY, debit(100))
    sent.refused(FEBRUARY, debit(40))
    before = digests(sent.lake.root)
    sent.refused(FEBRUARY, debit(40))
    assert digests(sent.lake.root) == before


def test_a_later_good_delivery_settles_the_quarantine(sent: Deliveries) -> None:
    sent.send(JANUARY, debit(100))
    sent.refused(FEBRUARY, debit(40))
    assert sent.waiting() == [("debit", "2402", "2401")]
    sent.send(MARCH, debit(99))
    assert sent.waiting() == []
    assert not (sent.lake.root / "quarantine").exists()


def test_an_earlier_delivery_does_not_settle_a_later_one(sent: Deliveries) -> None:
    sent.send(JANUARY, debit(100))
    sent.refused(MARCH, debit(40))
    sent.send(FEBRUARY, debit(101))
    assert sent.waiting() == [("debit", "2403", "2401")]


def test_a_bad_replacement_waits_beside_what_it_would_replace(sent: Deliveries) -> None:
    sent.send(JANUARY, debit(100))
    sent.refused(JANUARY, debit(40), force=True)
    import_batch(sent.lake, sent.raw / "2401", batch=JANUARY, only=["debit"], force=True, accept="reprise")
    assert sent.waiting() == []
    assert sent.debts(JANUARY) == 40


def test_a_refused_source_stops_no_other(sent: Deliveries) -> None:
    other = {
        "sigfaible_pcoll.csv": f"Siret;Dt_effet;Lib_actx_stdx\n{siret(SIRENS[0])};15JAN2024;x_ouverture\n".encode()
    }
    sent.send(JANUARY, debit(100))
    sent.refused(FEBRUARY, debit(40) | other)
    assert (sent.lake.staged("procol", FEBRUARY) / "manifest.json").is_file()
    assert not sent.lake.staged("debit", FEBRUARY).exists()


def test_a_dry_run_judges_and_keeps_nothing(sent: Deliveries) -> None:
    sent.send(JANUARY, debit(100))
    before = digests(sent.lake.root)
    report = sent.refused(FEBRUARY, debit(40), dry_run=True)
    assert [breach.gate for breach in report.breaches] == ["withdrawn", "rows"]
    assert digests(sent.lake.root) == before
    assert sent.send(FEBRUARY, debit(40), dry_run=True, accept="essai").accepted_reason == "essai"
    assert digests(sent.lake.root) == before


@pytest.mark.parametrize(
    ("files", "gate", "subject"),
    [
        (debit(69), "rows", ""),
        (debit(100, wrong=110), "rejects", ""),
        (debit(150, wrong=30), "rejects_rise", ""),
        (debit(150, motif="99"), "codes", "code_motif"),
        (debit(150, day="1231101"), "dates", "date_traitement"),
        (debit(150, motif=""), "nulls", "code_motif"),
    ],
)
def test_each_gate_of_a_file(sent: Deliveries, files: dict[str, bytes], gate: str, subject: str) -> None:
    sent.send(JANUARY, debit(150))
    report = sent.refused(FEBRUARY, files)
    assert (gate, subject) in {(breach.gate, breach.subject) for breach in report.breaches}
    assert sent.debts(FEBRUARY) == 150


def test_a_first_delivery_is_judged_by_its_rejects_alone(sent: Deliveries) -> None:
    assert [breach.gate for breach in sent.refused(JANUARY, debit(4, wrong=8)).breaches] == ["rejects"]
    assert sent.waiting() == [("debit", "2401", "")]
    accepted = sent.send(JANUARY, debit(4, wrong=8), accept="reprise du fichier")
    assert (accepted.accepted, accepted.rejected, accepted.accepted_reason) == (4, 8, "reprise du fichier")


def test_few_rows_prove_nothing(sent: Deliveries) -> None:
    sent.send(JANUARY, debit(9, wrong=0))
    assert sent.send(FEBRUARY, debit(1, wrong=8)).breaches == ()


def test_a_reason_that_was_not_needed_is_not_kept(sent: Deliveries) -> None:
    assert sent.send(JANUARY, debit(100), accept="sans objet").accepted_reason == ""


def test_thresholds_of_the_lake_then_of_a_file(sent: Deliveries, tmp_path: Path) -> None:
    sent.send(JANUARY, debit(100))
    (sent.lake.root / "gates.yaml").write_text("sources: {debit: {rows_max_drop_ratio: 0.05}}\n")
    assert [b.limit for b in sent.refused(FEBRUARY, debit(94)).breaches] == [95]
    own = tmp_path / "seuils.yaml"
    own.write_text("sources: {debit: {rows_max_drop_ratio: null}}\n")
    assert sent.send(FEBRUARY, debit(94), gates=own).breaches == ()


@pytest.mark.parametrize(
    ("text", "sentence"),
    [
        ("defaults: {rows_max_drop: 1}", "unknown threshold"),
        ("sources: {dette: {}}", "unknown source"),
        ("rows_max_drop_ratio: 1", "expected `defaults` and `sources`"),
        ("defaults: {rows_max_drop_ratio: -1}", "expected a number"),
        ("defaults: {few_rows_count: null}", "expected a number"),
        ("defaults: {rows_max_drop_ratio: true}", "expected a number"),
        ("- [", "found no YAML"),
    ],
)
def test_bad_thresholds_are_refused(sent: Deliveries, tmp_path: Path, text: str, sentence: str) -> None:
    (tmp_path / "seuils.yaml").write_text(text)
    with pytest.raises(InputError, match=sentence):
        sent.send(JANUARY, debit(1), gates=tmp_path / "seuils.yaml")


def test_profile_of_a_delivery(sent: Deliveries) -> None:
    heads = "".join(
        sirene_row(siren=siren, codeCommuneEtablissement="2A004" if rank % 4 else "75056")
        for rank, siren in enumerate(SIRENS)
    )
    stock = {"StockEtablissement_utf8_geo.csv": (",".join(SIRENE_CELLS) + "\n" + heads).encode()}
    sent.send(JANUARY, stock)
    assert read_manifest(sent.lake.staged("sirene", JANUARY)).profile.departements == {"2A": 150, "75": 50}
    report = sent.send(FEBRUARY, debit(120, appeal="1"))
    assert report.profile.rows == 120
    assert report.profile.departements == {"2A": 90, "75": 30}
    assert report.profile.codes["code_motif"] == {"2": 120}
    assert report.profile.spans["date_traitement"] == Span("2024-01", "2024-01")
    assert report.profile.spans["start_month"] == Span("2023-01", "2023-01")
    assert report.profile.nulls["numero_ecart"] == 0
    assert not any(siren in str(report.profile) for siren in SIRENS)
    assert read_manifest(sent.lake.staged("debit", FEBRUARY)) == report


def test_profile_of_months_in_columns(sent: Deliveries) -> None:
    rows = "".join(f"C{rank};{siret(siren)};X;12;;{rank}\n" for rank, siren in enumerate(SIRENS))
    content = ("compte;siret;rais_soc;eff202341;eff202343;eff202342\n" + rows).encode()
    profile = sent.send(JANUARY, {"sigfaible_effectif_siret.csv": content}).profile
    assert (profile.rows, profile.spans) == (200, {"month": Span("2023-10", "2023-11")})
    assert profile.nulls["compte"] == 0


def test_a_department_that_vanishes_is_refused(sent: Deliveries) -> None:
    def stock(corsica: int, paris: int) -> dict[str, bytes]:
        communes = ["2A004"] * corsica + ["75056"] * paris
        rows = "".join(
            sirene_row(siren=SIRENS[rank % 200], nic=f"{rank // 200:05d}", codeCommuneEtablissement=commune)
            for rank, commune in enumerate(communes)
        )
        return {"StockEtablissement_utf8_geo.csv": (",".join(SIRENE_CELLS) + "\n" + rows).encode()}

    sent.send(JANUARY, stock(2000, 8000))
    [breach] = sent.refused(FEBRUARY, stock(900, 9100)).breaches
    assert (breach.gate, breach.subject, breach.limit) == ("departements", "2A", 1000)


def test_a_flow_is_compared_by_month_covered(sent: Deliveries) -> None:
    def month(day: str, count: int) -> bytes:
        return paydex(*[paydex_row(siren, day) for siren in SIRENS[:count]])

    years = {f"altares_mensuel_2023{n:02d}.csv": month(f"2023-{n:02d}-28", 150) for n in range(1, 13)}
    sent.send(JANUARY, years)
    for path in (sent.raw / "2401").iterdir():
        path.unlink()
    assert sent.send(FEBRUARY, {"altares_mensuel_202401.csv": month("2024-01-31", 150)}).breaches == ()
    refused = sent.refused(MARCH, {"altares_mensuel_202402.csv": month("2024-02-29", 60)})
    assert [breach.gate for breach in refused.breaches] == ["rows"]


def test_new_codes_under_the_limit_are_said(sent: Deliveries) -> None:
    first, second = debit(150), debit(150)
    name = "sigfaible_debits.csv"
    second[name] = second[name].replace(b";1;2;0\n", b";1;88;0\n", 3)
    sent.send(JANUARY, first)
    report = sent.send(FEBRUARY, second)
    assert report.breaches == ()
    assert report.warnings == ("code_motif: 1 code(s) that batch 2401 did not have (88), in 3 row(s)",)
