"""Small raw files of every source, with right and wrong rows. Every SIREN has a wrong key."""

from __future__ import annotations

import gzip
import hashlib
import json
from pathlib import Path

from signaux_faibles.domain.siren import Identifier, siren_kind
from signaux_faibles.sources.comptes import AMOUNTS, RATIOS
from signaux_faibles.sources.dgfip import AF, DECLARATION, DIRCO, EXERCICE, INDMAP
from signaux_faibles.sources.sirene import RAW as SIRENE_CELLS

A, B = "123456789", "111111112"
REAL = next(s for s in map(str, range(900000000, 900000010)) if siren_kind(s) is Identifier.REAL)
"""Made when the tests run, so that no real number is written anywhere."""
JANUARY, FEBRUARY, MARCH = (2024 * 12 + month for month in range(3))

DEBIT_HEADER = (
    "Siret;num_cpte;Num_Ecn;Dt_trt_ecn;Periode;Mt_PO;Mt_PP;Num_Hist_Ecn;Etat_cpte;Cd_pro_col;Cd_op_ecn;Motif_ecn;"
    "Recours_en_cours\n"
)
DELAI_HEADER = (
    "Siret;Numero_compte_externe;Numero_structure;Date_creation;Date_echeance;Duree_delai;Denomination_premiere_ligne;"
    "Indic_6M;Annee_creation;Montant_global_echeancier;Code_externe_stade;Code_externe_action\n"
)
CCSF_HEADER = "Siret;Compte;Date_de_traitement;Code_externe_stade;Code_externe_action\n"
COTISATION_HEADER = "Urssaf_gestion;Siret;Compte;periode;enc_direct;cotis_due\n"
APDEMANDE_HEADER = (
    "ID_DA,ETAB_SIRET,EFF_ENT,EFF_ETAB,DATE_STATUT,DATE_DEB,DATE_FIN,HTA,MTA,EFF_AUTO,MOTIF_RECOURS_SE,PERIMETRE_AP,"
    "S_HEURE_CONSOM_TOT,S_EFF_CONSOM_TOT,S_MONTANT_CONSOM_TOT\n"
)
HISTO_HEADER = "siret,dateFin,dateDebut,etatAdministratifEtablissement,changementEtatAdministratifEtablissement\n"
UL_HEADER = (
    "siren,denominationUniteLegale,prenom1UniteLegale,prenom2UniteLegale,prenom3UniteLegale,prenom4UniteLegale,"
    "nomUniteLegale,nomUsageUniteLegale,categorieJuridiqueUniteLegale,dateCreationUniteLegale,activitePrincipaleUniteLegale,"
    "nomenclatureActivitePrincipaleUniteLegale,etatAdministratifUniteLegale\n"
)


def siret(siren: str) -> str:
    return siren + "00011"


def paydex_row(siren: str, day: str, *, late: str = "8", share: str = "10") -> str:
    cells = [""] * 31
    cells[0], cells[1], cells[18], cells[21], cells[22], cells[23] = "é", siren, "A", "075", late, "3"
    cells[24], cells[26], cells[27], cells[30] = "100,5", share, "120.5", day
    return ";".join(cells) + "\n"


def paydex(*rows: str) -> bytes:
    header = ";".join(f"c{n}" for n in range(31)) + "\n"
    return (header + "".join(rows) + f"Fin du fichier : total {len(rows)} ligne(s)\n").encode("iso-8859-15")


def sirene_row(**cells: str) -> str:
    full = dict.fromkeys(SIRENE_CELLS, "") | {"siren": A, "nic": "00011", "etablissementSiege": "true"} | cells
    return ",".join(full[name] for name in SIRENE_CELLS) + "\n"


def comptes(*rows: dict[str, str]) -> str:
    names = ["siren", "date_cloture_exercice", *AMOUNTS, *RATIOS, "type_bilan"]
    return ";".join(names) + "\n" + "".join(";".join(row.get(name, "") for name in names) + "\n" for row in rows)


