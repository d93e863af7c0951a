"""What a user can be told: one hierarchy, one sentence and one exit code per kind of error.

A `UserError` is printed without a traceback. Anything else that reaches the command line is a bug, and shows one.
Messages carry counts and places, never the identifier of a company or a person.
"""

from __future__ import annotations


class UserError(Exception):
    """Something the user can put right.

    Parameters
    ----------
    message : str
        What is wrong, where, what was found, what was expected.
    todo : str
        What to do about it, as an order.
    """

    exit_code = 1

    def __init__(self, message: str, *, todo: str = "") -> None:
        super().__init__(message)
        self.message = message
        self.todo = todo

    def __str__(self) -> str:
        return f"{self.message} {self.todo}".strip()


class InputError(UserError):
    """A file or a value given by the user cannot be used."""

    exit_code = 3


class LakeError(UserError):
    """The lake is missing, damaged, of another version, of another nature, or used by another run."""

    exit_code = 4


class MachineError(UserError):
    """The machine lacks something: a port, a program, memory, a library, the right to write."""

    exit_code = 5


class StageError(UserError):
    """A stage lacks what an earlier stage should have made, or the data do not allow it."""

    exit_code = 6


class ReleaseError(UserError):
    """A release is incomplete, altered, or of another format."""

    exit_code = 7
