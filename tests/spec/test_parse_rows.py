"""Lecture de référence : lignes d'or, fichiers fatals, compression, lignes JSON."""

from __future__ import annotations

import gzip
import io
import json
from pathlib import Path

import pytest

from signaux_faibles.domain.errors import InputError
from signaux_faibles.ingest.parse import parse_file

SIRET = "11111111111111"
DEBIT = (
    "Siret;num_cpte;Num_Ecn;Dt_trt_ecn;Periode;Mt_PO;Mt_PP;Num_Hist_Ecn;Etat_cpte;Cd_pro_col;Cd_op_ecn;Motif_ecn;"
    "Recours_en_cours\n"
)
HISTO = "siret,dateFin,dateDebut,etatAdministratifEtablissement,changementEtatAdministratifEtablissement\n"


def parse(source: str, path: Path, output_format: str = "csv") -> tuple[list[str], dict[str, object]]:
    stream = io.BytesIO()
    report = parse_file(source, path, output_format=output_format, stream=stream)  # type: ignore[arg-type]
    return stream.getvalue().decode().splitlines(), report


def file(folder: Path, content: str | bytes, name: str = "raw.csv") -> Path:
    path = folder / name
    path.write_bytes(content.encode() if isinstance(content, str) else content)
    return path


def test_debit_amounts_accounting_month_and_identifier(tmp_path: Path) -> None:
    path = file(tmp_path, DEBIT + f"{SIRET};C;397;1050824;201511;3;2;1;1;0;1;2;0\n")
    lines, _ = parse("debit", path)
    assert lines[1] == (
        f"{SIRET},C,397,2005-08-24,2005-09-01,0.03,0.02,1,1,0,2015-01-01,2015-02-01,1,2,false,{SIRET}2015010120150201397"
    )


def test_cotisation_of_one_month(tmp_path: Path) -> None:
    path = file(tmp_path, f"Siret;Compte;periode;enc_direct;cotis_due\n{SIRET};C;0232;-77244;-47022\n")
    assert parse("cotisation", path)[0][1] == f"{SIRET},C,2002-08-01,2002-09-01,-77244,-47022"


def test_ccsf_date_of_the_last_century(tmp_path: Path) -> None:
    header = "Siret;Compte;Date_de_traitement;Code_externe_stade;Code_externe_action\n"
    lines, _ = parse("ccsf", file(tmp_path, f"{header}{SIRET};C;990401;DEBUT;CCSF\n"))
    assert lines[1] == f"{SIRET},C,1999-04-01,DEBUT,CCSF"


def test_procol_label(tmp_path: Path) -> None:
    path = file(tmp_path, f"Siret;Dt_effet;Lib_actx_stdx\n{SIRET};04OCT2017;Solde_procedure_redressement\n")
    assert parse("procol", path)[0][1] == f"{SIRET},2017-10-04,redressement,solde_procedure"


def test_messages_give_the_rank_of_the_row_and_the_line_of_the_file(tmp_path: Path) -> None:
    good = f"{SIRET};C;101;1240120;202411;1;2;1;1;;1;2;0\n"
    path = file(tmp_path, DEBIT + good + "a;b\n" + good + 'a;b"c;d\n' + good)
    _, report = parse("debit", path)
    assert (report["lines_parsed"], report["lines_rejected"], report["lines_valid"]) == (5, 2, 3)
    assert report["head_rejected"] == [
        "Line 2: record on line 3: wrong number of fields",
        'Line 4: parse error on line 5, column 4: bare " in non-quoted-field',
    ]


@pytest.mark.parametrize("amount", ["", "x"])
def test_blank_debit_amount_rejects_the_row_instead_of_the_run(tmp_path: Path, amount: str) -> None:
    _, report = parse("debit", file(tmp_path, DEBIT + f"{SIRET};C;101;1240120;202411;{amount};2;1;1;;1;2;0\n"))
    assert report["head_rejected"] == [f'Line 1: strconv.ParseFloat: parsing "{amount}": invalid syntax']


@pytest.mark.parametrize(
    ("source", "content", "fatal"),
    [
        ("debit", b"", "EOF"),
        ("debit", b"\n\n", "EOF"),
        ("debit", b"num_cpte;Num_Ecn\n", "column Siret not found, aborting"),
        ("apdemande", DEBIT.encode(), "column ID_DA not found, aborting"),
        ("effectif", b"compte;siret;eff2024\n", "column eff2024 is too short for a period, aborting"),
        ("ccsf", b'Si"ret;b\n', 'parse error on line 1, column 3: bare " in non-quoted-field'),
    ],
)
def test_fatal_file_has_no_tuple(tmp_path: Path, source: str, content: bytes, fatal: str) -> None:
    lines, report = parse(source, file(tmp_path, content))
    assert lines == []
    assert (report["is_fatal"], report["head_fatal"], report["lines_parsed"]) == (True, [f"Fatal: {fatal}"], 0)


