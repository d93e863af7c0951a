"""Read YAML that a person wrote: an entry written twice is a slip of the pen, not a wish for the last one."""

from __future__ import annotations

from collections.abc import Hashable
from typing import Any

import yaml


class _Loader(yaml.SafeLoader):
    """The safe loader, that refuses an entry written twice."""

    def construct_mapping(self, node: yaml.MappingNode, deep: bool = False) -> dict[Hashable, Any]:
        written = [key.value for key, _ in node.value if isinstance(key, yaml.ScalarNode)]
        if len(set(written)) < len(written):
            raise yaml.constructor.ConstructorError(None, None, "an entry is written twice", node.start_mark)
        return super().construct_mapping(node, deep)


def read_yaml(text: str) -> Any:
    """Content of a YAML text.

    Raises
    ------
    yaml.YAMLError
        If it is not YAML, or writes an entry twice.
    """
    return yaml.load(text, Loader=_Loader)
