"""`signaux serve`: one call that starts all the service needs, and stops it all on a signal.

The calling process never imports Django: it starts PostgreSQL, then children that hold the settings in their
environment. So the same call serves a terminal, a test and a demonstration.
"""

from __future__ import annotations

import fcntl
import json
import os
import signal
import subprocess
import sys
import threading
from collections.abc import Callable, Iterator, Sequence
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from pathlib import Path
from types import FrameType
from typing import Any

from signaux_faibles.domain.errors import LakeError, MachineError, ReleaseError
from signaux_faibles.web.ops.gunicorn import check_port_is_free, running_gunicorn
from signaux_faibles.web.ops.postgres import running_postgres

SETTINGS = "signaux_faibles.web.config.settings.demo"
STOP_SIGNALS = (signal.SIGINT, signal.SIGTERM, signal.SIGHUP)


@dataclass(frozen=True)
class Service:
    """A running service.

    Parameters
    ----------
    process : Popen
        The server.
    address : str
        Where it answers, with its final `/`.
    agents : tuple of (str, str)
        Address and zone of each demonstration agent.
    password : str
        Password of them all; empty without demonstration agents.
    """

    process: subprocess.Popen[bytes]
    address: str
    agents: tuple[tuple[str, str], ...]
    password: str

    @property
    def is_alive(self) -> bool:
        """False once the server has died by itself."""
        return self.process.poll() is None


def serve(
    lake: Path,
    release_folders: Sequence[Path],
    host: str = "127.0.0.1",
    port: int = 8000,
    demo_agents: bool = False,
    announce: Callable[[str], None] = print,
    block: bool = True,
    database_url: str = "",
) -> None:
    """Serve releases until a signal stops the service.

    Parameters
    ----------
    lake : Path
        The embedded database lives in its folder `pg/`, keys, logs and static files in `service/`.
    release_folders : sequence of Path
        Releases to load; those loaded already cost nothing.
    host, port : str, int
    demo_agents : bool
        Make the three demonstration agents; refused when a release holds real companies.
    announce : callable
        Receives one line at a time.
    block : bool
        False stops the service as soon as it has answered: a rehearsal.
    database_url : str
        PostgreSQL to use; empty for the embedded one. The caller reads the environment, not this function.

    Raises
    ------
    MachineError
        If the port is busy or a program is missing or does not start.
    LakeError
        If another service runs over this lake.
    ReleaseError
        If a release cannot be loaded.
    """
    stopped = threading.Event()

    def stop(number: int, frame: FrameType | None) -> None:
        # A second signal must not cut the stop that the first one started.
        if not stopped.is_set():
            stopped.set()
            raise KeyboardInterrupt

    previous = {number: signal.signal(number, stop) for number in STOP_SIGNALS}
    try:
        with running_service(
            lake, release_folders, host=host, port=port, demo_agents=demo_agents, database_url=database_url
        ) as service:
            announce_service(service, announce)
            while block and not stopped.wait(1):
                if not service.is_alive:
                    raise MachineError(
                        "The server died.", todo=f"Read {lake / 'service' / 'gunicorn.log'}, then start again."
                    )
    except KeyboardInterrupt:
        announce("The service is stopped.")
    finally:
        for number, handler in previous.items():
            signal.signal(number, handler)


def announce_service(service: Service, announce: Callable[[str], None]) -> None:
    """Say where the service answers, and who may sign in."""
    announce(f"The service answers at {service.address} (Ctrl+C stops it).")
    if service.agents:
        announce(f"Demonstration agents, all with the password {service.password}")
        for email, zone in service.agents:
            announce(f"  {email}  {zone}")


@contextmanager
def running_service(
    lake: Path,
    release_folders: Sequence[Path],
    *,
    host: str = "127.0.0.1",
    port: int = 8000,
    demo_agents: bool = False,
    database_url: str = "",
    durable: bool = True,
) -> Iterator[Service]:
    """The service, running and answering inside the block, and wholly stopped after it. See `serve`."""
    folder = lake / "service"
    folder.mkdir(parents=True, exist_ok=True)
    folder.chmod(0o700)
    check_port_is_free(host, port)
    with ExitStack() as stack:
        stack.enter_context(_alone(folder))
        pg_log = folder / "postgres.log"
        url = database_url or stack.enter_context(running_postgres(lake / "pg", pg_log, durable=durable))
        environment = os.environ | {
            "DJANGO_SETTINGS_MODULE": SETTINGS,
            "DATABASE_URL": url,
            "SIGNAUX_SERVICE_FOLDER": str(folder.resolve()),
            "SIGNAUX_BIND_HOST": host,
        }
        answer = _prepare(environment, release_folders, demo_agents)
        process = stack.enter_context(running_gunicorn(environment, host, port, folder / "gunicorn.log"))
        agents = tuple((agent["email"], agent["zone"]) for agent in answer["agents"])
        yield Service(process, f"http://{host}:{port}/", agents, answer["password"])


@contextmanager
def _alone(folder: Path) -> Iterator[None]:
    """Hold the lock of a service folder: two services would stop each other's database."""
    with (folder / "lock").open("w") as lock:
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except OSError:
            raise LakeError(
                "Another service already runs over this lake.", todo="Stop it first, or serve another lake."
            ) from None
        yield


def _prepare(environment: dict[str, str], releases: Sequence[Path], demo_agents: bool) -> dict[str, Any]:
    """Run `prepare_service` in a child, and read its answer."""
    command = [sys.executable, "-m", "django", "prepare_service"]
    for release in releases:
        command += ["--release", str(release.resolve())]
    command += ["--demo-agents"] if demo_agents else []
    done = subprocess.run(command, env=environment, capture_output=True, text=True, check=False)
    lines = done.stdout.strip().splitlines()
    if done.returncode != 0 or not lines:
        raise MachineError(
            f"The service could not be prepared: {done.stderr.strip()[-500:] or 'no answer'}",
            todo="Check the database (PostgreSQL 15 or later, a user who owns it), then start again.",
        )
    answer = json.loads(lines[-1])
    if "error" in answer:
        raise ReleaseError(answer["error"], todo=answer["todo"])
    return dict(answer)
