"""Where everything is in a lake, and what a lake says of itself."""

from __future__ import annotations

import atexit
import json
import os
import shutil
import tempfile
from dataclasses import dataclass, replace
from functools import cache
from pathlib import Path

from signaux_faibles.domain.delivery import Delivery, as_delivery
from signaux_faibles.domain.errors import LakeError
from signaux_faibles.domain.periode import format_month
from signaux_faibles.domain.territoire import Territoire
from signaux_faibles.lake.writing import write_text

FORMAT_VERSION = 1
CARD_NAME = "lake.json"
PARTNERS, OPEN = "partners", "open"
"""Profiles of a lake: files of every partner, or only those that anybody may download."""
EXACT, REFERENCE = "exact", "reference"
"""Readings of a lake: by our rules, or row for row as the importer before ours."""


@dataclass(frozen=True)
class Lake:
    """A lake that exists and that this version can read.

    Parameters
    ----------
    root : Path
    is_synthetic : bool
        True when every company in it is invented; real and invented companies are never mixed.
    profile : str
        `partners`, or `open` for a lake of open data alone.
    is_compat : bool
        True when its rows are read as the importer before ours read them.
    territory : Territoire, optional
        Part of the country to which a run is restricted: what it makes is kept apart from what is made of the nation.
    """

    root: Path
    is_synthetic: bool
    profile: str = PARTNERS
    is_compat: bool = False
    territory: Territoire | None = None

    def over(self, territory: Territoire | None) -> Lake:
        """The same lake, for a run restricted to a territory; None is the whole nation."""
        return replace(self, territory=territory)

    @property
    def made(self) -> Path:
        """Folder of what runs make: that of the lake, or that of the territory of the run."""
        return self.root / "territories" / self.territory.name if self.territory else self.root

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
        return self.made / "panel" / f"as_of={format_month(as_of)}"

    def events(self, as_of: int, known_at: int) -> Path:
        """Folder of the events of a panel as they were known at an earlier month."""
        return self.made / "events" / f"as_of={format_month(as_of)}" / f"known_at={format_month(known_at)}"

    def model(self, model_id: str) -> Path:
        """Folder of a trained model."""
        return self.made / "models" / model_id

    def backtest(self, backtest_id: str) -> Path:
        """Folder of what a recipe, learnt again at several months, said of the months after each."""
        return self.made / "backtests" / backtest_id

    def tuning(self, study_id: str) -> Path:
        """Folder of the trials of the parameters of a recipe."""
        return self.made / "tunings" / study_id

    def scores(self, model_id: str, month: int) -> Path:
        """Folder of the scores that a model gives to the companies of a month."""
        return self.made / "scores" / model_id / format_month(month)

    def list(self, list_id: str) -> Path:
        """Folder of a detection list."""
        return self.made / "lists" / list_id

    @property
    def releases(self) -> Path:
        """Folder of the releases."""
        return self.made / "releases"

    @property
    def journal(self) -> Path:
        """Journal of what was done to the lake, with times."""
        return self.root / "journal.parquet"

    @property
    def scratch(self) -> Path:
        """Folder of temporary files; anything in it may be deleted when no run is under way.

        Who may read the lake but not write into it has one in the temporary folder of the system.
        """
        own = self.root / ".scratch"
        return own if os.access(own if own.exists() else self.root, os.W_OK) else _system_scratch()


def open_lake(
    root: Path, *, create_synthetic: bool | None = None, profile: str | None = None, is_compat: bool = False
) -> Lake:
    """Open a lake, or create it.

    Parameters
    ----------
    root : Path
    create_synthetic : bool, optional
        None never creates. True or False creates a missing lake of that nature, and checks the nature of an
        existing one.
    profile : str, optional
        Profile of the lake to create (`partners` by default), or that an existing one must have.
    is_compat : bool
        Create a lake read as the importer before ours did, and refuse an existing one that is not.

    Raises
    ------
    LakeError
        If the lake is missing, unreadable, of another format version, or of another nature, profile or reading.
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
        content |= {"profile": profile or PARTNERS, "reading": REFERENCE if is_compat else EXACT}
        write_text(card, json.dumps(content, indent=2, sort_keys=True) + "\n")
    lake = _read_card(root, card)
    if create_synthetic is not None and lake.is_synthetic != create_synthetic:
        found, given = ("synthetic", "real") if lake.is_synthetic else ("real", "synthetic")
        raise LakeError(
            f"{root} is a lake of {found} data; the data given are {given}.",
            todo="Use another --lake: real and invented companies are never mixed.",
        )
    if profile is not None and lake.profile != profile:
        raise LakeError(
            f"{root} is a lake of profile {lake.profile}, expected {profile}.",
            todo="Use another --lake: a lake keeps the profile it was created with.",
        )
    if is_compat and not lake.is_compat:
        raise LakeError(
            f"{root} is a lake read by our own rules, expected the reference reading.",
            todo="Use another --lake for --compat: a lake has one reading.",
        )
    return lake


@cache
def _system_scratch() -> Path:
    """Folder of this process alone, readable by nobody else, removed when it ends."""
    folder = Path(tempfile.mkdtemp(prefix="signaux-"))
    atexit.register(shutil.rmtree, folder, ignore_errors=True)
    return folder


def _read_card(root: Path, card: Path) -> Lake:
    try:
        content = json.loads(card.read_text(encoding="utf-8"))
        version, nature = content["format_version"], content["nature"]
        profile, reading = content.get("profile", PARTNERS), content.get("reading", EXACT)
    except (OSError, ValueError, KeyError, TypeError, AttributeError):
        raise LakeError(
            f"{card} cannot be read as the card of a lake.", todo="Restore it, or use another lake."
        ) from None
    if version != FORMAT_VERSION:
        raise LakeError(
            f"{card}: found lake format version {version}, expected {FORMAT_VERSION}.",
            todo="Use the version of the code that made this lake, or import the raw files again into a new one.",
        )
    if profile not in (PARTNERS, OPEN) or reading not in (EXACT, REFERENCE):
        raise LakeError(
            f"{card}: found profile {profile!r} and reading {reading!r}, expected {PARTNERS} or {OPEN}, "
            f"{EXACT} or {REFERENCE}.",
            todo="Restore it, or use another lake.",
        )
    return Lake(root, nature == "synthetic", profile, reading == REFERENCE)