def first_batch() -> dict[str, bytes]:
    """One file of every source (two of the flow)."""
    texts = {
        "sigfaible_cotisdues.csv.gz": COTISATION_HEADER
        + f"117;{siret(A)};C1;2410;1250,5;1300\n117;{siret(A)};C1;2450;1;1\n\n117;{siret(B)};C2;202362;;-1,005\n"
        + f'117;{siret(A)};C1\n"117"x;{siret(A)};C1;2410;1;1\n117;{siret(B)};C2;2410;inf;1\n',
        "sigfaible_debits.csv": DEBIT_HEADER
        + f"{siret(A)};C1;101;1240120;202411;15050;2.5;1;1;0;1;2;0\n"
        + f"{siret(A)};C1;101;1240121;202411;;30100;2;1;0;1;2;0\n"
        + f"{siret(B)};C2;101;x;202411;1;1;1;1;0;1;2;oui\n",
        "sigfaible_delais.csv": DELAI_HEADER
        + f"{siret(A)};C1;N1;05/01/2024;04/07/2024;181;CAFÉ;SUP;2024;12500,00;APPROB;SUR PO\n"
        + f"{siret(B)};C2;N2;05/01/2024;04/07/2024;six;CAFE;SUP;2024;12500,00;APPROB;SUR PO\n",
        "sigfaible_ccsf.csv": CCSF_HEADER + f"{siret(A)};C1;1240130;DEBUT;CCSF\n{siret(B)};C2;1240130;DEBUT;CCSF\n",
        "sigfaible_pcoll.csv": "Siret;Dt_effet;Lib_actx_stdx\n"
        + f"{siret(A)};15JAN2024;Ouverture_redressement\n{siret(A)};15JAN2024;clotureactif\n{siret(B)};15JANV2024;x\n",
        "sigfaible_effectif_siret.csv.gz": "compte;siret;rais_soc;eff202341;eff202342;eff202343;base\n"
        + f"C1;{siret(A)};X;12;-5;1 234;9\nC2;{siret(A)};X;3;;0;9\nC3;{siret(B)}A;Y;1;2;3;9\n",
        "sigfaible_effectif_siren.csv": f"siren;eff202341;eff202342;rais_soc\n{A};12;n/a;X\n{B};7;8;Y\n{B};7;8;Y\n",
        "consommation_ap.csv": '"ID_DA","ETAB_SIRET","HEURES","MONTANTS","EFFECTIFS","MOIS"\n'
        + f'"D1","{siret(A)}",303.34,2450.8,2.0,"2023-12-15"\nD1,{siret(A)},,,-1,2023-12-01\n',
        "demande_ap.csv": APDEMANDE_HEADER
        + f'D1,{siret(A)},41.0,12.0,2023-12-20,2024-02-01,2024-04-30,1516.7,"15000,00",10.0,1,2,303.34,2.0,2450.8\n'
        + f"D2,{siret(B)},41.0,12.0,2023-12-20,2024-02-01,2024-04-30,10,20,1,8,2,,,\n" * 2,
        "ratios_inpi_bce.csv": comptes(
            {"siren": A, "date_cloture_exercice": "20221231", "ebe": "-4", "marge_ebe": "1,5", "type_bilan": "C"},
            {"siren": B, "date_cloture_exercice": "2022-06-30", "ebe": "x", "marge_ebe": "nan", "type_bilan": "K"},
            {"siren": B, "date_cloture_exercice": "31/12/2022"},
        ),
        "sireneUL.csv": UL_HEADER
        + f"{A},ATELIERS INVENTÉS,,,,,,,5710,2010-01-04,25.62B,NAFRev2,A\n{B},[ND],,,,,,,1000,,25.62B,NAFRev1,C\n",
        "StockEtablissement_utf8_geo.csv": ",".join(SIRENE_CELLS)
        + "\n"
        + sirene_row(
            complementAdresseEtablissement='"BÂT ""A"", 2"', indiceRepetitionEtablissement="B",
            typeVoieEtablissement="AV", codeCommuneEtablissement="2A004", dateCreationEtablissement="2010-01-04",
            longitude="8.7", latitude="41.9", etatAdministratifEtablissement="A",
            activitePrincipaleEtablissement="25.62B", nomenclatureActivitePrincipaleEtablissement="NAFRev2",
        )
        + sirene_row(
            siren=B, typeVoieEtablissement="AVENUE", codeCommuneEtablissement="[ND]", etablissementSiege="",
            activitePrincipaleEtablissement="25.53Y", nomenclatureActivitePrincipaleEtablissement="NAF25",
        )
        + sirene_row(nic="11"),
        "StockEtablissementHistorique_utf8.csv": HISTO_HEADER
        + f"{siret(A)},,2010-01-04,A,true\n{siret(A)},,,A,true\n"
        + f"{siret(B)},2019-06-30,,F,false\n{siret(B)},,2020-01-01,,true\n",
    }  # fmt: skip
    files = {name: text.encode() for name, text in texts.items()}
    files["sigfaible_delais.csv"] = texts["sigfaible_delais.csv"].encode("cp1252")
    files["altares_mensuel_202311.csv"] = paydex(paydex_row(A, "2023-11-30"), paydex_row(B, "2023-11-30", late="x"))
    files["altares_mensuel_202312.csv"] = paydex(paydex_row(A, "2023-12-31"), paydex_row(A, "2023-11-30"))
    return files


