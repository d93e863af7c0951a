"""Les cas limites E1 à E44 : ce que la lecture de référence en fait, et ce que l'import en fait.

La lecture de référence (`signaux parse`) rend ce que l'importeur précédent rendait ; là où il s'arrêtait net ou ne
finissait jamais, elle rend une erreur fatale ou une ligne rejetée. L'import corrige ce qui doit l'être.
"""

from __future__ import annotations

import gzip
import io
import json
from dataclasses import dataclass, field
from pathlib import Path

import pytest

from signaux_faibles.domain.errors import InputError
from signaux_faibles.domain.periode import parse_month
from signaux_faibles.ingest.parse import parse_file
from signaux_faibles.ingest.stage import read_source
from signaux_faibles.lake import open_lake
from signaux_faibles.sources import SOURCES

SIREN = "123456789"
S = SIREN + "00011"
MARCH = 2024 * 12 + 2

LAYOUTS = {
    "ccsf": (";", {"Siret": S, "Compte": "1", "Date_de_traitement": "1240120", "Code_externe_stade": "DEBUT",
                   "Code_externe_action": "CCSF"}),
    "debit": (";", {"Siret": S, "num_cpte": "1", "Num_Ecn": "101", "Dt_trt_ecn": "1240120", "Periode": "202411",
                    "Mt_PO": "1", "Mt_PP": "2", "Num_Hist_Ecn": "1", "Etat_cpte": "1", "Cd_pro_col": "0",
                    "Cd_op_ecn": "1", "Motif_ecn": "2", "Recours_en_cours": "0"}),
    "cotisation": (";", {"Siret": S, "Compte": "1", "periode": "2410", "enc_direct": "1", "cotis_due": "2"}),
    "delai": (";", {"Siret": S, "Numero_compte_externe": "1", "Numero_structure": "s", "Date_creation": "01/02/2024",
                    "Date_echeance": "01/03/2024", "Duree_delai": "30", "Denomination_premiere_ligne": "D",
                    "Indic_6M": "INF", "Annee_creation": "2024", "Montant_global_echeancier": "10,5",
                    "Code_externe_stade": "APPROB", "Code_externe_action": "SUR PO"}),
    "procol": (";", {"Siret": S, "Dt_effet": "26MAY2014", "Lib_actx_stdx": "Ouverture_redressement"}),
    "apconso": (",", {"ID_DA": "D1", "ETAB_SIRET": S, "HEURES": "1.5", "MONTANTS": "2", "EFFECTIFS": "3",
                      "MOIS": "2024-01-01"}),
    "apdemande": (",", {"ID_DA": "D1", "ETAB_SIRET": S, "EFF_ENT": "1", "EFF_ETAB": "1", "DATE_STATUT": "2024-01-01",
                        "DATE_DEB": "2024-01-01", "DATE_FIN": "2024-01-31", "HTA": "10", "MTA": "20", "EFF_AUTO": "1",
                        "MOTIF_RECOURS_SE": "1", "PERIMETRE_AP": "1", "S_HEURE_CONSOM_TOT": "1",
                        "S_EFF_CONSOM_TOT": "1", "S_MONTANT_CONSOM_TOT": "1"}),
    "sirene": (",", dict.fromkeys((column.name for column in SOURCES["sirene"].raw_columns), "") | {
        "siren": SIREN, "nic": "00011", "etablissementSiege": "true", "etatAdministratifEtablissement": "A",
        "activitePrincipaleEtablissement": "62.01Z", "nomenclatureActivitePrincipaleEtablissement": "NAFRev2"}),
    "sirene_histo": (",", {"siret": S, "dateFin": "", "dateDebut": "2020-01-01", "etatAdministratifEtablissement": "A",
                           "changementEtatAdministratifEtablissement": "true"}),
}  # fmt: skip
"""Separator and a right row of each source."""


def head(source: str) -> str:
    separator, cells = LAYOUTS[source]
    return separator.join(cells) + "\n"


def row(source: str, **changes: str) -> str:
    separator, cells = LAYOUTS[source]
    assert changes.keys() <= cells.keys()
    return separator.join((cells | changes).values()) + "\n"


