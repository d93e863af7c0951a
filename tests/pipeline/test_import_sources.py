"""What becomes of the rows of each source."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from pathlib import Path

import pyarrow.parquet as pq
import pytest

from pipeline.import_samples import JANUARY, REAL, A, B, first_batch, rare_files, siret, write_batch
from signaux_faibles.domain.errors import InputError
from signaux_faibles.ingest.importer import import_batch, open_lake_for
from signaux_faibles.ingest.manifest import SourceReport
from signaux_faibles.lake import Lake
from signaux_faibles.sources import SOURCES

Rows = Callable[[str], list[dict[str, object]]]


@pytest.fixture(scope="module")
def imported(tmp_path_factory: pytest.TempPathFactory) -> tuple[Lake, dict[str, SourceReport]]:
    folder = tmp_path_factory.mktemp("import")
    write_batch(folder / "raw", "2401", first_batch() | rare_files())
    lake = open_lake_for(folder / "lake", folder / "raw")
    report = import_batch(lake, folder / "raw", batch=JANUARY)
    assert set(SOURCES) == {source.source for source in report.imported}
    return lake, {source.source: source for source in report.imported}


@pytest.fixture(scope="module")
def staged(imported: tuple[Lake, dict[str, SourceReport]]) -> Rows:
    def rows(source: str) -> list[dict[str, object]]:
        path = imported[0].staged(source, JANUARY) / "part-0000.parquet"
        table = pq.ParquetFile(path).read()
        assert table.schema.names == [column.name for column in SOURCES[source].staged]
        assert table.schema.types == [column.kind.arrow for column in SOURCES[source].staged]
        keys = list(zip(table["siren"].to_pylist(), table["row_id"].to_pylist(), strict=True))
        assert keys == sorted(set(keys))
        found = [{k: v for k, v in row.items() if k != "row_id"} for row in table.to_pylist()]
        return sorted(found, key=lambda row: [(value is None, value) for value in row.values()])

    return rows


@pytest.fixture(scope="module")
def rejects(imported: tuple[Lake, dict[str, SourceReport]]) -> Callable[[str], list[tuple[object, ...]]]:
    def rows(source: str) -> list[tuple[object, ...]]:
        table = pq.ParquetFile(imported[0].staged(source, JANUARY) / "rejects.parquet").read()
        names = ("line", "column", "fault", "found", "is_row_kept")
        return [tuple(row[name] for name in names) for row in table.to_pylist()]

    return rows


@pytest.mark.parametrize(
    ("source", "read", "accepted", "rejected", "filtered"),
    [
        ("sirene", 3, 2, 1, 0),
        ("sirene_ul", 2, 2, 0, 0),
        ("sirene_histo", 4, 2, 0, 2),
        ("effectif", 3, 2, 1, 0),
        ("effectif_ent", 3, 2, 1, 0),
        ("cotisation", 6, 2, 4, 0),
        ("debit", 3, 1, 2, 0),
        ("delai", 2, 2, 0, 0),
        ("ccsf", 2, 2, 0, 0),
        ("procol", 3, 2, 1, 0),
        ("apconso", 2, 1, 1, 0),
        ("apdemande", 3, 2, 1, 0),
        ("comptes", 3, 2, 1, 0),
        ("paydex", 6, 3, 1, 2),
        ("paydex_retro", 3, 1, 2, 0),
        ("dgfip_indmap", 3, 2, 1, 0),
        ("dgfip_af", 2, 1, 1, 0),
        ("dgfip_dirco", 1, 1, 0, 0),
        ("bodacc", 11, 6, 1, 4),
        ("filter", 3, 2, 0, 1),
    ],
)
def test_every_row_is_accounted_for(
    imported: tuple[Lake, dict[str, SourceReport]], source: str, read: int, accepted: int, rejected: int, filtered: int
) -> None:
    report = imported[1][source]
    assert (report.read, report.accepted, report.rejected, report.filtered) == (read, accepted, rejected, filtered)


def test_cotisation(staged: Rows, rejects: Rows) -> None:
    assert staged("cotisation") == [
        {"siren": B, "siret": siret(B), "compte": "C2", "start_month": 2023 * 12, "end_month": 2024 * 12}
        | {"encaisse_cents": None, "du_cents": -101, "known_from": date(2024, 1, 31)},
        {"siren": A, "siret": siret(A), "compte": "C1", "start_month": 2024 * 12, "end_month": 2024 * 12 + 3}
        | {"encaisse_cents": 125050, "du_cents": 130000, "known_from": date(2024, 4, 30)},
    ]
    assert rejects("cotisation") == [
        (3, "periode", "periode", "2450", False),
        (6, "", "nombre_de_champs", f"117;{siret(A)};C1", False),
        (7, "", "guillemet", f'"117"x;{siret(A)};C1;2410;1;1', False),
        (8, "enc_direct", "montant", "inf", False),
    ]


def test_debit(staged: Rows, rejects: Rows) -> None:
    assert staged("debit") == [
        {"siren": A, "siret": siret(A), "compte": "C1", "numero_ecart": "101", "numero_historique": 1}
        | {"date_traitement": date(2024, 1, 20), "part_ouvriere_cents": 15050, "part_patronale_cents": 3}
        | {"etat_compte": 1, "code_procol": "0", "start_month": 2024 * 12, "end_month": 2024 * 12 + 1}
        | {"code_operation": "1", "code_motif": "2", "is_recours": False, "known_from": date(2024, 2, 29)}
    ]
    assert rejects("debit") == [
        (3, "Mt_PO", "montant", "", False),
        (4, "Dt_trt_ecn", "date", "x", False),
        (4, "Recours_en_cours", "booleen", "oui", False),
    ]


def test_delai_in_windows_1252_and_with_an_unreadable_duration(
    imported: tuple[Lake, dict[str, SourceReport]], staged: Rows, rejects: Rows
) -> None:
    found = {(row["denomination"], row["duree_days"], row["montant_cents"]) for row in staged("delai")}
    assert found == {("CAFÉ", 181, 1250000), ("CAFE", None, 1250000)}
    assert {row["known_from"] for row in staged("delai")} == {date(2024, 2, 29)}
    assert rejects("delai") == [(3, "Duree_delai", "nombre", "six", True)]
    assert imported[1]["delai"].transcoded == 1


def test_procol_keeps_an_unknown_label_apart(staged: Rows, rejects: Rows) -> None:
    found = [
        (row["siret"], row["date_effet"], row["action"], row["stade"], row["known_from"]) for row in staged("procol")
    ]
    assert found == [
        (siret(A), date(2024, 1, 15), "", "", date(2024, 2, 29)),
        (siret(A), date(2024, 1, 15), "redressement", "ouverture", date(2024, 2, 29)),
    ]
    assert rejects("procol") == [
        (3, "Lib_actx_stdx", "code", "clotureactif", True),
        (4, "Dt_effet", "date", "15JANV2024", False),
        (4, "Lib_actx_stdx", "code", "x", False),
    ]


def test_effectif_is_unpivoted_and_its_bad_cells_are_left_out(staged: Rows, rejects: Rows) -> None:
    found = [(row["compte"], row["month"], row["effectif_count"], row["known_from"]) for row in staged("effectif")]
    october = 2023 * 12 + 9
    assert found == [
        ("C1", october, 12, date(2024, 1, 31)),
        ("C1", october + 2, 1234, date(2024, 3, 31)),
        ("C2", october, 3, date(2024, 1, 31)),
        ("C2", october + 2, 0, date(2024, 3, 31)),
    ]
    assert rejects("effectif") == [
        (2, "eff202342", "effectif", "-5", True),
        (4, "siret", "identifiant", siret(B) + "A", False),
    ]


def test_effectif_of_companies_keeps_one_of_two_same_lines(staged: Rows, rejects: Rows) -> None:
    assert [(row["siren"], row["effectif_count"]) for row in staged("effectif_ent")] == [(B, 7), (B, 8), (A, 12)]
    assert rejects("effectif_ent") == [(2, "eff202342", "effectif", "n/a", True), (4, "", "doublon", "", False)]


def test_short_time_work(staged: Rows, rejects: Rows) -> None:
    assert staged("apconso") == [
        {"siren": A, "siret": siret(A), "id_demande": "D1", "month": 2023 * 12 + 11, "date_conso": date(2023, 12, 15)}
        | {"heures_centi": 30334, "montant_cents": 245080, "effectif_count": 2, "known_from": date(2024, 1, 31)}
    ]
    found = [
        (r["id_demande"], r["motif"], r["montant_cents"], r["heures_centi"], r["known_from"])
        for r in staged("apdemande")
    ]
    assert found == [("D2", None, 2000, 1000, date(2023, 12, 31)), ("D1", 1, 1500000, 151670, date(2023, 12, 31))]
    assert rejects("apconso") == [(3, "EFFECTIFS", "effectif", "-1", False)]
    assert rejects("apdemande") == [
        (3, "MOTIF_RECOURS_SE", "code", "8", True),
        (4, "", "doublon", "", False),
        (4, "MOTIF_RECOURS_SE", "code", "8", False),
    ]


def test_comptes(staged: Rows, rejects: Rows) -> None:
    names = ("siren", "date_cloture", "ebe_cents", "marge_ebe_pct", "type_bilan", "known_from")
    assert [tuple(row[name] for name in names) for row in staged("comptes")] == [
        (B, date(2022, 6, 30), None, None, "K", date(2023, 1, 31)),
        (A, date(2022, 12, 31), -400, 1.5, "C", date(2023, 7, 31)),
    ]
    assert rejects("comptes") == [
        (3, "ebe", "montant", "x", True),
        (3, "marge_ebe", "nombre", "nan", True),
        (4, "date_cloture_exercice", "date", "31/12/2022", False),
    ]


def test_paydex_drops_what_was_sent_twice(imported: tuple[Lake, dict[str, SourceReport]], staged: Rows) -> None:
    names = ("siren", "retard_days", "encours_cents", "fpi_30_pct", "fpi_90_pct", "date_valeur", "known_from")
    assert [tuple(row[name] for name in names) for row in staged("paydex")] == [
        (A, 8, 10050, 10.0, 100.0, date(2023, 11, 30), date(2023, 12, 31)),
        (A, 8, 10050, 10.0, 100.0, date(2023, 12, 31), date(2024, 1, 31)),
    ]
    assert imported[1]["paydex"].repeated == 1


def test_sirene_loses_no_establishment_to_its_nomenclature(staged: Rows, rejects: Rows) -> None:
    names = ("siret", "is_siege", "complement_adresse", "indice_repetition", "type_voie", "code_commune", "departement")
    names += ("code_naf", "longitude", "is_active", "known_from")
    assert [tuple(row[name] for name in names) for row in staged("sirene")] == [
        (siret(B), None, None, None, "AVENUE", None, None, None, None, False, date(1900, 1, 1)),
        (siret(A), True, 'BÂT "A", 2', "BIS", "AVENUE", "2A004", "2A", "25.62B", 8.7, True, date(2010, 1, 4)),
    ]
    assert rejects("sirene") == [(3, "etablissementSiege", "booleen", "", True), (4, "nic", "identifiant", "11", False)]


def test_sirene_units_and_history(imported: tuple[Lake, dict[str, SourceReport]], staged: Rows) -> None:
    names = ("siren", "raison_sociale", "code_naf", "code_naf25", "is_active", "known_from")
    assert [tuple(row[name] for name in names) for row in staged("sirene_ul")] == [
        (B, None, None, None, False, date(1900, 1, 1)),
        (A, "ATELIERS INVENTÉS", "25.62B", None, True, date(2010, 1, 4)),
    ]
    names = ("siret", "date_debut", "date_fin", "is_active", "is_changement_actif", "known_from")
    assert [tuple(row[name] for name in names) for row in staged("sirene_histo")] == [
        (siret(B), None, date(2019, 6, 30), False, False, date(1900, 1, 1)),
        (siret(A), date(2010, 1, 4), None, True, True, date(2010, 2, 28)),
    ]
    assert imported[1]["sirene_histo"].filtered_by_reason == {"sans_date": 1, "etat_inconnu": 1}


def test_bodacc_gives_a_row_per_company_of_a_notice(
    imported: tuple[Lake, dict[str, SourceReport]], staged: Rows, rejects: Rows
) -> None:
    names = ("siren", "annonce", "date_jugement", "action", "stade", "type_avis", "annonce_precedente", "known_from")
    judged, known = date(2023, 12, 1), date(2023, 12, 14)
    first, second = "A202302401", "A202302402"
    assert [tuple(row[name] for name in names) for row in staged("bodacc")] == [
        (B, first, judged, "liquidation", "ouverture", "initial", None, known),
        (B, second, judged, None, None, "annulation", first, known),
        (A, first, judged, "liquidation", "ouverture", "initial", None, known),
        (A, "A202302403", judged, None, None, "initial", None, known),
        (A, "A202302404", None, "liquidation", "fin_procedure", "initial", None, known),
    ]
    assert [(column, fault, found, kept) for _, column, fault, found, kept in rejects("bodacc")] == [
        ("nature", "nature_inconnue", "Jugement d'un genre nouveau judiciaire", True),
        ("date_jugement", "date", "5025-01-20", True),
        ("sirens", "identifiant", "12", False),
    ]
    report = imported[1]["bodacc"]
    assert report.repeated == 3, "the same notices stand in both files"
    assert report.filtered_by_reason == dict.fromkeys(
        ("autre_famille", "famille_exclue", "sans_siren", "autre_document"), 1
    )


def test_tax_accounts_keep_a_declaration_with_an_unreadable_amount(staged: Rows, rejects: Rows) -> None:
    names = ("siren", "date_cloture", "no_ocfi", "annee_exercice", "d_passf_120_k_cents", "rto_invest_ca_ratio")
    assert [tuple(row[name] for name in names) for row in staged("dgfip_indmap")] == [
        (A, date(2022, 12, 31), "1", 2022, 100050, None),
        (A, date(2022, 12, 31), "2", None, None, 0.5),
    ]
    assert rejects("dgfip_indmap") == [
        (3, "annee_exercice", "nombre", "x", True),
        (3, "d_passf_120_k", "montant", "-", True),
        (4, "siren", "identifiant", "12", False),
    ]
    found = [(r["mnt_af_ca_cents"], r["nbr_af_jours_creance_cli_days"], r["known_from"]) for r in staged("dgfip_af")]
    assert found == [(-100000, 45.0, date(2023, 7, 31))]
    assert [(r["rto_6_ratio"], r["rto_56_ratio"]) for r in staged("dgfip_dirco")] == [(1000.0, None)]


def test_history_of_payments_and_explicit_perimeter(staged: Rows, rejects: Rows) -> None:
    assert staged("paydex_retro") == [
        {"siren": A, "retard_days": 12, "date_valeur": date(2022, 1, 15), "known_from": date(2022, 2, 28)}
    ]
    assert [row[1:3] for row in rejects("paydex_retro")] == [("NB_JOURS", "nombre"), ("DATE_VALEUR", "date")]
    assert [row["siren"] for row in staged("filter")] == [B, A]


def imported_alone(folder: Path, name: str, content: bytes) -> SourceReport:
    write_batch(folder, "2401", {name: content})
    return import_batch(open_lake_for(folder / "lake", folder), folder, batch=JANUARY).imported[0]


@pytest.mark.parametrize("content", [f"{A}\n{B}\n", f"siren\n{A}\n{B}\n", f"SIREN;nom\r\n{A};x\r\n{B};y"])
def test_an_explicit_perimeter_may_lack_its_header(tmp_path: Path, content: str) -> None:
    assert imported_alone(tmp_path, "filter.csv", content.encode()).accepted == 2


@pytest.mark.parametrize("content", ["siren\n", f"{A}\n12\n"])
def test_an_explicit_perimeter_of_nobody_or_with_a_wrong_row_is_refused(tmp_path: Path, content: str) -> None:
    with pytest.raises(InputError, match="expected at least one, all right"):
        imported_alone(tmp_path, "filter.csv", content.encode())


def test_a_closing_line_must_announce_the_right_number(tmp_path: Path) -> None:
    files = first_batch()
    content = files["altares_mensuel_202312.csv"].replace(b"total 2 ", b"total 3 ")
    report = imported_alone(tmp_path, "altares_mensuel_202312.csv", content)
    assert (report.read, report.accepted, report.rejected, report.filtered) == (3, 2, 1, 0)
    assert report.rejects_by_class == {"total": 1}


def test_real_companies_are_refused_among_invented_ones(tmp_path: Path) -> None:
    write_batch(tmp_path, "2401", {"sigfaible_effectif_siren.csv": f"siren;eff202341\n{REAL};1\n{A};2\n".encode()})
    report = import_batch(open_lake_for(tmp_path / "lake", tmp_path), tmp_path, batch=JANUARY).imported[0]
    assert (report.accepted, report.rejects_by_class) == (1, {"siren_reel": 1})


def test_invented_companies_are_counted_among_real_ones(tmp_path: Path) -> None:
    files = {"sigfaible_effectif_siren.csv": f"siren;eff202341\n{REAL};1\n{A};2\n".encode()}
    write_batch(tmp_path, "2401", files, is_synthetic=False)
    lake = open_lake_for(tmp_path / "lake", tmp_path)
    report = import_batch(lake, tmp_path, batch=JANUARY).imported[0]
    assert (lake.is_synthetic, report.accepted, report.fakes) == (False, 2, 1)
