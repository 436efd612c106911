"""Each fault of the machine is one line that names the setting to change."""

from __future__ import annotations

import contextlib
import os
import socket
from pathlib import Path

import pytest

from launcher import plan, preflight
from launcher.errors import StartRefused
from settings import Settings, load_settings
from tests.launcher.conftest import free_port


def settings(tmp_path: Path, **values: object) -> Settings:
    own = {
        "database_url": f"sqlite:///{tmp_path}/var/dalil.db",
        "model_folder": tmp_path / "models",
        "assistant_port": free_port(),
        "gateway_port": free_port(),
        "operator_port": free_port(),
        "push_port": free_port(),
        "simulator_port": free_port(),
        "console_port": free_port(),
    }
    return load_settings(**{**own, **values})


def faults(settings: Settings) -> list[str]:
    with pytest.raises(StartRefused) as refusal:
        preflight.check(settings, plan.programs(settings))
    return str(refusal.value).splitlines()


def test_a_good_machine_passes_and_the_folders_are_made(tmp_path: Path) -> None:
    good = settings(tmp_path)
    preflight.check(good, plan.programs(good))
    assert (tmp_path / "var").is_dir()
    assert (tmp_path / "models").is_dir()


def test_every_taken_port_is_named(tmp_path: Path) -> None:
    with contextlib.ExitStack() as stack:
        servers = [stack.enter_context(socket.create_server(("127.0.0.1", 0))) for _ in range(6)]
        assistant, gateway, operator, push, simulator, console = (server.getsockname()[1] for server in servers)
        taken = {"assistant_port": assistant, "gateway_port": gateway, "operator_port": operator, "push_port": push}
        found = faults(settings(tmp_path, **taken, simulator_port=simulator, console_port=console))
    assert found == [
        f"DALIL_SIMULATOR_PORT: port {simulator} on 127.0.0.1 is in use; stop what runs there, or set another port",
        f"DALIL_ASSISTANT_PORT: port {assistant} on 127.0.0.1 is in use; stop what runs there, or set another port",
        f"DALIL_GATEWAY_PORT: port {gateway} on 127.0.0.1 is in use; stop what runs there, or set another port",
        f"DALIL_PUSH_PORT: port {push} on 127.0.0.1 is in use; stop what runs there, or set another port",
        f"DALIL_CONSOLE_PORT: port {console} on 127.0.0.1 is in use; stop what runs there, or set another port",
        f"DALIL_OPERATOR_PORT: port {operator} on 127.0.0.1 is in use; stop what runs there, or set another port",
    ]


def test_a_port_freed_a_moment_ago_can_be_used(tmp_path: Path) -> None:
    with socket.create_server(("127.0.0.1", 0)) as server:
        port = server.getsockname()[1]
        with socket.create_connection(("127.0.0.1", port)):
            server.accept()[0].close()
    good = settings(tmp_path, gateway_port=port)
    preflight.check(good, plan.programs(good))


def test_workers_and_gateway_may_not_share_a_port(tmp_path: Path) -> None:
    port = free_port()
    (fault,) = faults(settings(tmp_path, assistant_port=port, gateway_port=port))
    assert fault == f"DALIL_GATEWAY_PORT: assistant-1 has port {port} already"


def test_the_private_port_is_another_than_the_public_one_or_none(tmp_path: Path) -> None:
    port = free_port()
    (fault,) = faults(settings(tmp_path, gateway_port=port, push_port=port))
    assert fault == f"DALIL_PUSH_PORT: gateway has port {port} already"
    without = settings(tmp_path, push_port=0)
    preflight.check(without, plan.programs(without))


def test_workers_past_the_last_port_are_refused(tmp_path: Path) -> None:
    found = faults(settings(tmp_path, assistant_port=65_535, assistant_workers=2))
    assert found[-1] == "DALIL_ASSISTANT_PORT: no port 65536; use a lower one or fewer workers"


@pytest.mark.parametrize(
    ("host", "fault"),
    [
        ("192.0.2.1", "DALIL_GATEWAY_HOST: 192.0.2.1 is not an address of this machine"),
        ("no such host", "DALIL_GATEWAY_HOST: no such host is not an address"),
    ],
)
def test_an_address_that_is_not_ours_is_named(tmp_path: Path, host: str, fault: str) -> None:
    assert faults(settings(tmp_path, gateway_host=host)) == [fault]


def test_folders_that_cannot_be_made_are_named(tmp_path: Path) -> None:
    (tmp_path / "file").touch()
    found = faults(
        settings(tmp_path, model_folder=tmp_path / "file", database_url=f"sqlite:///{tmp_path}/file/var/dalil.db")
    )
    assert found == [
        f"DALIL_MODEL_FOLDER: cannot write in the folder {tmp_path}/file: File exists",
        f"DALIL_DATABASE_URL: cannot write in the folder {tmp_path}/file/var: Not a directory",
    ]


@pytest.mark.skipif(os.geteuid() == 0, reason="root may write in read-only folders")
def test_a_read_only_folder_is_named(tmp_path: Path) -> None:
    (tmp_path / "models").mkdir(mode=0o555)
    assert faults(settings(tmp_path)) == [
        f"DALIL_MODEL_FOLDER: cannot write in the folder {tmp_path}/models: Permission denied"
    ]