def rows(source: str, name: str, *values: str) -> str:
    """A file whose rows differ by one cell."""
    return head(source) + "".join(row(source, **{name: value}) for value in values)


@dataclass(frozen=True)
class Edge:
    """One case.

    Parameters
    ----------
    parsed : (int, int, int)
        Rows read, rejected and skipped by the reference reading; `texts` are those of its report, `tuples` the values
        of the keys `keys` of its tuples, `fatal` its fatal error.
    imported : (int, int, int, int)
        Rows read, accepted, rejected and filtered by the import; `faults` are (line, column, class, row kept), `staged`
        the values of the SQL `sql`, `refused` a part of its refusal.
    """

    number: int
    source: str
    content: str | bytes
    parsed: tuple[int, int, int] = (0, 0, 0)
    texts: tuple[str, ...] = ()
    keys: tuple[str, ...] = ()
    tuples: tuple[object, ...] | None = None
    fatal: str = ""
    imported: tuple[int, int, int, int] = (0, 0, 0, 0)
    faults: tuple[tuple[int, str, str, bool], ...] = ()
    sql: str = ""
    staged: tuple[object, ...] | None = None
    refused: str = ""
    name: str = field(default="raw.csv")


def day(text: str) -> str:
    return f"{text}T00:00:00Z"


GOOD = row("ccsf")
HISTO = row("sirene_histo")
BAD_DATE = 'parsing time "{0}" as "{1}": cannot parse "{2}" as "{3}"'
LAYOUT_FR, LAYOUT_SAS = "02/01/2006", "02Jan2006"
IDENTIFIER, NUMBER, AMOUNT = "identifiant", "nombre", "montant"

