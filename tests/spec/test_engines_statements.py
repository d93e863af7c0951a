"""Une même requête donne les mêmes valeurs aux deux moteurs, là où leurs dialectes diffèrent."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from both_engines import check_equal
from signaux_faibles.engine import Engine, SqlEngine

ROWS = pa.table(
    {
        "siren": pa.array(["900000004", "900000012", None, "900000020", "900000020"]),
        "month": pa.array([24241, None, 24242, -5, 24240], pa.int32()),
        "cents": pa.array([-700, 9_007_199_254_740_993, None, 0, 12345], pa.int64()),
        "days": pa.array([-7, 2, 5, None, 0], pa.int32()),
        "value": pa.array([-1.5, 0.1, None, 1e300, float("nan")], pa.float64()),
        "jour": pa.array([date(2020, 2, 29), date(1900, 1, 1), None, date(1582, 10, 4), date(2024, 12, 31)]),
        "actif": pa.array([True, False, None, True, False]),
    }
)

STATEMENTS = {
    "la division entière tronque vers zéro": "SELECT cents // 2 AS a, cents // -7 AS b, (days * 3) // 2 AS c FROM t",
    "le reste a le signe du dividende": "SELECT cents % 7 AS a, days % 4 AS b FROM t",
    "un quotient est un nombre à virgule": "SELECT cents / 7 AS a, days / 100.0 AS b, (days + 1) / 3 / 7 AS c FROM t",
    "un grand entier garde tous ses chiffres": "SELECT cents // 1 AS a, ABS(cents) + SIGN(days) AS b FROM t",
    "un arrondi est un nombre à virgule": "SELECT FLOOR(days / 2) / 4 AS a, CEIL(days / 2) AS b FROM t",
    "un décimal exact le reste": "SELECT CAST(days * 151.67 * 12 AS DOUBLE) AS a, cents / 100.0 AS b FROM t",
    "les valeurs manquantes viennent en dernier": """
        SELECT siren, ROW_NUMBER() OVER (ORDER BY month, cents DESC) AS a, ROW_NUMBER() OVER (ORDER BY month DESC) AS b,
            ROW_NUMBER() OVER (ORDER BY days NULLS LAST) AS c, ROW_NUMBER() OVER (ORDER BY days DESC NULLS LAST) AS d
        FROM t""",
    "le plus grand ignore ce qui manque": "SELECT GREATEST(days, month) AS a, LEAST(days, month, 3) AS b FROM t",
    "le mois d'une date": "SELECT EXTRACT(YEAR FROM jour) * 12 + EXTRACT(MONTH FROM jour) - 1 AS a FROM t",
    "l'année d'une date, de l'autre façon": "SELECT date_part('year', jour) AS a, date_part('month', jour) AS b FROM t",
    "une date est la même dans tous les calendriers": "SELECT jour, jour < DATE '1900-01-01' AS a FROM t",
    "une égalité admet ce qui manque": """
        SELECT a.siren AS a, b.siren AS b FROM t AS a JOIN t AS b ON a.month IS NOT DISTINCT FROM b.month""",
    "un mois sans mois": "SELECT CAST(range AS INTEGER) AS t FROM range(5, 3)",
    "une suite de mois": "SELECT m.range AS t FROM range(3, 6) AS m",
    "des booléens": "SELECT NOT actif AS a, actif AND days > 0 AS b, CAST(actif AS INTEGER) AS c FROM t",
    "du texte": "SELECT SUBSTRING(siren, 1, 4) AS a, siren || '-' AS b, siren LIKE '90%' AS c FROM t",
    "des sommes par groupe": """
        SELECT siren, CAST(SUM(cents) AS BIGINT) AS a, COUNT(*) AS b, COUNT(cents) AS c, COUNT(DISTINCT days) AS d,
            MAX(month) AS e, MIN(jour) AS f, AVG(days) AS g
        FROM t GROUP BY siren""",
    "des fenêtres": """
        SELECT siren, month, LAG(cents, 1) OVER (PARTITION BY siren ORDER BY month) AS a,
            CAST(SUM(cents) OVER (PARTITION BY siren ORDER BY month ROWS BETWEEN 1 PRECEDING AND CURRENT ROW) AS BIGINT)
                AS b,
            MAX(days) OVER (PARTITION BY siren ORDER BY month ROWS BETWEEN UNBOUNDED PRECEDING AND CURRENT ROW) AS c,
            COALESCE(LEAD(month, 1) OVER (PARTITION BY siren ORDER BY month), 99999) AS d
        FROM t""",
    "la dernière valeur connue": """
        SELECT LAST_VALUE(days IGNORE NULLS)
            OVER (ORDER BY month ROWS BETWEEN UNBOUNDED PRECEDING AND CURRENT ROW) AS a
        FROM t""",
    "une table écrite": "SELECT v.a AS a, v.b AS b FROM (VALUES ('x', 1), ('y', NULL)) AS v(a, b)",
    "ce qui ne vaut aucun nombre": "SELECT value, value > 1 AS a, value = value AS b, ISNAN(value) AS c FROM t",
}  # fmt: skip


@pytest.mark.parametrize("title", STATEMENTS)
def test_les_deux_moteurs_disent_la_meme_chose(spark: SqlEngine, tmp_path: Path, title: str) -> None:
    spark.register("t", ROWS)
    with Engine(tmp_path) as duckdb:
        duckdb.register("t", ROWS)
        check_equal(duckdb.arrow(STATEMENTS[title]), spark.arrow(STATEMENTS[title]), title)


@pytest.mark.parametrize(
    "sql",
    [
        "SELECT CAST(2147483647 AS INTEGER) + days AS a FROM t",
        "SELECT 9223372036854775807 - cents AS a FROM t",
        "SELECT days // (days - days) AS a FROM t",
        "SELECT CAST(siren || 'x' AS INTEGER) AS a FROM t",
    ],
)
def test_ni_l_un_ni_l_autre_n_invente_un_nombre(spark: SqlEngine, tmp_path: Path, sql: str) -> None:
    import duckdb as duckdb_errors
    from pyspark.errors import PySparkException

    spark.register("t", ROWS)
    with Engine(tmp_path) as duckdb:
        duckdb.register("t", ROWS)
        with pytest.raises(duckdb_errors.Error):
            duckdb.rows(sql)
    with pytest.raises(PySparkException):
        spark.rows(sql)


SIRENS = [f"9{n:08d}" for n in range(50)]
TABLE = pa.table(
    {
        "siren": pa.array([siren for siren in SIRENS for _ in range(3)]),
        "month": pa.array([24240 + n for _ in SIRENS for n in (2, 0, 1)], pa.int32()),
        "cents": pa.array([None if n % 7 == 0 else n * 10**12 for n in range(150)], pa.int64()),
        "jour": pa.array([date(1580 + n, 1, 1) for n in range(150)]),
        "is_open": pa.array([n % 2 == 0 for n in range(150)]),
    }
)
ODD_NAME = "batch=2610 l'été [1]*?{a,b}%20#"


def test_des_fichiers_de_l_un_sont_lus_par_l_autre_tries_et_du_meme_type(spark: SqlEngine, tmp_path: Path) -> None:
    one, two = tmp_path / ODD_NAME, tmp_path / ".autre"
    one.mkdir()
    two.mkdir()
    with Engine(tmp_path / "scratch") as duckdb:
        duckdb.register("source", TABLE)
        assert duckdb.write_parts("SELECT * FROM source", one) == 150
        files = sorted(one.glob("*"))
        assert [path.name for path in files] == ["part-00000.parquet"]
        assert spark.write_parts(f"SELECT * FROM {spark.parquet(files)}", two) == 150
        parts = sorted(two.glob("*"))
        assert [path.name for path in parts] == ["part-00000.parquet", "part-00001.parquet", "part-00002.parquet"]
        assert pq.read_schema(parts[0]).equals(pq.read_schema(files[0]))
        read = pa.concat_tables([pq.read_table(path) for path in parts])
        assert read.equals(pq.read_table(files[0])), "the same rows, in the same order over the files"
        assert [len(set(pq.read_table(path)["siren"].to_pylist())) for path in parts] == [17, 17, 16]
        again = duckdb.arrow(f"SELECT * FROM {duckdb.parquet(parts)} ORDER BY siren, month")
    assert again.equals(read)


def test_les_parts_se_suivent_et_suivent_les_entreprises_donnees(spark: SqlEngine, tmp_path: Path) -> None:
    spark.register("source", TABLE)
    spark.register("companies", pa.table({"siren": SIRENS[:6]}))
    rows = spark.write_parts("SELECT * FROM source", tmp_path, companies="companies", first_part=7)
    assert rows == 150
    counts = {path.name: pq.read_metadata(path).num_rows for path in sorted(tmp_path.glob("*"))}
    assert counts == {"part-00007.parquet": 6, "part-00008.parquet": 6, "part-00009.parquet": 138}


def test_un_resultat_vide_garde_ses_colonnes(spark: SqlEngine, tmp_path: Path) -> None:
    spark.register("source", TABLE)
    assert spark.write_parts("SELECT * FROM source WHERE month < 0", tmp_path) == 0
    (part,) = tmp_path.glob("part-*.parquet")
    assert pq.read_schema(part).equals(TABLE.schema)


def test_une_table_vide_est_une_table(spark: SqlEngine) -> None:
    spark.register("nothing", TABLE.slice(0, 0))
    assert spark.rows("SELECT COUNT(*), MAX(siren) FROM nothing") == [(0, None)]
    assert spark.arrow("SELECT * FROM nothing").schema.equals(TABLE.schema)


def test_une_table_n_est_calculee_qu_une_fois(spark: SqlEngine) -> None:
    spark.register("source", TABLE)
    spark.create("once", "SELECT siren, month, uuid() AS tag FROM source")
    spark.create("one", "SELECT siren, month, tag FROM once WHERE month > 24240")
    again = "SELECT COUNT(*) FROM one AS a JOIN once AS b ON b.siren = a.siren AND b.month = a.month AND b.tag = a.tag"
    assert spark.rows(again) == [(100,)], "a table computed again would have other tags"
    assert spark.rows(again) == [(100,)]
    spark.create("late", "SELECT tag FROM once")
    tags = spark.rows("SELECT MIN(tag) FROM once")
    spark.drop("once")
    assert spark.rows("SELECT MIN(tag) FROM late") == tags, "what reads a table outlives its name"


def test_une_table_remplacee_peut_lire_celle_qu_elle_remplace(spark: SqlEngine, tmp_path: Path) -> None:
    for engine in (spark, Engine(tmp_path)):
        engine.create("again", "SELECT 1 AS a")
        engine.create("again", "SELECT a + 1 AS a FROM again")
        assert engine.rows("SELECT a FROM again") == [(2,)]
        engine.drop("again")
        engine.close() if not engine.is_distributed else engine.drop("absent")


def test_une_tache_par_fichier_rend_des_comptes_dans_l_ordre(spark: SqlEngine, tmp_path: Path) -> None:
    def count_letters(path: Path, letter: str) -> int:
        count = path.read_text(encoding="utf-8").count(letter)
        path.with_suffix(".count").write_text(str(count), encoding="utf-8")
        return count

    paths = [tmp_path / f"{n}.txt" for n in range(4)]
    for n, path in enumerate(paths):
        path.write_text("a" * n, encoding="utf-8")
    with Engine(tmp_path / "scratch") as duckdb:
        for engine in (spark, duckdb):
            assert engine.map_files(paths, count_letters, "a") == [0, 1, 2, 3]
            for n, path in enumerate(paths):
                assert path.with_suffix(".count").read_text(encoding="utf-8") == str(n)
                path.with_suffix(".count").unlink()
            assert engine.map_files([], count_letters, "a") == []
