"""Deliveries that the quality gates refused: what is kept of them, and until when.

Only counts are kept, never rows. An entry stands as long as the delivery that it could not replace is the current one;
a later delivery, or the same one accepted, settles it.
"""

from __future__ import annotations

import hashlib
import json
import shutil
from dataclasses import asdict, dataclass

from signaux_faibles.domain.delivery import Delivery, parse_delivery
from signaux_faibles.domain.errors import LakeError
from signaux_faibles.ingest.manifest import MANIFEST_NAME, SourceReport, report_from
from signaux_faibles.ingest.versions import staged_deliveries
from signaux_faibles.lake import Lake, write_folder


@dataclass(frozen=True)
class Quarantined:
    """A delivery that was refused.

    Parameters
    ----------
    report : SourceReport
        What was read, with the gates that it did not pass.
    current : str
        Key of the delivery that it did not replace; empty when there was none.
    current_sha256 : str
        Hash of the manifest of that delivery.
    """

    report: SourceReport
    current: str
    current_sha256: str


def quarantine(lake: Lake, report: SourceReport) -> None:
    """Keep what was read of a refused delivery."""
    current, digest = _current(lake, report.source)
    content = {"report": asdict(report), "current": current, "current_sha256": digest}
    with write_folder(lake.quarantine(report.source, parse_delivery(report.batch))) as folder:
        text = json.dumps(content, ensure_ascii=False, indent=2, sort_keys=True) + "\n"
        (folder / MANIFEST_NAME).write_text(text, encoding="utf-8")


def quarantined(lake: Lake) -> list[Quarantined]:
    """Every refused delivery that stands, by source then by key.

    Raises
    ------
    LakeError
        If what was kept of one cannot be read.
    """
    found = []
    for path in sorted(lake.quarantine("").glob(f"*/batch=*/{MANIFEST_NAME}")):
        try:
            content = json.loads(path.read_text(encoding="utf-8"))
            found.append(Quarantined(**{**content, "report": report_from(content["report"])}))
        except (OSError, ValueError, TypeError, KeyError, AttributeError):
            raise LakeError(f"{path} cannot be read.", todo="Remove its folder, then import the file again.") from None
    return [entry for entry in found if not _is_settled(lake, entry)]


def settle(lake: Lake) -> None:
    """Remove the entries that a later import settled."""
    for path in sorted(lake.quarantine("").glob("*/.batch=*")):
        shutil.rmtree(path, ignore_errors=True)
    standing = {(entry.report.source, entry.report.batch) for entry in quarantined(lake)}
    for path in sorted(lake.quarantine("").glob("*/batch=*")):
        if (path.parent.name, path.name.removeprefix("batch=")) not in standing:
            shutil.rmtree(path)
    for folder in sorted(lake.quarantine("").glob("*")):
        if folder.is_dir() and not any(folder.iterdir()):
            folder.rmdir()
    root = lake.quarantine("")
    if root.is_dir() and not any(root.iterdir()):
        root.rmdir()


def _is_settled(lake: Lake, entry: Quarantined) -> bool:
    current, digest = _current(lake, entry.report.source)
    is_same = (current, digest) == (entry.current, entry.current_sha256)
    return not is_same and bool(current) and parse_delivery(current) >= parse_delivery(entry.report.batch)


def _current(lake: Lake, source: str) -> tuple[str, str]:
    """Key of the last delivery staged, and hash of its manifest; empty texts when there is none."""
    staged: list[Delivery] = staged_deliveries(lake, source)
    if not staged:
        return "", ""
    manifest = lake.staged(source, staged[-1]) / MANIFEST_NAME
    content = manifest.read_bytes() if manifest.is_file() else b""
    return staged[-1].key, hashlib.sha256(content).hexdigest()