EDGES = [
    Edge(1, "ccsf", "\ufeff" + head("ccsf") + GOOD, fatal="column Siret not found, aborting", imported=(1, 1, 0, 0)),
    Edge(2, "ccsf", b"", fatal="EOF", refused="empty"),
    Edge(3, "ccsf", head("ccsf"), tuples=()),
    Edge(4, "ccsf", "\r\n\n" + (head("ccsf") + "\n" + GOOD + "\n\n" + GOOD).replace("\n", "\r\n"), (2, 0, 0),
         keys=("action",), tuples=("CCSF", "CCSF"), imported=(2, 2, 0, 0), sql="action", staged=("CCSF", "CCSF")),
    Edge(5, "ccsf", head("ccsf") + GOOD + f"{S};1;1240120;DEBUT", (2, 1, 0),
         ("Line 2: record on line 3: wrong number of fields",), imported=(2, 1, 1, 0),
         faults=((3, "", "nombre_de_champs", False),)),
    Edge(6, "ccsf", head("ccsf") + row("ccsf", Code_externe_action='CC"SF') + GOOD, (2, 1, 0),
         ('Line 1: parse error on line 2, column 34: bare " in non-quoted-field',), imported=(2, 1, 1, 0),
         faults=((2, "", "guillemet", False),)),
    Edge(7, "ccsf", head("ccsf") + row("ccsf", Code_externe_stade='"DE;\nBUT"') + GOOD, (2, 0, 0),
         keys=("stade",), tuples=("DE;\nBUT", "DEBUT"), imported=(2, 2, 0, 0), sql="stade",
         staged=("DE;\nBUT", "DEBUT")),
    Edge(8, "ccsf", rows("ccsf", "Siret", " " + S), (1, 1, 0), (f"Line 1: siret invalide :  {S}",), tuples=(),
         imported=(1, 0, 1, 0), faults=((2, "Siret", IDENTIFIER, False),)),
    Edge(9, "ccsf", rows("ccsf", "Code_externe_stade", " DEBUT "), (1, 0, 0), keys=("stade",), tuples=(" DEBUT ",),
         imported=(1, 1, 0, 0), sql="stade", staged=(" DEBUT ",)),
    Edge(10, "sirene_histo",
         head("sirene_histo") + HISTO + f'{S},"2019-06-30,2010-01-04,A,false\n{S},,2020"-01-01,A,true\n' + HISTO,
         (3, 1, 0),
         ('Line 2: record on line 3; parse error on line 4, column 21: extraneous or missing " in quoted-field',),
         keys=("siret",), tuples=(S, S), imported=(4, 2, 2, 0),
         faults=((3, "", "guillemet", False), (4, "", "guillemet", False))),
    Edge(11, "sirene_histo", "siret," + head("sirene_histo") + "123," + HISTO, (1, 0, 0), keys=("siret",), tuples=(S,),
         imported=(1, 1, 0, 0), sql="siret", staged=(S,)),
    Edge(12, "sirene_histo", gzip.compress((head("sirene_histo") + HISTO * 500).encode(), mtime=0)[:90],
         fatal="unexpected EOF", refused="truncated", name="raw.csv.gz", parsed=(-1, 0, 0)),
    Edge(13, "debit", rows("debit", "Dt_trt_ecn", "1240120", "1240121", "1241231"), (3, 0, 0),
         keys=("periode_prise_en_compte",), tuples=(day("2024-01-01"), day("2024-02-01"), day("2025-01-01")),
         imported=(3, 3, 0, 0), sql="CAST(date_traitement AS VARCHAR)",
         staged=("2024-01-20", "2024-01-21", "2024-12-31")),
    Edge(14, "debit", rows("debit", "Dt_trt_ecn", "240120"), (1, 0, 0), keys=("date_traitement",),
         tuples=(day("1924-01-20"),), imported=(1, 1, 0, 0), sql="year(date_traitement)", staged=(1924,)),
    Edge(15, "debit", rows("debit", "Dt_trt_ecn", "", "-5"), (2, 2, 0),
         ("Line 1: invalid value for date conversion: ", "Line 2: invalid value for date conversion: -5"),
         imported=(2, 0, 2, 0), faults=((2, "Dt_trt_ecn", "date", False), (3, "Dt_trt_ecn", "date", False))),
    Edge(16, "debit", rows("debit", "Mt_PO", "x", "12,5", " 1"), (3, 3, 0),
         tuple(f'Line {n}: strconv.ParseFloat: parsing "{x}": invalid syntax'
               for n, x in enumerate(("x", "12,5", " 1"), 1)),
         imported=(3, 0, 3, 0), faults=tuple((n, "Mt_PO", AMOUNT, False) for n in (2, 3, 4))),
    Edge(17, "debit", rows("debit", "Mt_PO", "", "5"), (2, 1, 0),
         ('Line 1: strconv.ParseFloat: parsing "": invalid syntax',), keys=("part_ouvriere",), tuples=(0.05,),
         imported=(2, 1, 1, 0), faults=((2, "Mt_PO", AMOUNT, False),)),
    Edge(18, "debit", head("debit") + row("debit", Mt_PO="-100", Mt_PP="2.5"), (1, 0, 0),
         keys=("part_ouvriere", "part_patronale"), tuples=((-1.0, 0.025),), imported=(1, 1, 0, 0),
         sql="[part_ouvriere_cents, part_patronale_cents]", staged=([-100, 3],)),
    Edge(19, "debit", rows("debit", "Num_Hist_Ecn", "", "x"), (2, 1, 0),
         ('Line 2: strconv.Atoi: parsing "x": invalid syntax',), keys=("numero_historique",), tuples=(None,),
         imported=(2, 1, 1, 0), faults=((3, "Num_Hist_Ecn", NUMBER, False),), sql="numero_historique", staged=(None,)),
    Edge(20, "debit", rows("debit", "Recours_en_cours", "1", "true", "F", "oui", ""), (5, 2, 0),
         ('Line 4: strconv.ParseBool: parsing "oui": invalid syntax',
          'Line 5: strconv.ParseBool: parsing "": invalid syntax'),
         keys=("recours_en_cours",), tuples=(True, True, False), imported=(5, 3, 2, 0),
         faults=((5, "Recours_en_cours", "booleen", False), (6, "Recours_en_cours", "booleen", False)),
         sql="is_recours", staged=(True, True, False)),
    Edge(21, "debit", head("debit") + row("debit", Mt_PO="x", Recours_en_cours="oui"), (1, 1, 0),
         ('Line 1: strconv.ParseFloat: parsing "x": invalid syntax',
          'Line 1: strconv.ParseBool: parsing "oui": invalid syntax'),
         imported=(1, 0, 1, 0), faults=((2, "Mt_PO", AMOUNT, False), (2, "Recours_en_cours", "booleen", False))),
    Edge(22, "cotisation", rows("cotisation", "enc_direct", "1.234,5", ",5", "1,2,3", ""), (4, 2, 0),
         ('Line 1: strconv.ParseFloat: parsing "1.234.5": invalid syntax',
          'Line 3: strconv.ParseFloat: parsing "1.2.3": invalid syntax'),
         keys=("encaisse",), tuples=(0.5, None), imported=(4, 2, 2, 0),
         faults=((2, "enc_direct", AMOUNT, False), (4, "enc_direct", AMOUNT, False)),
         sql="encaisse_cents", staged=(50, None)),
    Edge(23, "cotisation", rows("cotisation", "enc_direct", "1e400"), (1, 1, 0),
         ('Line 1: strconv.ParseFloat: parsing "1e400": value out of range',), imported=(1, 0, 1, 0),
         faults=((2, "enc_direct", AMOUNT, False),)),
    Edge(24, "cotisation", rows("cotisation", "periode", "", "24x0", "+202"), (3, 3, 0),
         ("Line 1: invalid value", 'Line 2: strconv.Atoi: parsing "x": invalid syntax', "Line 3: invalid value"),
         imported=(3, 0, 3, 0), faults=tuple((n, "periode", "periode", False) for n in (2, 3, 4))),
    Edge(25, "cotisation",
         head("cotisation") + row("cotisation") + row("cotisation", Compte='"1"x') + row("cotisation") * 3, (2, 1, 0),
         ("Line 2: record on line 3: wrong number of fields",), keys=("du",), tuples=(2.0,), imported=(5, 4, 1, 0),
         faults=((3, "", "guillemet", False),)),
    Edge(26, "delai", rows("delai", "Duree_delai", "x", ""), (2, 0, 0), keys=("duree_delai",), tuples=(0, None),
         imported=(2, 2, 0, 0), faults=((2, "Duree_delai", NUMBER, True),), sql="duree_days", staged=(None, None)),
    Edge(27, "delai", rows("delai", "Date_echeance", "1/3/2024", "2024-02-01"), (2, 2, 0),
         ("Line 1: " + BAD_DATE.format("1/3/2024", LAYOUT_FR, "1/3/2024", "02"),
          "Line 2: " + BAD_DATE.format("2024-02-01", LAYOUT_FR, "24-02-01", "/")),
         imported=(2, 0, 2, 0), faults=((2, "Date_echeance", "date", False), (3, "Date_echeance", "date", False))),
    Edge(28, "procol", rows("procol", "Dt_effet", "26may2014", "26MAI2014", "6MAY2014"), (3, 2, 0),
         ("Line 2: " + BAD_DATE.format("26MAI2014", LAYOUT_SAS, "MAI2014", "Jan"),
          "Line 3: " + BAD_DATE.format("6MAY2014", LAYOUT_SAS, "6MAY2014", "02")),
         keys=("date_effet",), tuples=(day("2014-05-26"),), imported=(3, 1, 2, 0),
         faults=((3, "Dt_effet", "date", False), (4, "Dt_effet", "date", False))),
    Edge(29, "procol", rows("procol", "Lib_actx_stdx", "clotureactif"), (1, 0, 0),
         keys=("action_procol", "stade_procol"), tuples=(("", ""),), imported=(1, 1, 0, 0),
         faults=((2, "Lib_actx_stdx", "code", True),),
         sql="[action, stade]", staged=(["", ""],)),
    Edge(30, "apconso", rows("apconso", "MOIS", "2024-01-15"), (1, 0, 0), keys=("periode",),
         tuples=(day("2024-01-15"),), imported=(1, 1, 0, 0),
         sql="[CAST(month AS VARCHAR), CAST(date_conso AS VARCHAR)]",
         staged=([str(2024 * 12), "2024-01-15"],)),
    Edge(31, "apconso", rows("apconso", "EFFECTIFS", "3.9", "-3.9", "1e3"), (3, 0, 0), keys=("effectif",),
         tuples=(3, -3, 1000), imported=(3, 2, 1, 0), faults=((3, "EFFECTIFS", "effectif", False),),
         sql="effectif_count", staged=(3, 1000)),
    Edge(32, "apdemande",
         head("apdemande") + "".join(row("apdemande", ID_DA=f"D{n}", MOTIF_RECOURS_SE=code)
                                     for n, code in enumerate(("8", "", "1.0"))), (3, 2, 0),
         ('Line 1: property "MOTIF_RECOURS_SE" has invalid value\u00a0: 8. Value ignored',
          'Line 3: strconv.Atoi: parsing "1.0": invalid syntax',
          'Line 3: property "MOTIF_RECOURS_SE" has invalid value\u00a0: 0. Value ignored'),
         keys=("motif_recours",), tuples=(None,), imported=(3, 3, 0, 0),
         faults=((2, "MOTIF_RECOURS_SE", "code", True), (4, "MOTIF_RECOURS_SE", "code", True)),
         sql="motif", staged=(None, None, None)),
    Edge(33, "apdemande", head("apdemande").replace("MTA", "autre") + row("apdemande"),
         fatal="column MTA not found, aborting", refused="1 column(s) missing (MTA)"),
    Edge(34, "effectif", f"compte;siret;eff202411;eff202412;eff202413;eff202441\n1;{S};12;-5;1 234;10,5\n", (1, 0, 0),
         keys=("effectif",), tuples=(12, 5, 1234, 105), imported=(1, 1, 0, 0),
         faults=((2, "eff202412", "effectif", True), (2, "eff202441", "effectif", True)),
         sql="effectif_count", staged=(12, 1234)),
    Edge(35, "effectif", f"compte;siret;eff202411;eff202412;eff202413;eff202441\n1;{S};abc;;0;n/a\n", (1, 1, 0),
         ('Line 1: strconv.Atoi: parsing "": invalid syntax',) * 2, keys=("effectif",), tuples=(0, 0, 0),
         imported=(1, 1, 0, 0), faults=((2, "eff202411", "effectif", True), (2, "eff202441", "effectif", True)),
         sql="effectif_count", staged=(0,)),
    Edge(36, "effectif", f"compte;siret;EFF202411;eff202412\n1;{S};12;13\n", (1, 0, 0), keys=("effectif",),
         tuples=(13,), imported=(1, 1, 0, 0), sql="effectif_count", staged=(12, 13)),
    Edge(37, "effectif", f"compte;siret;eff202411;effectif\n1;{S};12;13\n",
         fatal="column effectif is too short for a period, aborting", refused="found column 'effectif'"),
    Edge(38, "sirene", head("sirene") + row("sirene", codeCommuneEtablissement="[ND]")
         + row("sirene", codeCommuneEtablissement="2C001", codePostalEtablissement="7500"), (2, 0, 0),
         keys=("code_commune", "departement", "code_postal"), tuples=((None, None, None), (None, None, None)),
         imported=(2, 2, 0, 0),
         faults=((3, "codeCommuneEtablissement", "code", True), (3, "codePostalEtablissement", "code", True)),
         sql="[code_commune, departement, code_postal]", staged=([None, None, None], [None, None, None])),
    Edge(39, "sirene", head("sirene") + row("sirene", nomenclatureActivitePrincipaleEtablissement="NAF25"), (1, 0, 1),
         tuples=(), imported=(1, 1, 0, 0), sql="[code_naf, code_naf25]", staged=([None, "62.01Z"],)),
    Edge(40, "sirene", rows("sirene", "etablissementSiege", ""), (1, 1, 0),
         ('Line 1: strconv.ParseBool: parsing "": invalid syntax',), keys=("siren", "siege"), tuples=((SIREN, None),),
         imported=(1, 1, 0, 0), faults=((2, "etablissementSiege", "booleen", True),), sql="is_siege", staged=(None,)),
    Edge(41, "sirene", head("sirene") + row("sirene", siren="12345678", etablissementSiege="zz"), (1, 1, 0),
         ('Line 1: strconv.ParseBool: parsing "zz": invalid syntax',), tuples=(), imported=(1, 0, 1, 0),
         faults=((2, "etablissementSiege", "booleen", False), (2, "siren", IDENTIFIER, False))),
    Edge(42, "sirene_histo",
         head("sirene_histo") + row("sirene_histo", dateDebut="")
         + row("sirene_histo", etatAdministratifEtablissement="")
         + row("sirene_histo", etatAdministratifEtablissement="X", changementEtatAdministratifEtablissement="zz"),
         (3, 0, 3), tuples=(), imported=(3, 0, 0, 3)),
    Edge(43, "filter", f"{SIREN}\nsiren\n111111112\n", (3, 0, 1), keys=("siren",), tuples=(SIREN, "111111112"),
         imported=(3, 2, 0, 1), sql="siren", staged=(SIREN, "111111112")),
    Edge(44, "effectif_ent", f"siren;eff202411;eff202412;eff202413\n{SIREN};1 0;10,0;-10\n", (1, 0, 0),
         keys=("effectif",), tuples=(10, 100, 10), imported=(1, 1, 0, 0),
         faults=tuple((2, f"eff20241{n}", "effectif", True) for n in (1, 2, 3)), sql="effectif_count", staged=()),
]  # fmt: skip
BY_NUMBER = pytest.mark.parametrize("edge", EDGES, ids=lambda edge: f"E{edge.number}")


