"""Tables of the usual formats are read alike, and a file that cannot be is told in a sentence."""

from __future__ import annotations

import gzip
from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from signaux_faibles.bench.models.columns import code_columns
from signaux_faibles.bench.models.reading import read_table
from signaux_faibles.domain.errors import InputError

ROWS = [(1.5, "north", 0), (None, "south", 1), (-2.0, None, 0), (4.0, "north", 1)]
CSV = "ratio, place,class\n1.5,north,0\n?,south,1\n-2.0,,0\n4.0,north,1\n"
FRENCH = "ratio;place;class\n1,5;north;0\n;south;1\n-2,0;NA;0\n4,0;north;1\n"
ARFF = """% made by hand
@RELATION 'a table'
@attribute ratio numeric
@ATTRIBUTE 'place' {north, south}
@attribute class {0,1}

@data
1.5,north,0
% a comment
?,south,1
-2.0,?,0
4.0,'north',1
"""


def written(folder: Path, name: str) -> Path:
    path = folder / name
    if name == "table.parquet":
        columns = zip(*ROWS, strict=True)
        pq.write_table(pa.table([pa.array(list(c)) for c in columns], names=["ratio", "place", "class"]), path)
        return path
    text = ARFF if ".arff" in name else FRENCH if "french" in name else CSV
    content = text.encode("utf-8-sig" if "marked" in name else "utf-8")
    path.write_bytes(gzip.compress(content) if name.endswith(".gz") else content)
    return path


@pytest.mark.parametrize(
    "name", ["table.csv", "marked.csv", "french.csv", "table.csv.gz", "table.arff", "table.arff.gz", "table.parquet"]
)
def test_every_format_gives_the_same_numbers(tmp_path: Path, name: str) -> None:
    coded = code_columns(read_table(written(tmp_path, name)))
    assert coded.names == ("ratio", "class", "place")
    rows = [[None if value != value else value for value in row] for row in coded.values.tolist()]
    assert rows == [[1.5, 0, 0], [None, 1, 1], [-2, 0, None], [4, 1, 0]]


@pytest.mark.parametrize(
    ("name", "content", "told"),
    [
        ("absent.csv", None, "No such file"),
        ("table.xlsx", b"PK", r"found \.xlsx, expected \.csv"),
        ("cut.csv.gz", gzip.compress(CSV.encode() * 99)[:60], "cut short"),
        ("false.csv.gz", CSV.encode(), "not a whole gzip file"),
        ("empty.csv", b"", "0 column"),
        ("header.csv", b"a,b\n", "has no row"),
        ("ragged.csv", b"a,b\n1,2\n1,2,3\n", "Expected 2 columns, got 3"),
        ("twice.csv", b"a,a\n1,2\n", "1 column names stand twice"),
        ("false.parquet", b"PAR1", "cannot be read"),
        ("nodata.arff", b"@attribute a numeric\n1\n", "no line @data"),
        ("noname.arff", b"@relation r\n@data\n1\n", "no line @attribute"),
        ("sparse.arff", b"@attribute a numeric\n@attribute b numeric\n@data\n{1 3}\n", "sparse rows"),
        ("ragged.arff", b"@attribute a numeric\n@attribute b numeric\n@data\n1,2\n1\n", "1 rows of 2 do not have 2"),
    ],
)
def test_a_file_that_cannot_be_read_is_told(tmp_path: Path, name: str, content: bytes | None, told: str) -> None:
    if content is not None:
        (tmp_path / name).write_bytes(content)
    with pytest.raises(InputError, match=told) as error:
        read_table(tmp_path / name)
    assert "1,2,3" not in str(error.value), "a row of the file is never quoted"


def test_the_type_of_a_column_is_that_of_all_its_rows(tmp_path: Path) -> None:
    path = tmp_path / "long.csv"
    path.write_text("a,b\n" + "1,2\n" * 300_000 + "x,2.5\n" + "x,3\n")
    coded = code_columns(read_table(path))
    assert coded.names == ("b", "a")
    assert coded.values[-1].tolist() == [3.0, 1.0]
