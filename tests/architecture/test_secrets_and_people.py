"""Nothing real and nothing secret is committed: no real SIREN, no path of a machine, no index in a lock file."""

from __future__ import annotations

import re
import subprocess
from pathlib import Path

from signaux_faibles.domain.siren import Identifier, siren_kind, siret_kind

ROOT = Path(__file__).parents[2]
TEXT = {".py", ".md", ".csv", ".json", ".jsonl", ".html", ".yaml", ".toml", ".txt", ".css", ".js"}

NOT_SIRENS = {
    "356000000",  # La Poste, named by the rule that makes an exception of it
    "000000000",
}


def _tracked() -> list[Path]:
    listed = subprocess.run(
        ["git", "ls-files", "--cached", "--others", "--exclude-standard"],
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=True,
    )
    return [ROOT / name for name in listed.stdout.splitlines() if (ROOT / name).is_file()]


def _texts() -> list[tuple[Path, str]]:
    return [(p, p.read_text(encoding="utf-8", errors="replace")) for p in _tracked() if p.suffix in TEXT]


def test_no_real_siren_is_committed() -> None:
    found = []
    for path, text in _texts():
        for digits in set(re.findall(r"(?<![0-9a-fA-F.])([0-9]{9}(?:[0-9]{5})?)(?![0-9a-fA-F])", text)):
            kind = siren_kind(digits) if len(digits) == 9 else siret_kind(digits)
            company_is_real = siren_kind(digits[:9]) is Identifier.REAL
            if (kind is Identifier.REAL or company_is_real) and digits[:9] not in NOT_SIRENS:
                found.append(str(path.relative_to(ROOT)))
    assert sorted(set(found)) == []


def test_no_path_of_a_machine_is_committed() -> None:
    pattern = re.compile(r"(?:^|[\s'\"(=:])/(?:work|home|root|Users)/")
    found = [str(path.relative_to(ROOT)) for path, text in _texts() if pattern.search(text)]
    assert [name for name in found if name != "tests/architecture/test_secrets_and_people.py"] == []


def test_lock_files_hash_everything_and_name_no_index() -> None:
    for lock in ROOT.glob("requirements*.lock"):
        text = lock.read_text(encoding="utf-8")
        assert "://" not in text
        assert "index" not in text.lower().replace("index-url", "index")
        for requirement in re.split(r"\n(?=[a-z])", text):
            if requirement.strip():
                assert "--hash=sha256:" in requirement, f"{lock.name}: a requirement has no hash"