def written(edge: Edge, folder: Path) -> Path:
    path = folder / edge.name
    path.write_bytes(edge.content.encode() if isinstance(edge.content, str) else edge.content)
    return path


def test_every_case_is_there() -> None:
    assert [edge.number for edge in EDGES] == list(range(1, 45))


@BY_NUMBER
def test_reference_reading(edge: Edge, tmp_path: Path) -> None:
    stream = io.BytesIO()
    report = parse_file(edge.source, written(edge, tmp_path), output_format="jsonl", stream=stream)
    assert report["head_fatal"] == ([f"Fatal: {edge.fatal}"] if edge.fatal else [])
    assert report["head_rejected"] == list(edge.texts)
    if edge.parsed[0] >= 0:
        assert tuple(report[f"lines_{what}"] for what in ("parsed", "rejected", "skipped")) == edge.parsed
    if edge.tuples is not None:
        found = [json.loads(line) for line in stream.getvalue().splitlines()]
        values = [tuple(one.get(key) for key in edge.keys) for one in found]
        assert [value[0] if len(value) == 1 else value for value in values] == list(edge.tuples)


@BY_NUMBER
def test_import(edge: Edge, tmp_path: Path) -> None:
    lake = open_lake(tmp_path / "lake", create_synthetic=True)
    path, scratch = written(edge, tmp_path), tmp_path / "scratch"
    scratch.mkdir()
    reading = read_source(lake, SOURCES[edge.source], [path], batch=parse_month("2024-03"), scratch=scratch)
    if edge.refused:
        with pytest.raises(InputError) as error, reading:
            pass
        assert edge.refused in error.value.message
        assert error.value.todo
        return
    with reading as found:
        assert tuple(found.counts[what] for what in ("read", "accepted", "rejected", "filtered")) == edge.imported
        faults = found.engine.rows('SELECT line, "column", fault, is_row_kept FROM rejects ORDER BY line, "column"')
        assert [tuple(fault) for fault in faults] == sorted(edge.faults)
        if edge.staged is not None:
            values = found.engine.rows(f"SELECT {edge.sql} FROM fresh ORDER BY row_id")
            assert [value[0] for value in values] == list(edge.staged)


def test_a_bad_line_of_an_explicit_perimeter_refuses_it_all(tmp_path: Path) -> None:
    edge = Edge(43, "filter", f"{SIREN}\nsiren\n11111111\n", fatal="siren invalide : 11111111", tuples=())
    stream = io.BytesIO()
    report = parse_file("filter", written(edge, tmp_path), output_format="csv", stream=stream)
    assert (report["head_fatal"], stream.getvalue()) == ([f"Fatal: {edge.fatal}"], b"")
