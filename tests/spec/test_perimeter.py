"""Règles du périmètre : datées, remplaçables, et ce qu'elles font entrer et sortir."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import duckdb
import pyarrow.parquet as pq
import pytest
import yaml

from lakes import SIREN, Row, a_company, an_open_company, day, m, new_lake, stage, stage_all
from signaux_faibles.domain.errors import InputError, StageError
from signaux_faibles.engine import parquet_sql
from signaux_faibles.lake import Lake
from signaux_faibles.lake.layout import OPEN
from signaux_faibles.panel.build import build_panel
from signaux_faibles.panel.store import panel_files
from signaux_faibles.panel.verdicts import judge
from signaux_faibles.perimeter import REASONS, PerimeterRules, RuleBook, conditions, read_rules, reason_sql
from signaux_faibles.pipeline.perimeter import PerimeterReport, report_markdown, report_perimeter

AS_OF, BEFORE = m("2021-12"), m("2020-12")


def _book(path: Path, **rules: Any) -> RuleBook:
    """Rules of a file."""
    file = path / "regles.yaml"
    file.write_text(yaml.safe_dump({"effectif": [{"min_count": 10, "window_months": 36}], **rules}), encoding="utf-8")
    return read_rules(file)


def _verdict(rules: PerimeterRules, *, is_filtered: bool = False, **facts: Any) -> str | None:
    """First reason for a company that is plainly in, but for some facts."""
    plain = {
        "etablissements_actifs_count": 1,
        "is_known_sirene": True,
        "categorie_juridique": "5710",
        "code_naf": "25.62B",
        "departement": "75",
        "effectif_max_count": 10,
        "is_requested": True,
    } | facts
    columns = ", ".join(
        f"CAST({'NULL' if value is None else repr(value)} AS {kind}) AS {name}"
        for (name, value), kind in zip(
            plain.items(), ("INTEGER", "BOOLEAN", "VARCHAR", "VARCHAR", "VARCHAR", "INTEGER", "BOOLEAN"), strict=True
        )
    )
    rows = duckdb.sql(f"SELECT {reason_sql(rules, is_filtered=is_filtered)} FROM (SELECT {columns})").fetchall()
    return str(rows[0][0]) if rows[0][0] is not None else None


@pytest.mark.parametrize(
    ("facts", "reason"),
    [
        ({}, None),
        ({"effectif_max_count": 9}, "effectif"),
        ({"effectif_max_count": None}, "effectif"),
        ({"etablissements_actifs_count": 0}, "inactive"),
        ({"is_known_sirene": False}, "inconnue"),
        ({"categorie_juridique": "1000"}, "personne_physique"),
        ({"categorie_juridique": "7210"}, "categorie"),
        ({"categorie_juridique": "7211"}, None),
        ({"categorie_juridique": None}, None),
        ({"code_naf": "84.11Z"}, "activite"),
        ({"code_naf": "64.20Z"}, None),
        ({"code_naf": "85.59A"}, None),
        ({"code_naf": None}, None),
        ({"departement": None}, "siege_etranger"),
        ({"departement": ""}, "siege_etranger"),
        ({"departement": None, "code_naf": "84.11Z", "effectif_max_count": 0}, "activite"),
    ],
)
def test_les_regles_du_projet(facts: dict[str, Any], reason: str | None) -> None:
    assert _verdict(read_rules().at(AS_OF), **facts) == reason


@pytest.mark.parametrize(
    ("month", "code_naf", "reason"),
    [("2026-02", "85.59A", "activite"), ("2026-03", "85.59A", None), ("2026-02", "64.19Z", None)],
)
def test_les_regles_de_la_reference_changent_avec_le_mois(month: str, code_naf: str, reason: str | None) -> None:
    assert _verdict(read_rules(Path("reference")).at(m(month)), code_naf=code_naf) == reason


def test_l_historique_de_la_reference() -> None:
    book = read_rules(Path("reference"))
    windows = [book.at(m(month)).window_months for month in ("2020-01", "2026-01", "2026-02", "2026-03", "2030-01")]
    assert windows == [100, 100, 120, 36, 36]
    assert _verdict(book.at(AS_OF), categorie_juridique="1000") is None, "it kept sole traders"
    rules = read_rules().at(AS_OF)
    assert (len(rules.categories_excluded), len(rules.activities_excluded)) == (17, 41)


def test_un_filtre_remplace_la_regle_d_effectif_et_elle_seule() -> None:
    rules = read_rules().at(AS_OF)
    assert _verdict(rules, is_filtered=True, effectif_max_count=0) is None
    assert _verdict(rules, is_filtered=True, is_requested=False) == "hors_filtre"
    assert _verdict(rules, is_filtered=True, categorie_juridique="7210") == "categorie"
    assert set(conditions(rules, is_filtered=True)) <= set(REASONS)


def test_une_regle_s_applique_du_premier_au_dernier_de_ses_mois(tmp_path: Path) -> None:
    book = _book(
        tmp_path,
        effectif=[
            {"min_count": 50, "window_months": 12, "valid_until": "2020-12"},
            {"min_count": 20, "window_months": 24, "valid_from": "2021-01", "valid_until": "2021-06"},
        ],
        categories_juridiques=[{"codes": ["92"], "valid_from": "2021-02"}],
        personnes_physiques=[{"excluded": True, "valid_until": "2020-12"}],
    )
    assert [book.at(m(month)).effectif_min_count for month in ("2020-12", "2021-01", "2021-06")] == [50, 20, 20]
    assert _verdict(book.at(m("2021-01")), categorie_juridique="9220", effectif_max_count=20) is None
    assert _verdict(book.at(m("2021-02")), categorie_juridique="9220", effectif_max_count=20) == "categorie"
    assert book.at(m("2020-12")).excludes_sole_traders
    assert not book.at(m("2021-01")).excludes_sole_traders
    with pytest.raises(InputError, match="'effectif': no rule in force in 2021-07"):
        book.at(m("2021-07"))


ONE = {"min_count": 10, "window_months": 36}


@pytest.mark.parametrize(
    ("content", "words"),
    [
        ("[1, 2]", ("the file", "keys and rules")),
        ("a: [", ("line", "not YAML")),
        ({"seuil": []}, ("seuil", "unknown key")),
        ({}, ("effectif", "at least one")),
        ({"effectif": [{"min_count": 10}]}, ("effectif[1]", "no window_months")),
        ({"effectif": [{**ONE, "min_count": "dix"}]}, ("effectif[1].min_count", "dix", "whole number")),
        ({"effectif": [{**ONE, "min_count": True}]}, ("effectif[1].min_count", "whole number")),
        ({"effectif": [{**ONE, "window_months": 0}]}, ("effectif[1].window_months", "found 0")),
        ({"effectif": [{**ONE, "depuis": "2020-01"}]}, ("effectif[1].depuis", "unknown key")),
        ({"effectif": [{**ONE, "valid_from": "2020"}]}, ("effectif[1].valid_from", "2020", "2026-03")),
        ({"effectif": [{**ONE, "valid_from": 2020}]}, ("effectif[1].valid_from",)),
        ({"effectif": [{**ONE, "valid_from": "2021-02", "valid_until": "2021-01"}]}, ("valid_until", "2021-02 on")),
        ({"effectif": [{**ONE, "valid_until": "2021-01"}, {**ONE, "valid_from": "2021-01"}]}, ("effectif[2]", "above")),
        ({"effectif": [ONE], "activites": [{"codes": ["8411Z"]}]}, ("activites[1].codes", "8411Z", "84.11Z")),
        ({"effectif": [ONE], "activites": [{"codes": []}]}, ("activites[1].codes", "list of codes")),
        ({"effectif": [ONE], "categories_juridiques": [{"codes": [7210]}]}, ("7210", "between quotes")),
        ({"effectif": [ONE], "siege_etranger": [{"excluded": "oui"}]}, ("siege_etranger[1].excluded", "true or false")),
        ({"effectif": [ONE], "personnes_physiques": True}, ("personnes_physiques", "list of rules")),
    ],
)
def test_une_regle_fausse_est_dite_avec_son_fichier_et_sa_cle(
    tmp_path: Path, content: Any, words: tuple[str, ...]
) -> None:
    file = tmp_path / "regles.yaml"
    file.write_text(content if isinstance(content, str) else yaml.safe_dump(content), encoding="utf-8")
    with pytest.raises(InputError) as caught:
        read_rules(file)
    for word in ("regles.yaml", *words):
        assert word in str(caught.value)


def test_un_fichier_de_regles_absent_est_dit(tmp_path: Path) -> None:
    with pytest.raises(InputError, match="cannot be read"):
        read_rules(tmp_path / "rien.yaml")


def _companies() -> dict[str, list[Row]]:
    """Five companies: one stays in, one falls under the threshold, one rises, one closes, one is public."""
    staying, falling, rising, closing, public = "900000004", "900000003", "900000005", "900000006", "900000007"
    tables: dict[str, list[Row]] = {}
    for siren in (staying, falling, rising, closing, public):
        for source, rows in a_company(siren).items():
            tables.setdefault(source, []).extend(rows)
    for row in tables["effectif_ent"]:
        if row["siren"] == falling and row["month"] > m("2017-11"):
            row["effectif_count"] = 5
        if row["siren"] == rising and row["month"] < m("2021-06"):
            row["effectif_count"] = 3
    tables["sirene_histo"].append(
        {
            "siren": closing,
            "siret": f"{closing}00011",
            "date_debut": day("2021-03-10"),
            "is_active": False,
            "known_from": day("2021-04-30"),
        }
    )
    for row in tables["sirene_ul"]:
        if row["siren"] == public:
            row["categorie_juridique"] = "7210"
    return tables


@pytest.fixture
def lake(tmp_path: Path) -> Lake:
    lake = new_lake(tmp_path / "lake")
    stage_all(lake, AS_OF, _companies())
    return lake


def _report(lake: Lake, book: RuleBook | None = None) -> PerimeterReport:
    return report_perimeter(lake, AS_OF, book or read_rules(), against=BEFORE)


def test_qui_entre_et_qui_sort_et_pourquoi(lake: Lake) -> None:
    report = _report(lake)
    assert (report.in_count, report.judged_count) == (2, 5)
    assert report.excluded == {"inactive": 1, "categorie": 1, "effectif": 1}
    assert report.met["effectif"] == 1
    assert report.entries == {"effectif": 1}
    assert report.exits == {"inactive": 1, "effectif": 1}


def test_une_sortie_due_a_la_regle_n_est_pas_imputee_a_l_entreprise(lake: Lake, tmp_path: Path) -> None:
    book = _book(
        tmp_path,
        effectif=[
            {"min_count": 10, "window_months": 36, "valid_until": "2021-06"},
            {"min_count": 30, "window_months": 36, "valid_from": "2021-07"},
        ],
    )
    report = _report(lake, book)
    assert report.in_count == 0
    assert report.exits == {"regles": 4}
    assert report.entries == {}


def test_le_detail_reste_dans_le_lac_et_le_rapport_ne_nomme_personne(lake: Lake) -> None:
    text = report_markdown(_report(lake))
    detail = pq.read_table(lake.root / "perimeter/as_of=2021-12/detail.parquet")
    assert detail["siren"].to_pylist() == sorted(detail["siren"].to_pylist())
    assert (
        dict(zip(detail["siren"].to_pylist(), detail["exclusion"].to_pylist(), strict=True))["900000006"] == "inactive"
    )
    assert not any(siren in text for siren in detail["siren"].to_pylist())
    assert "**Dans le périmètre : 2** (40,00 %)" in text
    assert "## Sorties depuis décembre 2020 : 2" in text
    assert (lake.root / "perimeter/as_of=2021-12/rapport.md").read_text(encoding="utf-8") == text


def test_le_verdict_est_celui_du_panel(lake: Lake) -> None:
    verdicts = judge(lake, AS_OF, read_rules(), against=BEFORE)
    build_panel(lake, AS_OF)
    for month, column in ((AS_OF, "exclusion"), (BEFORE, "exclusion_before")):
        panel = dict(
            duckdb.sql(
                f"SELECT siren, exclusion FROM {parquet_sql(panel_files(lake, AS_OF))} WHERE month = {month}"
            ).fetchall()
        )
        judged = dict(zip(verdicts["siren"].to_pylist(), verdicts[column].to_pylist(), strict=True))
        assert panel, "an empty comparison proves nothing"
        assert panel == {siren: judged[siren] for siren in panel}
        assert {siren for siren, reason in judged.items() if reason is None} <= set(panel)


def test_un_effectif_d_avant_la_premiere_activite_ne_compte_ni_au_verdict_ni_au_panel(tmp_path: Path) -> None:
    tables = a_company()
    for row in tables["effectif_ent"]:
        row["effectif_count"] = 12 if row["month"] < m("2020-04") else 8
    tables["sirene_histo"][0] |= {"date_debut": day("2020-08-10"), "known_from": day("2020-09-30")}
    lake = new_lake(tmp_path / "lake")
    stage_all(lake, AS_OF, tables)
    assert judge(lake, AS_OF, read_rules())["exclusion"].to_pylist() == ["effectif"]
    assert build_panel(lake, AS_OF).rows_count == 0


def test_d_autres_regles_donnent_un_autre_panel_qui_les_garde(lake: Lake, tmp_path: Path) -> None:
    assert build_panel(lake, AS_OF).in_perimeter_count == 2
    rules = _book(tmp_path, effectif=[{"min_count": 1, "window_months": 1}]).at(AS_OF)
    assert build_panel(lake, AS_OF, rules=rules).in_perimeter_count == 4
    again = build_panel(lake, AS_OF)
    assert (again.in_perimeter_count, again.is_new) == (4, False), "the next stages must not undo the choice"
    assert build_panel(lake, AS_OF, rules=read_rules().at(AS_OF)).in_perimeter_count == 2


def test_un_filtre_depose_decide_du_panel_et_du_rapport(tmp_path: Path) -> None:
    lake = new_lake(tmp_path / "lake")
    stage_all(lake, AS_OF, _companies())
    wanted = ("900000003", "900000007", "900000008")
    stage(lake, "filter", AS_OF, [{"siren": siren, "known_from": day("2021-12-31")} for siren in wanted])
    summary = build_panel(lake, AS_OF)
    assert summary.in_perimeter_count == 1, "under the threshold, but asked for"
    report = _report(lake)
    assert report.in_count == 1
    assert report.excluded == {"inactive": 2, "categorie": 1, "hors_filtre": 2}
    stage(lake, "filter", m("2022-01"), [], withdrawn=[(AS_OF, 0)])
    stage(lake, "ccsf", m("2022-01"), [])
    assert build_panel(lake, m("2022-01")).in_perimeter_count == 0


def test_les_donnees_ouvertes_jugent_par_tranche(tmp_path: Path) -> None:
    lake = new_lake(tmp_path / "lake", profile=OPEN)
    tables: dict[str, list[Row]] = {}
    for siren, tranche in ((SIREN, "11"), ("900000003", "03"), ("900000005", "NN")):
        for source, rows in an_open_company(siren, tranche=tranche).items():
            tables.setdefault(source, []).extend(rows)
    stage_all(lake, AS_OF, tables)
    report = _report(lake)
    assert (report.in_count, report.excluded) == (1, {"effectif": 1}), "a company without a band is not judged"


def test_on_ne_compare_qu_a_un_mois_d_avant(lake: Lake) -> None:
    with pytest.raises(StageError, match="not before"):
        judge(lake, AS_OF, read_rules(), against=AS_OF)
