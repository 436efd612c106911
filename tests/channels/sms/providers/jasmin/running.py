"""A real Jasmin with an operator's SMSC, both in the environment that `make peers` makes: what a test may do with them.

It has a vhost of its own in RabbitMQ, which is deleted in the end. In Redis it uses database 0 whatever it is told (no
password, no choice): its keys have names of their own there, and expire within a day.
"""

from __future__ import annotations

import asyncio
import hashlib
import json
import os
import re
import shutil
import socket
import subprocess
import uuid
from asyncio.subprocess import PIPE, Process
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from tests.channels.harness import free_port, until

ROOT = Path(__file__).parents[5]
PEER = ROOT / ".venv-tools" / "jasmin"
OURS = ROOT / "channels" / "sms" / "providers" / "jasmin"
PASSWORD = "pw-of-tests"
_PROMPT = re.compile(rb"(jcli : |\r\n> )$")


def why_not() -> str | None:
    """Why no Jasmin can run here; None when one can."""
    if not (PEER / "bin" / "jasmind.py").exists():
        return "Jasmin is not installed (`make peers`)"
    for name, port in (("RabbitMQ", 5672), ("Redis", 6379)):
        with socket.socket() as probe:
            if probe.connect_ex(("127.0.0.1", port)):
                return f"Jasmin needs {name} on 127.0.0.1:{port}"
    return None if shutil.which("rabbitmqctl") else "a vhost of its own needs rabbitmqctl"


