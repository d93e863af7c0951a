"""The command line, called in process."""

from __future__ import annotations

from typer.testing import CliRunner, Result

from signaux_faibles.cli.app import app


def run(*arguments: object) -> Result:
    """Result of a command."""
    return CliRunner().invoke(app, [str(argument) for argument in arguments])


def done(*arguments: object) -> str:
    """Output of a command that must succeed."""
    result = run(*arguments)
    assert result.exit_code == 0, result.output
    return result.output


def refused(*arguments: object) -> BaseException:
    """Error of a command that must fail."""
    error = run(*arguments).exception
    assert error is not None
    return error
