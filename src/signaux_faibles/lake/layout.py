"""Where everything is in a lake, and what a lake says of itself."""

from __future__ import annotations

import json
from dataclasses import dataclass
from pathlib import Path

from signaux_faibles.domain.delivery import Delivery, as_delivery
from signaux_faibles.domain.errors import LakeError
from signaux_faibles.domain.periode import format_month
from signaux_faibles.lake.writing import write_text

FORMAT_VERSION = 1
CARD_NAME = "lake.json"


@dataclass(frozen=True)
class Lake:
    """A lake that exists and that this version can read.

    Parameters
    ----------
    root : Path
    is_synthetic : bool
        True when every company in it is invented; real and invented companies are never mixed.
    """

    root: Path
    is_synthetic: bool

    def staged(self, source: str, batch: int | Delivery | None = None) -> Path:
        """Folder of a source, or of one of its batches; a month stands for its batch."""
        folder = self.root / "staged" / source
        return folder if batch is None else folder / f"batch={as_delivery(batch).key}"

    def quarantine(self, source: str, batch: int | Delivery | None = None) -> Path:
        """Folder of what is said of the refused deliveries of a source, or of one of them; never their rows."""
        folder = self.root / "quarantine" / source
        return folder if batch is None else folder / f"batch={as_delivery(batch).key}"

    def panel(self, as_of: int) -> Path:
        """Folder of the panel built with what was known at the end of a month."""
        return self.root / "panel" / f"as_of={format_month(as_of)}"

    def model(self, model_id: str) -> Path:
        """Folder of a trained model."""
        return self.root / "models" / model_id

    def list(self, list_id: str) -> Path:
        """Folder of a detection list."""
        return self.root / "lists" / list_id

    @property
    def releases(self) -> Path:
        """Folder of the releases."""
        return self.root / "releases"

    @property
    def journal(self) -> Path:
        """Journal of what was done to the lake, with times."""
        return self.root / "journal.parquet"

    @property
    def scratch(self) -> Path:
        """Folder of temporary files; anything in it may be deleted when no run is under way."""
        return self.root / ".scratch"


def open_lake(root: Path, *, create_synthetic: bool | None = None) -> Lake:
    """Open a lake, or create it.

    Parameters
    ----------
    root : Path
    create_synthetic : bool, optional
        None never creates. True or False creates a missing lake of that nature, and checks the nature of an
        existing one.

    Raises
    ------
    LakeError
        If the lake is missing, unreadable, of another format version, or of the other nature.
    """
    card = root / CARD_NAME
    if not card.exists():
        if create_synthetic is None:
            raise LakeError(
                f"No lake in {root}: {CARD_NAME} is missing.",
                todo="Import a batch first (`signaux import RAW --batch YYMM`), or give the right --lake.",
            )
        if root.is_dir() and any(root.iterdir()):
            raise LakeError(f"{root} is not empty and is not a lake.", todo="Give an empty or new folder to --lake.")
        root.mkdir(parents=True, exist_ok=True)
        content = {"format_version": FORMAT_VERSION, "nature": "synthetic" if create_synthetic else "real"}
        write_text(card, json.dumps(content, indent=2, sort_keys=True) + "\n")
    lake = Lake(root, _read_nature(card))
    if create_synthetic is not None and lake.is_synthetic != create_synthetic:
        found, given = ("synthetic", "real") if lake.is_synthetic else ("real", "synthetic")
        raise LakeError(
            f"{root} is a lake of {found} data; the data given are {given}.",
            todo="Use another --lake: real and invented companies are never mixed.",
        )
    return lake


def _read_nature(card: Path) -> bool:
    try:
        content = json.loads(card.read_text(encoding="utf-8"))
        version, nature = content["format_version"], content["nature"]
    except (OSError, ValueError, KeyError, TypeError):
        raise LakeError(
            f"{card} cannot be read as the card of a lake.", todo="Restore it, or use another lake."
        ) from None
    if version != FORMAT_VERSION:
        raise LakeError(
            f"{card}: found lake format version {version}, expected {FORMAT_VERSION}.",
            todo="Use the version of the code that made this lake, or import the raw files again into a new one.",
        )
    return bool(nature == "synthetic")