class Jasmin:
    """The daemons and the SMSC. `inbound` is where citizens' messages go."""

    def __init__(self, folder: Path, inbound: str) -> None:
        self.folder, self.inbound = folder, inbound
        self.smsc_port = free_port()
        names = ("JCLI", "HTTP", "ROUTER", "CLIENTS", "SMPP_SERVER", "SMPP_SERVER_PB", "INTERCEPTOR")
        self._ports = {f"{name}_PORT": str(free_port()) for name in names}
        self._vhost = f"dalil-test-{uuid.uuid4().hex}"
        self._running: list[Process] = []
        self._smsc: Process
        self._reading: asyncio.Task[None]
        self.submitted: list[dict[str, Any]] = []
        self._bound = asyncio.Event()

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self._ports['HTTP_PORT']}"

    async def prepare(self) -> None:
        """A vhost, and the SMSC, which outlives Jasmin."""
        _rabbitmq("add_vhost", self._vhost)
        _rabbitmq("set_permissions", "-p", self._vhost, "guest", ".*", ".*", ".*")
        smsc = Path(__file__).parent / "peer" / "smsc.py"
        command = (str(PEER / "bin" / "python"), str(smsc), str(self.smsc_port))
        self._smsc = await asyncio.create_subprocess_exec(*command, stdin=PIPE, stdout=PIPE)
        self._reading = asyncio.create_task(self._read())
        await until(lambda: self._listening)

    _listening = False

    async def start(self) -> None:
        """Both daemons, empty, and then what an operator types."""
        for name in ("store", "logs"):
            shutil.rmtree(self.folder / name, ignore_errors=True)
            (self.folder / name).mkdir(parents=True)
        for name in ("jasmin.cfg", "interceptor.cfg"):
            (self.folder / name).write_text(self._filled((OURS / name).read_text("utf-8")), "utf-8")
        self._bound.clear()
        await self._daemon("interceptord.py", "-c", "interceptor.cfg", port="INTERCEPTOR_PORT")
        services = ("--enable-dlr-thrower", "--enable-dlr-lookup", "--enable-interceptor-client")
        await self._daemon("jasmind.py", "-c", "jasmin.cfg", *services, port="JCLI_PORT")
        lines = ["jcliadmin", PASSWORD, *self._filled((OURS / "jcli.txt").read_text("utf-8")).splitlines()]
        await self._type(lines)
        await asyncio.wait_for(self._bound.wait(), 20)

    async def kill(self) -> None:
        """SIGKILL both daemons."""
        for process in self._running:
            if process.returncode is None:
                process.kill()
            await process.wait()
        self._running.clear()

    async def close(self) -> None:
        """Leave nothing behind."""
        await self.kill()
        self._reading.cancel()
        self._smsc.kill()
        await self._smsc.wait()
        _rabbitmq("delete_vhost", self._vhost)

    async def deliver(self, content: bytes, number: str, coding: int = 8, *, joined: bool = False) -> None:
        """A citizen's message, or a part of one, as the operator hands it over."""
        said = {"from": number, "to": "8000", "coding": coding, "joined": joined, "content": content.hex()}
        await self._say(said)

    async def receipt(self, part: Mapping[str, Any], state: str, error: str = "000") -> None:
        """What became of a part."""
        await self._say({"id": part["id"], "state": state, "error": error})

    async def hears(self, count: int, seconds: float = 20.0) -> list[dict[str, Any]]:
        """The parts that the operator has, once there are so many."""
        await until(lambda: len(self.submitted) >= count, seconds)
        return self.submitted

    async def _say(self, message: Mapping[str, Any]) -> None:
        assert self._smsc.stdin is not None
        self._smsc.stdin.write(json.dumps(message).encode() + b"\n")
        await self._smsc.stdin.drain()

    async def _read(self) -> None:
        assert self._smsc.stdout is not None
        while line := await self._smsc.stdout.readline():
            said = json.loads(line)
            if "content" in said:
                self.submitted.append(said)
            elif "bound" in said:
                self._bound.set()
            else:
                self._listening = True

    def _filled(self, text: str) -> str:
        spec = next(PEER.glob("lib/python3*/site-packages/txamqp/specs/standard/amqp0-9-1.stripped.xml"))
        values = self._ports | {
            "JCLI_PASSWORD_MD5": hashlib.md5(PASSWORD.encode()).hexdigest(),
            "AMQP_VHOST": self._vhost,
            "AMQP_SPEC": str(spec),
            "MO_RETRIES": "20",
            "RETRY_SECONDS": "1",
            "LOGS": str(self.folder / "logs"),
            "STORE": str(self.folder / "store"),
            "SMSC_HOST": "127.0.0.1",
            "SMSC_PORT": str(self.smsc_port),
            "SYSTEM_ID": "dalil",
            "SMPP_PASSWORD": "secret",
            "JASMIN_PASSWORD": PASSWORD,
            "INBOUND": self.inbound,
            "PARTS_SCRIPT": str(OURS / "parts.py"),
        }
        return re.compile("|".join(rf"\b{name}\b" for name in values)).sub(lambda found: values[found[0]], text)

    async def _daemon(self, program: str, *arguments: str, port: str) -> None:
        where = {"ROOT_PATH": str(self.folder), "LOG_PATH": str(self.folder), "CONFIG_PATH": str(self.folder)}
        output = (self.folder / f"{program}.out").open("ab")
        (self.folder / program.replace(".py", ".lock")).unlink(missing_ok=True)
        daemon = Path(__file__).parent / "peer" / "daemon.py"
        command = (str(PEER / "bin" / "python"), str(daemon), str(self.folder), str(PEER / "bin" / program), *arguments)
        process = await asyncio.create_subprocess_exec(
            *command, cwd=self.folder, env=os.environ | where, stdout=output, stderr=output, start_new_session=True
        )
        output.close()
        self._running.append(process)

        def listening() -> bool:
            assert process.returncode is None, (self.folder / f"{program}.out").read_text()
            with socket.socket() as probe:
                return probe.connect_ex(("127.0.0.1", int(self._ports[port]))) == 0

        await until(listening)

    async def _type(self, lines: list[str]) -> None:
        """At the console, each line after a prompt; its first prompt comes only after the first key."""
        reader, writer = await asyncio.open_connection("127.0.0.1", int(self._ports["JCLI_PORT"]))
        for place, line in enumerate(lines):
            writer.write(line.encode() + b"\r\n")
            if place:
                await asyncio.wait_for(_prompt(reader), 20)
        writer.close()


async def _prompt(reader: asyncio.StreamReader) -> None:
    shown = b""
    while not _PROMPT.search(shown):
        more = await reader.read(4096)
        assert more, shown
        shown += re.sub(rb"\x1b\[[0-9;?]*[A-Za-z]|\xff[\xfb-\xfe].", b"", more)
    assert b"Error" not in shown, shown


def _rabbitmq(*command: str) -> None:
    subprocess.run(["rabbitmqctl", "--quiet", *command], check=True, capture_output=True, timeout=60)
