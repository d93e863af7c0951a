"""Lignes de référence, du fichier du producteur à la table propre : `import --compat` puis `export --compat`."""

from __future__ import annotations

from typing import Any

import pyarrow.parquet as pq
import pytest
from typer.testing import CliRunner

from cleaned import columns
from lakes import Row
from pipeline.import_samples import (
    APDEMANDE_HEADER,
    DEBIT_HEADER,
    DELAI_HEADER,
    HISTO_HEADER,
    UL_HEADER,
    A,
    B,
    sirene_row,
    siret,
    write_batch,
)
from signaux_faibles.cli.app import app
from signaux_faibles.sources.sirene import RAW as SIRENE_CELLS

Tables = tuple[bool, dict[str, list[Row]]]
"""Whether the reading is that of the reference, and the rows of each clean table."""

FILES = {
    "sigfaible_debits.csv": DEBIT_HEADER
    + f"{siret(A)};1;397;1050824;201511;3;2;1;1;0;1;2;0\n"
    + f"{siret(B)};1;101;1240110;202411;100;0;1;1;0;1;2;0\n"
    + f"{siret(B)};2;101;1240210;202411;250;0;1;1;0;1;2;0\n",
    "sigfaible_delais.csv": DELAI_HEADER
    + f"{siret(A)};1;N1;05/02/2024;04/08/2024;x;ATELIERS;SUP;2024;12500,00;APPROB;\n",
    "demande_ap.csv": APDEMANDE_HEADER
    + f"D1,{siret(A)},41,12,2017-07-01,2017-08-01,2017-09-30,42078.52,1,10,1,2,1,1,1\n",
    "consommation_ap.csv": "ID_DA,ETAB_SIRET,HEURES,MONTANTS,EFFECTIFS,MOIS\n"
    + f"D1,{siret(B)},1,1,1,2019-12-30\nD1,{siret(B)},780,1,1,2020-12-30\n",
    "StockEtablissementHistorique_utf8.csv": HISTO_HEADER
    + f"{siret(A)},2009-05-26,2000-09-26,A,false\n{siret(A)},,2009-05-27,F,true\n{siret(B)},,2011-10-21,F,true\n",
    "sireneUL.csv": UL_HEADER.replace("\n", ",activitePrincipaleNAF25UniteLegale\n")
    + f"{A},,cuhgjdp,,,,jjqcmkg,,1000,2010-01-04,62.01Z,NAFRev2,A,\n",
    "StockEtablissement_utf8_geo.csv": ",".join(SIRENE_CELLS)
    + "\n"
    + sirene_row(
        numeroVoieEtablissement="1",
        typeVoieEtablissement="AVENUE",
        libelleVoieEtablissement="[ND]",
        codePostalEtablissement="75001",
        libelleCommuneEtablissement="PARIS",
        codeCommuneEtablissement="75101",
        etatAdministratifEtablissement="A",
    ),
}  # fmt: skip


@pytest.fixture(scope="module", params=[True, False], ids=["reference", "fixed"])
def tables(
    request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory
) -> tuple[bool, dict[str, list[Row]]]:
    """Clean tables of the files above, in one reading from end to end."""
    folder, options = tmp_path_factory.mktemp("golden"), ["--compat"] if request.param else []
    write_batch(folder / "raw", "2610", {name: text.encode() for name, text in FILES.items()})
    lake = ["--lake", str(folder / "lake"), *options]
    for arguments in (
        ["import", str(folder / "raw"), "--batch", "2610"],
        ["export", str(folder / "out"), "--no-filter"],
    ):
        done = CliRunner().invoke(app, [*arguments, *lake])
        assert done.exit_code == 0, done.output
        assert "import --compat" not in done.stderr
    found = {path.stem: pq.read_table(path).to_pylist() for path in (folder / "out").glob("*.parquet")}
    return request.param, found


def test_golden_rows_of_the_reference(tables: Tables) -> None:
    is_reference, found = tables
    debts = columns(found["clean_debit"], "siret", "periode", "part_ouvriere", "part_patronale")
    assert (siret(A), "2005-09-01", 0.03, 0.02) in debts, "row 1"
    asked = columns(found["clean_ap"], "periode", "etp_autorise", "motif_recours", "is_last")
    for month in ("2017-08-01", "2017-09-01"):
        assert (month, 277.4346937429947, "Conjoncture économique", False) in asked, "row 5"
    used = columns([row for row in found["clean_ap"] if row["is_last"]], "periode", "etp_consomme")
    assert used == [("2020-12-30", 5.1427441155139455) if is_reference else ("2020-12-01", 78000 / 15167)], "row 6"
    periods = columns(found["clean_sirene_histo"], "siret", "date_debut", "date_fin", "est_actif")
    assert sorted(periods) == sorted(
        [
            (siret(A), "2000-09-26", "2009-05-26", True),
            (siret(A), "2009-05-27", None, False),
            (siret(B), "2011-10-21", None, False),
        ]
    ), "row 7"
    name = "jjqcmkg  cuhgjdp EI" if is_reference else "jjqcmkg cuhgjdp EI"
    assert columns(found["clean_sirene_ul"], "siren", "raison_sociale") == [(A, name)], "row 8"


def test_what_the_files_say_and_the_readings_make_of_it(tables: Tables) -> None:
    is_reference, found = tables
    expected: dict[str, Any] = {
        "adresse": "1   [ND] ()\n75001 PARIS \n" if is_reference else "1 AVENUE\n75001 PARIS",
        "longitude": 0.0 if is_reference else None,
        "ape": "" if is_reference else None,
    }
    assert {name: found["clean_sirene"][0][name] for name in expected} == expected
    assert found["clean_delai"][0]["duree_delai"] == (0 if is_reference else None), "B31"
    assert found["clean_delai"][0]["action"] == ("" if is_reference else None)
    last = [row["part_ouvriere"] for row in found["clean_debit"] if row["siret"] == siret(B)]
    assert last == ([1.0, 2.5] if is_reference else [1.0, 3.5]), "B29"
