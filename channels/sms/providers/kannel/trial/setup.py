"""Kannel's configuration for a trial: the one of the documentation, with a simulated operator in place of SMPP."""

from __future__ import annotations

import re
import secrets
import socket
from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path

_PROVIDERS = Path(__file__).parents[2]
_HTTP, _BOX = (_PROVIDERS / kind / "kannel.conf" for kind in ("kannel", "bearerbox"))
_OPERATOR_GROUP = re.compile(r"^group = smsc$.*?(?=^group = )", re.MULTILINE | re.DOTALL)
_FAKE_OPERATOR = """group = smsc
smsc = fake
smsc-id = operator
port = OPERATOR_PORT
connect-allow-ip = 127.0.0.1

"""


@dataclass(frozen=True)
class Trial:
    """Where a trial's files and ports are; all ports are free ones of loopback."""

    folder: Path
    inbound: str = ""
    """The address that takes citizens' messages; empty: the gateway is itself the box, in smsbox's place."""
    password: str = field(default_factory=lambda: secrets.token_hex(8))
    ports: tuple[int, ...] = field(default_factory=lambda: _free_ports(4))
    smpp: bool = False
    """Whether Kannel connects to an operator's SMPP at `operator_port`, in place of waiting there for its own."""

    @property
    def programs(self) -> Sequence[tuple[str, int]]:
        """Kannel's processes in the order of their start, and where each listens."""
        _admin, smsbox, sendsms, _operator = self.ports
        return [("bearerbox", smsbox)] + ([("smsbox", sendsms)] if self.inbound else [])

    @property
    def url(self) -> str:
        """The address for the file of SMS providers."""
        return f"http://127.0.0.1:{self.ports[2]}"

    @property
    def operator_port(self) -> int:
        """Where the simulated operator connects to, or its SMPP is."""
        return self.ports[3]

    @property
    def configuration(self) -> Path:
        """Kannel's own file."""
        return self.folder / "kannel.conf"

    def write(self, **changes: str) -> None:
        """Make the folders and the file; `changes` replace values by their name, such as http_queue_delay="1"."""
        for name in ("store", "receipts"):
            (self.folder / name).mkdir(parents=True, exist_ok=True)
        self.configuration.touch(mode=0o600)
        self.configuration.write_text(self._text(changes), "utf-8")

    def _text(self, changes: dict[str, str]) -> str:
        admin, smsbox, sendsms, operator = map(str, self.ports)
        text = (_HTTP if self.inbound else _BOX).read_text("utf-8")
        if not self.smpp:
            text = _OPERATOR_GROUP.sub(_FAKE_OPERATOR, text)
        values = {"ADMIN_PORT": admin, "SMSBOX_PORT": smsbox, "SENDSMS_PORT": sendsms, "OPERATOR_PORT": operator}
        values |= {"ADMIN_PASSWORD": self.password, "SENDSMS_PASSWORD": self.password}
        values |= {"OPERATOR_HOST": "127.0.0.1", "SYSTEM_ID": "dalil", "SMPP_PASSWORD": self.password[:8]}
        values |= {"FOLDER": str(self.folder), "INBOUND": self.inbound}
        text = re.compile("|".join(rf"\b{name}\b" for name in values)).sub(lambda found: values[found[0]], text)
        for name, value in changes.items():
            name = name.replace("_", "-")
            text = re.sub(rf"^{name} = .*$", f"{name} = {value}", text, flags=re.MULTILINE)
        return text


def _free_ports(count: int) -> tuple[int, ...]:
    probes = [socket.socket() for _ in range(count)]
    try:
        for probe in probes:
            probe.bind(("127.0.0.1", 0))
        return tuple(probe.getsockname()[1] for probe in probes)
    finally:
        for probe in probes:
            probe.close()
