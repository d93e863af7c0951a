"""The documents name the commands and options that exist, all of them, and no other."""

from __future__ import annotations

import re
import shlex
from pathlib import Path
from typing import Any

import pytest
import typer

from signaux_faibles.cli.app import INTERRUPTED_EXIT_CODE, app
from signaux_faibles.domain.errors import UserError

ROOT = Path(__file__).parents[2]
PAGE = ROOT / "docs/dev/reference/command-line.md"


def flattened(group: Any, prefix: str = "") -> dict[str, Any]:
    """Commands by name, those of a group with the group's name before theirs."""
    found = {}
    for name, command in group.commands.items():
        is_group = hasattr(command, "commands")
        found |= flattened(command, f"{name} ") if is_group else {prefix + name: command}
    return found


COMMANDS = flattened(typer.main.get_command(app))
DOCUMENTS = [*ROOT.glob("*.md"), *(ROOT / "docs").rglob("*.md")]


def options_of(command: str) -> set[str]:
    params = COMMANDS[command].params
    named = {name for p in params for name in (*p.opts, *p.secondary_opts) if name.startswith("--")}
    return named - {"--help"}


def uses() -> list[tuple[str, str]]:
    """Every `signaux …` of a shell block: document, command line."""
    found = []
    for path in DOCUMENTS:
        for block in re.findall(r"```sh\n(.*?)```", path.read_text(encoding="utf-8"), re.DOTALL):
            lines = re.findall(r"(?:^|[\s;])(?:\.venv/bin/)?signaux ([a-z][^;\n#]*)", block)
            found += [(str(path.relative_to(ROOT)), line) for line in lines]
    return found


@pytest.mark.parametrize("command", COMMANDS)
def test_the_reference_describes_a_command_with_all_its_options(command: str) -> None:
    rows = re.findall(rf"^\| `{command}(?: [^`]*)?` \|.*$", PAGE.read_text(encoding="utf-8"), re.MULTILINE)
    assert len(rows) == 1, f"one row for {command}"
    assert set(re.findall(r"--[a-z-]+", rows[0])) == options_of(command)


def test_the_shell_blocks_use_commands_and_options_that_exist() -> None:
    lines = uses()
    assert len(lines) >= 15
    for document, line in lines:
        words = shlex.split(line)
        command = next((name for name in (words[0], " ".join(words[:2])) if name in COMMANDS), None)
        assert command, f"{document}: signaux {line}"
        wrong = {word for word in words if word.startswith("--")} - options_of(command)
        assert not wrong, f"{document}: signaux {line}"


def test_the_exit_codes_are_those_of_the_errors() -> None:
    described = {int(code) for code in re.findall(r"^\| ([0-9]+) \|", PAGE.read_text(encoding="utf-8"), re.MULTILINE)}
    raised = {kind.exit_code for kind in UserError.__subclasses__()}
    assert described == raised | {0, 1, 2, INTERRUPTED_EXIT_CODE}
