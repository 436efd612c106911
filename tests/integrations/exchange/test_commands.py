"""The command line: what an operator sees, and what never shows."""

from __future__ import annotations

import io
import os
import socket
import ssl
import subprocess
import sys
from pathlib import Path

import pytest

from integrations.exchange.commands.cli import main
from integrations.exchange.configuration import read_configuration
from integrations.exchange.simulator.certificates import Certificates
from integrations.exchange.simulator.seed import SAMPLE
from integrations.exchange.simulator.writing import configuration_text

from .making import with_files, xroad_configuration

ROOT = Path(__file__).parents[3]


@pytest.fixture
def types(monkeypatch: pytest.MonkeyPatch):
    return lambda text: monkeypatch.setattr("sys.stdin", io.StringIO(text))


def test_status_inside(types, capsys: pytest.CaptureFixture[str]) -> None:
    types("١١٠٤\n")
    assert main(["status", "passports", "PSP-2026-000104"]) == 0
    out, err = capsys.readouterr()
    assert "SENDBACK  (SENDBACK: معاد لاستكمال النواقص)" in out and "(until 2026-12-15)" in out
    assert "1104" not in out and "نادية" not in out and "simulated agencies" in err


STATUSES = [
    ("1105\n", ["passports", "PSP-2026-000104"], "passports: not-found-or-not-yours"),
    ("110\n", ["passports", "PSP-2026-000104"], "not the form of a national-number-last4"),
    ("", ["passports", "PSP-2026-000104"], "not the form of a national-number-last4"),
    ("1104\n", ["passports", "PSP 1"], "not the form of a reference"),
    ("1104\n", ["nobody", "PSP-2026-000104"], "no agency 'nobody'"),
    ("1104\n", ["passports", "PSP-2026-000104", "--agencies", "/none.yml"], "/none.yml: cannot be read"),
]


@pytest.mark.parametrize(("typed", "arguments", "message"), STATUSES)
def test_status_that_is_none(types, capsys, typed: str, arguments: list[str], message: str) -> None:
    types(typed)
    assert main(["status", *arguments]) == 1
    assert message in capsys.readouterr().err


def test_ready_inside(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["ready"]) == 0
    assert capsys.readouterr().out.count(": ready (") == 5
    assert main(["ready", "passports", "nobody"]) == 1


def configured(certificates: Certificates, folder: Path, client: str = "client") -> Path:
    certificate, key = certificates.pair(client)
    configuration = with_files(xroad_configuration(), ca=certificates.ca, certificate=certificate, key=key)
    file = folder / "exchange.yml"
    file.write_text(configuration_text(configuration), "utf-8")
    assert read_configuration(file) == configuration
    return file


def test_check(certificates: Certificates, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["check", str(configured(certificates, tmp_path))]) == 0
    assert capsys.readouterr() == ("no fault: 1 agencies over 1 transports\n", "")


def test_check_of_a_certificate_that_is_over(certificates, tmp_path: Path, capsys) -> None:
    assert main(["check", str(configured(certificates, tmp_path, "expired-client"))]) == 1
    assert capsys.readouterr() == ("", f"{certificates.pair('expired-client')[0]}: is over\n")


def test_check_of_a_file_that_is_wrong(written, capsys: pytest.CaptureFixture[str]) -> None:
    file = written("transports: []\n")
    assert main(["check", str(file)]) == 1
    assert capsys.readouterr().err.splitlines()[0].startswith(f"{file}:1: ")


def test_certificates(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["certificates", str(tmp_path)]) == 0
    for key in tmp_path.glob("*.key"):
        assert key.stat().st_mode & 0o077 == 0
    assert len(list(tmp_path.glob("*.key"))) == 5 and not (tmp_path / "ca.key").exists()
    assert main(["certificates", str(tmp_path)]) == 0  # again, in place of the others
    assert main(["certificates", "/proc/none"]) == 1


def test_the_simulator_as_a_process(tmp_path: Path) -> None:
    command = [sys.executable, "-m", "integrations.exchange"]
    simulate = [*command, "simulate", "--certificates", str(tmp_path), "--seed", str(SAMPLE)]
    environment = {**os.environ, "PYTHONUNBUFFERED": "1"}
    with subprocess.Popen(simulate, cwd=ROOT, stdout=subprocess.PIPE, text=True, env=environment) as process:
        try:
            said = [next(process.stdout)]
            while not said[-1].startswith("fault: "):
                said.append(next(process.stdout))
            asked = [*command, "status", "civil-status", "ID-1100203", "--agencies", str(tmp_path / "exchange.yml")]
            answer = subprocess.run(asked, cwd=ROOT, input="1203\n", capture_output=True, text=True, check=True)
            host, _, port = said[0].removeprefix("https://").split(": ")[0].partition(":")
            with socket.create_connection((host, int(port))) as plain, pytest.raises(ssl.SSLError):
                ssl.create_default_context().wrap_socket(plain, server_hostname=host)
        finally:
            process.terminate()
    assert "READY_FOR_COLLECTION" in answer.stdout and "simulated" not in answer.stderr
    assert any("PSP-2026-000104" in line and "SENDBACK" in line for line in said)
    assert not any("نادية" in line for line in said)
