"""gunicorn as a child: started once its port is known to be free, waited for until it answers, stopped with grace."""

from __future__ import annotations

import signal
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from http.client import HTTPConnection, HTTPException
from pathlib import Path

from signaux_faibles.domain.errors import MachineError
from signaux_faibles.web.ops.processes import die_with_parent

APPLICATION = "signaux_faibles.web.config.wsgi:application"
WORKERS, THREADS = 2, 4
START_SECONDS = 60
STOP_SECONDS = 15
PROBE = "/compte/connexion/"


def check_port_is_free(host: str, port: int) -> None:
    """Refuse a busy port before anything is started.

    Raises
    ------
    MachineError
        If something listens there, or the address is not this machine's.
    """
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    with socket.socket(family, socket.SOCK_STREAM) as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((host, port))
        except OSError as error:
            raise MachineError(
                f"Port {port} of {host} cannot be used: {error.strerror}.",
                todo="Stop what listens there, or choose another port (--port).",
            ) from None


@contextmanager
def running_gunicorn(environment: dict[str, str], host: str, port: int, log: Path) -> Iterator[subprocess.Popen[bytes]]:
    """gunicorn, answering inside the block; stopped after it, requests under way finished.

    Raises
    ------
    MachineError
        If it does not answer; the message ends with its log.
    """
    address = f"[{host}]:{port}" if ":" in host else f"{host}:{port}"
    command = [
        sys.executable, "-m", "gunicorn", APPLICATION, "--bind", address, "--workers", str(WORKERS),
        "--threads", str(THREADS), "--worker-class", "gthread", "--preload", "--no-control-socket",
        "--graceful-timeout", str(STOP_SECONDS), "--log-level", "warning",
    ]  # fmt: skip
    with log.open("wb") as output:
        process = subprocess.Popen(
            command, env=environment, stdin=subprocess.DEVNULL, stdout=output, stderr=output,
            start_new_session=True, preexec_fn=die_with_parent(signal.SIGTERM),
        )  # fmt: skip
    try:
        _wait_for_answer(process, host, port, log)
        yield process
    finally:
        _stop(process)


def _wait_for_answer(process: subprocess.Popen[bytes], host: str, port: int, log: Path) -> None:
    limit = time.monotonic() + START_SECONDS
    while time.monotonic() < limit and process.poll() is None:
        if _answers(host, port):
            return
        time.sleep(0.1)
    tail = log.read_text(encoding="utf-8", errors="replace").strip()[-500:]
    raise MachineError(f"The service does not answer at {host}:{port}. {tail}", todo=f"Read {log}.")


def _answers(host: str, port: int) -> bool:
    connection = HTTPConnection(host, port, timeout=10)
    try:
        connection.request("GET", PROBE)
        return connection.getresponse().status == 200
    except (OSError, HTTPException):
        return False
    finally:
        connection.close()


def _stop(process: subprocess.Popen[bytes]) -> None:
    if process.poll() is None:
        process.send_signal(signal.SIGTERM)
    try:
        process.wait(STOP_SECONDS + 5)
    except subprocess.TimeoutExpired:
        process.kill()
        process.wait()