def test_request_without_amount_column_is_fatal_instead_of_a_crash(tmp_path: Path) -> None:
    columns = (
        "ID_DA,ETAB_SIRET,EFF_ENT,EFF_ETAB,DATE_STATUT,DATE_DEB,DATE_FIN,HTA,EFF_AUTO,MOTIF_RECOURS_SE,PERIMETRE_AP\n"
    )
    _, report = parse("apdemande", file(tmp_path, columns))
    assert report["head_fatal"] == ["Fatal: column MTA not found, aborting"]


def test_compressed_twin_gives_the_same_output(tmp_path: Path) -> None:
    content = (HISTO + f"{SIRET},,2020-01-01,A,true\n" * 3).encode()
    plain, _ = parse("sirene_histo", file(tmp_path, content), "jsonl")
    packed, report = parse("sirene_histo", file(tmp_path, gzip.compress(content), "raw.csv.gz"), "jsonl")
    assert packed == plain
    assert report["lines_valid"] == 3


def test_half_a_gzip_is_fatal_instead_of_endless(tmp_path: Path) -> None:
    packed = gzip.compress((HISTO + f"{SIRET},,2020-01-01,A,true\n" * 500).encode())
    _, report = parse("sirene_histo", file(tmp_path, packed[: len(packed) // 2], "raw.csv.gz"))
    assert report["head_fatal"] == ["Fatal: unexpected EOF"]


def test_false_gzip_is_fatal(tmp_path: Path) -> None:
    _, report = parse("sirene_histo", file(tmp_path, HISTO, "raw.csv.gz"))
    assert report["is_fatal"] is True


def test_missing_file_is_fatal(tmp_path: Path) -> None:
    _, report = parse("debit", tmp_path / "absent.csv")
    assert report["is_fatal"] is True


def test_unknown_source_is_refused(tmp_path: Path) -> None:
    with pytest.raises(InputError, match="Unknown source 'diane'"):
        parse("diane", tmp_path)


def test_no_more_than_200_messages(tmp_path: Path) -> None:
    _, report = parse("sirene_histo", file(tmp_path, HISTO + "123,,2020-01-01,A,true\n" * 250))
    assert report["lines_rejected"] == 250
    assert report["head_rejected"] == [f"Line {n}: siret invalide : 123" for n in range(1, 201)]


def test_latin1_bytes_go_through_unchanged(tmp_path: Path) -> None:
    header = "Siret;Compte;Date_de_traitement;Code_externe_stade;Code_externe_action\n"
    path = file(tmp_path, header.encode() + f"{SIRET};C;1240120;D".encode() + b"\xc9BUT;CCSF\n")
    stream = io.BytesIO()
    parse_file("ccsf", path, output_format="csv", stream=stream)
    assert stream.getvalue().endswith(b",D\xc9BUT,CCSF\n")


@pytest.mark.parametrize(
    ("source", "content", "expected"),
    [
        (
            "sirene_histo",
            HISTO + f"{SIRET},,2019-07-01,F,true\n",
            {"siret": SIRET, "siren": SIRET[:9], "date_debut": "2019-07-01T00:00:00Z", "date_fin": None}
            | {"changement_statut_actif": True},
        ),
        (
            "cotisation",
            f"Siret;Compte;periode;enc_direct;cotis_due\n{SIRET};C;2410;1250,50;\n",
            {"siret": SIRET, "siren": SIRET[:9], "numero_compte": "C", "periode_debut": "2024-01-01T00:00:00Z"}
            | {"periode_fin": "2024-04-01T00:00:00Z", "encaisse": 1250.5, "du": None},
        ),
        (
            "effectif_ent",
            "siren;eff202411;eff202412\n111111111;12;\n",
            {"siren": "111111111", "periode": "2024-01-01T00:00:00Z", "effectif": 12},
        ),
    ],
)
def test_json_lines_use_the_names_of_the_reference(
    tmp_path: Path, source: str, content: str, expected: dict[str, object]
) -> None:
    lines, _ = parse(source, file(tmp_path, content), "jsonl")
    assert [json.loads(line) for line in lines] == [expected]


def test_json_of_an_establishment_omits_what_is_empty(tmp_path: Path) -> None:
    from signaux_faibles.sources.sirene import RAW

    cells = dict.fromkeys(RAW, "") | {"siren": "123456789", "nic": "00012", "etablissementSiege": "false"}
    path = file(tmp_path, ",".join(RAW) + "\n" + ",".join(cells[name] for name in RAW) + "\n")
    lines, _ = parse("sirene", path, "jsonl")
    assert [json.loads(line) for line in lines] == [
        {"siren": "123456789", "nic": "00012", "est_actif": False, "siret": "12345678900012"}
    ]


def test_trailer_of_a_flow_is_skipped(tmp_path: Path) -> None:
    cells = [""] * 31
    cells[1], cells[22], cells[30] = "111111111", "12", "2024-01-31"
    content = ";".join(f"c{n}" for n in range(31)) + "\n" + ";".join(cells) + "\nFin du fichier : total 1 ligne(s)\n"
    lines, report = parse("paydex", file(tmp_path, content))
    assert lines[1] == "111111111,,,12,,,,,2024-01-31"
    assert (report["lines_parsed"], report["lines_skipped"], report["lines_valid"]) == (2, 1, 1)
