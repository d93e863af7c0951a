"""Manifest of a release: what it holds, what made it, and the hash of every file."""

from __future__ import annotations

import hashlib
import json
from dataclasses import asdict, dataclass, field
from pathlib import Path

from signaux_faibles.domain.errors import ReleaseError

FORMAT_VERSION = 1
MANIFEST_NAME = "manifest.json"


@dataclass(frozen=True)
class Manifest:
    """Identity card of a release.

    Parameters
    ----------
    release_id : str
        Name of its folder.
    list_label : str
        French month of the list, as agents read it (`octobre 2026`).
    list_month : str
        `YYYY-MM`.
    as_of : str
        Month after which nothing was known, `YYYY-MM`.
    model_id, code_version : str
    is_synthetic : bool
        True when every company is invented: the service says so on every page.
    threshold_eleve, threshold_modere : float
        Probabilities from which a company is at each level.
    base_probability : float
        Where every waterfall starts.
    counts : dict of str to int
        Rows of each table, and `eleve`, `modere`, `aucun`, `jobs_eleve`, `jobs_modere`.
    freshness : dict of str to str
        Last month covered by each source, `YYYY-MM`.
    capacity : dict of str to int
        `eleve` and `alerts`: places of each departement in a quarter, when they gave the levels in the place of the
        thresholds, which then say nothing of a level; empty otherwise.
    missing_themes : dict of str to list of str
        Themes of which a feature is unknown for every company, and the sources never delivered that explain it.
    files : dict of str to str
        sha256 of every file of the release but this one, by relative path.
    """

    release_id: str
    list_label: str
    list_month: str
    as_of: str
    model_id: str
    code_version: str
    is_synthetic: bool
    threshold_eleve: float
    threshold_modere: float
    base_probability: float
    counts: dict[str, int]
    freshness: dict[str, str]
    capacity: dict[str, int] = field(default_factory=dict)
    missing_themes: dict[str, list[str]] = field(default_factory=dict)
    files: dict[str, str] = field(default_factory=dict)
    format_version: int = FORMAT_VERSION

    def to_json(self) -> str:
        """Text of the manifest, the same bytes for the same content."""
        return json.dumps(asdict(self), ensure_ascii=False, indent=2, sort_keys=True) + "\n"


def sha256_of(path: Path) -> str:
    """Hexadecimal sha256 of a file."""
    with path.open("rb") as stream:
        return hashlib.file_digest(stream, "sha256").hexdigest()


def read_manifest(folder: Path) -> Manifest:
    """Manifest of a release folder, its format checked.

    Raises
    ------
    ReleaseError
        If the manifest is absent, unreadable, or of another format version.
    """
    path = folder / MANIFEST_NAME
    try:
        content = json.loads(path.read_text(encoding="utf-8"))
    except FileNotFoundError:
        raise ReleaseError(
            f"No release in {folder}: {MANIFEST_NAME} is missing.", todo="Make one with `signaux release`."
        ) from None
    except (OSError, ValueError) as error:
        raise ReleaseError(f"{path} cannot be read: {error}.", todo="Make the release again.") from None
    found = content.get("format_version") if isinstance(content, dict) else None
    if found != FORMAT_VERSION:
        raise ReleaseError(
            f"{path}: found format version {found}, expected {FORMAT_VERSION}.",
            todo="Make the release again with this version of the code.",
        )
    try:
        return Manifest(**content)
    except TypeError as error:
        raise ReleaseError(
            f"{path}: its fields are not those expected ({error}).", todo="Make the release again."
        ) from None
