"""The file of `--engine-config`: what it may hold, and what is said of the rest."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from signaux_faibles.domain.errors import InputError
from signaux_faibles.engine import SparkConfiguration, read_configuration


def _file(folder: Path, text: str) -> Path:
    path = folder / "spark.yaml"
    path.write_text(text, encoding="utf-8")
    return path


def test_an_empty_file_is_this_machine(tmp_path: Path) -> None:
    assert read_configuration(_file(tmp_path, "")) == SparkConfiguration(master="local[2]")


def test_every_entry_is_read(tmp_path: Path) -> None:
    text = """
master: spark://calcul.invalid:7077
memory: 8g
partitions: 64
scratch: /tampon
python: /opt/python/bin/python
spark.executor.cores: 4
spark.shuffle.compress: true
"""
    assert read_configuration(_file(tmp_path, text)) == SparkConfiguration(
        master="spark://calcul.invalid:7077",
        memory="8g",
        partitions=64,
        scratch="/tampon",
        python="/opt/python/bin/python",
        settings={"spark.executor.cores": "4", "spark.shuffle.compress": "true"},
    )


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("maitre: local", "unknown entry 'maitre'"),
        ("partitions: many", "'many', expected 1 or more"),
        ("partitions: 0", "0, expected 1 or more"),
        ("partitions: true", "True, expected 1 or more"),
        ("memory: 4", "4, expected digits and g or m"),
        ("memory: beaucoup", "'beaucoup', expected digits and g or m"),
        ("memory: 4gb", "'4gb', expected digits and g or m"),
        ("memory: 0g", "'0g', expected digits and g or m"),
        ("scratch: 4", "4, expected a text"),
        ("- master", "found no entry"),
        ("master: [", "cannot be read as YAML"),
        ("master: local\nmaster: yarn", "cannot be read as YAML"),
    ],
)
def test_anything_else_is_refused_in_one_sentence(tmp_path: Path, text: str, said: str) -> None:
    with pytest.raises(InputError) as error:
        read_configuration(_file(tmp_path, text))
    assert said in str(error.value)
    assert "\n" not in str(error.value)


@pytest.mark.parametrize("memory", ["512m", "16g", "2G"])
def test_memory_is_written_as_java_does(tmp_path: Path, memory: str) -> None:
    assert read_configuration(_file(tmp_path, f"memory: {memory}")).memory == memory


def test_a_file_that_is_not_there_is_said(tmp_path: Path) -> None:
    with pytest.raises(InputError, match=r"absent\.yaml does not exist\. Give"):
        read_configuration(tmp_path / "absent.yaml")


@pytest.mark.parametrize(
    ("master", "partitions", "workers"),
    [("local[2]", 8, 2), ("local[4]", 3, 3), ("local", 8, 1), ("local[2, 4]", 8, 2), ("spark://un.invalid:7077", 5, 5)],
)
def test_workers_that_train_are_as_many_as_can_be_at_once(master: str, partitions: int, workers: int) -> None:
    assert SparkConfiguration(master=master, partitions=partitions).workers_count == workers


def test_every_thread_of_this_machine_may_train() -> None:
    assert SparkConfiguration(master="local[*]", partitions=10_000).workers_count == os.cpu_count()