def notice(
    sirens: list[str], rank: int, *, nature: str = "ouverture de liquidation", **changes: object
) -> dict[str, object]:
    """A notice of the Bodacc; two companies make a list, one an object."""
    people = [{"numeroImmatriculation": {"numeroIdentification": f"{s[:3]} {s[3:6]} {s[6:]}"}} for s in sirens]
    jugement = {"famille": "Jugement", "nature": f"Jugement d'{nature} judiciaire", "date": "1er\u00a0décembre 2023"}
    return {
        "publicationavis": "A",
        "parution": "20230240",
        "dateparution": "2023-12-14",
        "numeroannonce": rank,
        "typeavis": "annonce",
        "familleavis": "collective",
        "numerodepartement": "69",
        "tribunal": "Greffe du tribunal de commerce de Lyon",
        "listepersonnes": json.dumps({"personne": people if len(people) > 1 else people[0]}),
        "jugement": json.dumps(jugement | dict(changes.pop("jugement", {}))),  # type: ignore[call-overload]
        "parutionavisprecedent": None,
    } | changes


def notices() -> list[dict[str, object]]:
    previous = {"nomPublication": "BODACC A", "numeroParution": "20230240", "numeroAnnonce": "1"}
    return [
        notice([A, B], 1),
        notice([B], 2, typeavis="annulation", parutionavisprecedent=json.dumps(previous)),
        notice([A], 3, nature="un genre nouveau"),
        notice([A], 4, jugement={"date": "5025-01-20", "nature": "Jugement de clÃ´ture pour insuffisance d'actif"}),
        notice(["12"], 5),
        notice([A], 6, familleavis="vente"),
        notice([A], 7, jugement={"famille": "Avis de dépôt"}),
        notice([A], 8, listepersonnes=json.dumps({"personne": {"nonInscrit": "x"}})),
        {"siren": A},
    ]


def notices_csv() -> str:
    rows = notices()[:2]
    lines = [";".join(rows[0])]
    for row in rows:
        cells = ["" if value is None else str(value) for value in row.values()]
        lines.append(";".join('"' + cell.replace('"', '""') + '"' for cell in cells))
    return "\n".join(lines) + "\n"


def declarations(values: dict[str, tuple[str, str]], keys: tuple[str, ...], *rows: dict[str, str]) -> str:
    names = [*EXERCICE, *keys, *values]
    return "|".join(names) + "\n" + "".join("|".join(row.get(name, "") for name in names) + "\n" for row in rows)


def rare_files() -> dict[str, bytes]:
    """One file of every source that a delivery of partners seldom holds (two of the notices)."""
    exercice = {"date_deb_exercice": "2022-01-01", "date_fin_exercice": "20221231"}
    texts = {
        "bodacc_2023_12.json": json.dumps(notices(), indent=1),
        "annonces-commerciales.csv": notices_csv(),
        "declarations_indmap.csv": declarations(
            INDMAP, DECLARATION,
            exercice | {"siren": A, "no_ocfi": "1", "annee_exercice": "2022", "d_passf_120_k": "1000,5"},
            exercice | {"siren": A, "no_ocfi": "2", "annee_exercice": "x", "d_passf_120_k": "-", "rto_invest_ca": ",5"},
            {"siren": "12", "no_ocfi": "3"} | exercice,
        ),
        "declarations_af.csv": declarations(
            AF, DECLARATION,
            exercice | {"siren": A, "no_ocfi": "1", "mnt_af_ca": "-1000", "nbr_af_jours_creance_cli": "45"},
            {"siren": A, "date_deb_exercice": "2022-01-01", "date_fin_exercice": "31/12/2022"},
        ),
        "ratios_dirco.csv": declarations(DIRCO, (), {"siren": B, "rto_6": "1e3", "rto_56": "nan"} | exercice),
        "E_202401150930_Retro-Paydex_20240115.csv": "SIREN;NB_JOURS;LIBELLE;DATE_VALEUR\n"
        + f"{A};12;12 jours;15/01/2022\n{B};douze;;15/01/2022\n{B};;;2022-01-15\n",
        "filter_2401.csv": f"siren;nom\n{A};x\nsiren;nom\n{B};y\n",
    }  # fmt: skip
    return {name: text.encode() for name, text in texts.items()}


def write_batch(raw: Path, key: str, files: dict[str, bytes], *, is_synthetic: bool = True) -> None:
    """Write the files of a batch, compressed when their name says so."""
    folder = raw / key
    folder.mkdir(parents=True, exist_ok=True)
    if is_synthetic:
        (raw / "SYNTHETIC").touch()
    for name, content in files.items():
        (folder / name).write_bytes(gzip.compress(content, mtime=0) if name.endswith(".gz") else content)


def digests(lake: Path) -> dict[str, str]:
    """Hash of every file of a lake but its journal, which holds times."""
    paths = [path for path in sorted(lake.rglob("*")) if path.is_file() and path.name != "journal.parquet"]
    return {str(path.relative_to(lake)): hashlib.sha256(path.read_bytes()).hexdigest() for path in paths}
