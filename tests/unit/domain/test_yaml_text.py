"""YAML that a person wrote."""

from __future__ import annotations

import pytest
import yaml

from signaux_faibles.domain.yaml_text import read_yaml


def test_plain_yaml_is_read() -> None:
    assert read_yaml("a: {b: [1, x]}\nc: 2") == {"a": {"b": [1, "x"]}, "c": 2}


@pytest.mark.parametrize("text", ["a: 1\na: 2", "a: {b: 1, b: 2}", "- {x: 1, 'x': 1}"])
def test_entry_written_twice_is_refused(text: str) -> None:
    with pytest.raises(yaml.YAMLError, match="an entry is written twice"):
        read_yaml(text)


def test_nothing_is_run() -> None:
    with pytest.raises(yaml.YAMLError):
        read_yaml("!!python/object/apply:os.getcwd []")
