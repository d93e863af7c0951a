"""The service as an operator sees it: it starts, answers, refuses what it cannot do, and leaves nothing behind."""

from __future__ import annotations

import shutil
import signal
import socket
import stat
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from http.client import HTTPConnection
from pathlib import Path

import psutil
import pytest

from signaux_faibles.domain.errors import LakeError, MachineError, ReleaseError
from signaux_faibles.web.ops.serve import running_service, serve
from web.release_sample import write_sample

PROGRAM = """
import sys
from pathlib import Path
from signaux_faibles.web.ops.serve import serve
lake = Path(sys.argv[1])
serve(lake, [lake / "releases" / "essai-2026-10"], port=int(sys.argv[2]), demo_agents=True,
      announce=lambda line: print(line, flush=True))
"""


@pytest.fixture
def lake() -> Iterator[Path]:
    """A lake with the sample's releases, where PostgreSQL's account may walk."""
    folder = Path(tempfile.mkdtemp(prefix="signaux-serve-"))
    folder.chmod(0o711)
    write_sample(folder / "releases")
    yield folder
    shutil.rmtree(folder)


@pytest.fixture
def port() -> int:
    """A port that was free a moment ago."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def processes_over(lake: Path) -> list[str]:
    """Processes whose command or open environment names the lake."""
    found = []
    for process in psutil.process_iter():
        try:
            if str(lake) in " ".join([*process.cmdline(), process.environ().get("SIGNAUX_SERVICE_FOLDER", "")]):
                found.append(process.name())
        except psutil.Error:
            continue
    return found


def get(port: int, path: str) -> tuple[int, dict[str, str], bytes]:
    """Status, headers and content of an address."""
    connection = HTTPConnection("127.0.0.1", port, timeout=20)
    try:
        connection.request("GET", path, headers={"Accept-Encoding": "gzip"})
        answer = connection.getresponse()
        return answer.status, dict(answer.getheaders()), answer.read()
    finally:
        connection.close()


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM])
def test_announces_answers_and_stops_without_a_trace(lake: Path, port: int, number: signal.Signals) -> None:
    command = [sys.executable, "-c", PROGRAM, str(lake), str(port)]
    process = subprocess.Popen(command, stdout=subprocess.PIPE, text=True, start_new_session=True)
    assert process.stdout is not None
    lines = [process.stdout.readline().strip() for _ in range(5)]
    try:
        assert lines[0] == f"The service answers at http://127.0.0.1:{port}/ (Ctrl+C stops it)."
        password = (lake / "service" / "demo_password").read_text(encoding="ascii")
        assert lines[1].endswith(password)
        assert [line.split()[0].split("@")[0] for line in lines[2:]] == ["departement", "region", "national"]
        status, headers, content = get(port, "/compte/connexion/")
        assert status == 200
        assert b"Se connecter" in content
        sheet = content.decode().split('rel="stylesheet" href="')[1].split('"')[0]
        status, headers, _ = get(port, sheet)
        assert status == 200
        assert headers["Content-Encoding"] == "gzip"
        assert "immutable" in headers["Cache-Control"]
        assert {"postgres", "gunicorn"} <= {
            "gunicorn" if "gunicorn" in n or "python" in n else n for n in processes_over(lake)
        }
    finally:
        process.send_signal(number)
        rest, _ = process.communicate(timeout=60)
    assert process.returncode == 0
    assert rest.strip() == "The service is stopped."
    assert processes_over(lake) == []
    with pytest.raises(ConnectionRefusedError):
        get(port, "/")
    assert stat.S_IMODE((lake / "service").stat().st_mode) == 0o700


def test_killed_service_leaves_no_process_and_starts_again(lake: Path, port: int) -> None:
    command = [sys.executable, "-c", PROGRAM, str(lake), str(port)]
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True) as process:
        assert process.stdout is not None
        process.stdout.readline()
        process.kill()
    limit = time.monotonic() + 30
    while processes_over(lake) and time.monotonic() < limit:
        time.sleep(0.1)
    assert processes_over(lake) == []
    with running_service(lake, [], port=port) as service:
        assert service.is_alive
        assert get(port, "/listes/")[0] == 302


def test_busy_port_is_refused_before_anything_starts(lake: Path) -> None:
    with socket.socket() as other:
        other.bind(("127.0.0.1", 0))
        other.listen()
        with pytest.raises(MachineError, match=r"Port \d+ of 127.0.0.1 cannot be used") as caught:
            serve(lake, [], port=other.getsockname()[1], block=False)
    assert "--port" in str(caught.value)
    assert not (lake / "pg").exists()


def test_second_service_over_a_lake_is_refused_and_the_first_goes_on(lake: Path, port: int) -> None:
    with running_service(lake, [], port=port, durable=False):
        with pytest.raises(LakeError, match="already runs"), running_service(lake, [], port=port + 1):
            pass
        assert get(port, "/compte/connexion/")[0] == 200


def test_altered_release_is_said_and_nothing_stays_running(lake: Path, port: int) -> None:
    folder = lake / "releases" / "essai-2026-10"
    (folder / "scores.parquet").write_bytes(b"altered")
    with pytest.raises(ReleaseError, match="1 file"), running_service(lake, [folder], port=port, durable=False):
        pass
    assert processes_over(lake) == []


def test_rehearsal_stops_by_itself_and_restores_the_signals(lake: Path, port: int) -> None:
    before = signal.getsignal(signal.SIGINT)
    lines: list[str] = []
    serve(lake, [lake / "releases" / "essai-2026-07"], port=port, announce=lines.append, block=False)
    assert lines == [f"The service answers at http://127.0.0.1:{port}/ (Ctrl+C stops it)."]
    assert signal.getsignal(signal.SIGINT) is before
    assert processes_over(lake) == []


def test_wrong_database_is_said_without_its_password(lake: Path, port: int) -> None:
    url = f"postgresql://qui:secret@127.0.0.1:{port}/rien"
    with pytest.raises(MachineError, match="could not be prepared") as caught:
        serve(lake, [], port=port, block=False, database_url=url)
    assert "secret" not in str(caught.value)
    assert not (lake / "pg").exists()
