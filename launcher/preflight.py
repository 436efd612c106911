"""What has to be true of this machine before anything is started; every fault is one line that says what to do."""

from __future__ import annotations

import errno
import socket
import tempfile
from collections.abc import Iterable, Iterator
from pathlib import Path

from launcher.errors import StartRefused
from launcher.plan import Program
from settings import Settings

SQLITE = "sqlite:///"
HIGHEST_PORT = 65_535
SETTINGS = {
    "exchange": "DALIL_SIMULATOR",
    "gateway": "DALIL_GATEWAY",
    "gateway's push": "DALIL_PUSH",
    "console": "DALIL_CONSOLE",
    "operators": "DALIL_OPERATOR",
}


def check(settings: Settings, programs: Iterable[Program]) -> None:
    """Look at folders and ports.

    Raises:
        StartRefused: with one line for each fault.
    """
    faults = [*_folder_faults(settings), *_port_faults(_listeners(settings, programs))]
    if faults:
        raise StartRefused("\n".join(faults))


def _folder_faults(settings: Settings) -> Iterator[str]:
    folders = {"DALIL_MODEL_FOLDER": settings.model_folder}
    if settings.database_url.startswith(SQLITE):
        file = settings.database_url[len(SQLITE) :].partition("?")[0]
        folders["DALIL_DATABASE_URL"] = Path(file).parent
    for variable, folder in folders.items():
        try:
            folder.mkdir(parents=True, exist_ok=True)
            tempfile.TemporaryFile(dir=folder).close()
        except OSError as error:
            yield f"{variable}: cannot write in the folder {folder}: {error.strerror}"


def _listeners(settings: Settings, programs: Iterable[Program]) -> Iterator[tuple[str, str, int]]:
    """Who listens, on which host and port; the gateway on a second, private one too."""
    for program in programs:
        yield program.name, program.host, program.port
        if program.name == "gateway" and settings.push_port:
            yield "gateway's push", settings.push_host, settings.push_port


def _port_faults(listeners: Iterable[tuple[str, str, int]]) -> Iterator[str]:
    taken: dict[int, str] = {}
    for name, host, port in listeners:
        setting = SETTINGS.get(name, "DALIL_ASSISTANT")
        if port in taken:
            yield f"{setting}_PORT: {taken[port]} has port {port} already"
        elif fault := _cannot_listen(host, port):
            yield setting + fault
        taken[port] = name


def _cannot_listen(host: str, port: int) -> str | None:
    if port > HIGHEST_PORT:
        return f"_PORT: no port {port}; use a lower one or fewer workers"
    try:
        family, kind, protocol, _, address = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)[0]
        with socket.socket(family, kind, protocol) as probe:
            probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            probe.bind(address)
            probe.listen(1)
    except socket.gaierror:
        return f"_HOST: {host} is not an address"
    except OSError as error:
        return _fault_of(error, host, port)
    return None


def _fault_of(error: OSError, host: str, port: int) -> str:
    if error.errno == errno.EADDRINUSE:
        return f"_PORT: port {port} on {host} is in use; stop what runs there, or set another port"
    if error.errno == errno.EADDRNOTAVAIL:
        return f"_HOST: {host} is not an address of this machine"
    return f"_PORT: cannot listen on {host}:{port}: {error.strerror}"
