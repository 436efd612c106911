"""The configuration: what an operator writes, and what they read when it is wrong."""

from __future__ import annotations

from pathlib import Path

import pytest

from integrations.exchange.configuration import OAuth2, XRoad, read_configuration
from integrations.exchange.errors import FileInvalid, UnknownAgency
from integrations.exchange.model import ProofKind, State

GOOD = """\
transports:
  - name: security-server
    kind: xroad
    url: https://10.0.0.5:8443/
    client: YE/GOV/1000/dalil
    ca: ca.pem
    certificate: dalil.pem
    key: dalil.key
  - name: portal
    kind: oauth2
    url: https://api.example.org/v1
    token_url: https://login.example.org/token
    client_id: dalil
    client_secret: env:PORTAL_SECRET
    scope: status.read
agencies:
  - id: passports
    name: مصلحة الهجرة والجوازات والجنسية
    transport: security-server
    service: YE/GOV/2001/passports/status
    services: [passport, passport-replacement]
    reference: {pattern: "PSP-[0-9]{4}-[0-9]{6}", example: PSP-2026-000104}
    words: {under_review: PENDING}
    proofs: {web: [one-time-code, national-number-last4], sms: [registered-number]}
    limits: {total_seconds: 3, parallel: 4}
  - id: justice
    name: وزارة العدل
    transport: portal
    service: applications-office
"""


@pytest.fixture
def written(tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setenv("PORTAL_SECRET", "not-for-print")
    for name in ("ca.pem", "dalil.pem", "dalil.key"):
        (tmp_path / name).write_text("")

    def write(text: str) -> Path:
        file = tmp_path / "exchange.yml"
        file.write_text(text, "utf-8")
        return file

    return write


def test_two_agencies_over_two_transports(written) -> None:
    file = written(GOOD)
    configuration = read_configuration(file)
    xroad, oauth2 = configuration.transports
    assert isinstance(xroad, XRoad) and isinstance(oauth2, OAuth2)
    assert (xroad.url, xroad.ca) == ("https://10.0.0.5:8443", file.parent / "ca.pem")
    assert oauth2.client_secret.get_secret_value() == "not-for-print"
    assert "not-for-print" not in repr(configuration)
    passports, justice = configuration.agencies
    assert passports.words == {"UNDER_REVIEW": State.PENDING}
    assert passports.proof_kinds("web") == (ProofKind.ONE_TIME_CODE, ProofKind.LAST_FOUR)
    assert passports.proof_kinds("telegram") == ()
    assert justice.proof_kinds("sms") == (ProofKind.REGISTERED_NUMBER,)
    assert (passports.limits.total_seconds, passports.limits.parallel, justice.limits.parallel) == (3.0, 4, 16)


@pytest.mark.parametrize(
    ("reference", "agencies"),
    [("PSP-2026-000104", ["passports"]), ("PSP-2026-1", ["justice"]), ("77/12", ["justice"]), ("x" * 65, []), ("", [])],
)
def test_whose_reference_it_may_be(written, reference: str, agencies: list[str]) -> None:
    assert [agency.id for agency in read_configuration(written(GOOD)).candidates(reference)] == agencies


def test_whose_service_it_is(written) -> None:
    configuration = read_configuration(written(GOOD))
    assert [agency.id for agency in configuration.holding("passport")] == ["passports"]
    assert configuration.holding("pension") == ()
    with pytest.raises(UnknownAgency, match="'pensions'"):
        configuration.agency("pensions")


def changed(old: str, new: str) -> str:
    assert old in GOOD
    return GOOD.replace(old, new)


# The text, where in it the fault stands (its last occurrence), and the message.
BAD = {
    "empty": ("", "", "must be a mapping of keys"),
    "no yaml": ("agencies: [\n", "", "not YAML"),
    "alias": ("agencies: *a\n", "*a", "anchors and aliases"),
    "transport twice": (changed("name: security-server", "name: portal"), "name: portal", "name: an earlier one"),
    "no such transport": (changed("name: portal", "name: other"), "transport: portal", "transport: none of the"),
    "kind": (changed("kind: xroad", "kind: soap"), "soap", "kind: must be xroad or oauth2"),
    "http": (changed("https://10.0.0.5:8443/", "http://10.0.0.5"), "http://10.", "url: must be an https address"),
    "password": (changed("https://10.0.0.5:8443/", "https://a:b@c"), "a:b@c", "url: must be an https address"),
    "short client": (changed("YE/GOV/1000/dalil", "YE/GOV"), "YE/GOV\n", "client: must be instance/class/member"),
    "dots in client": (changed("YE/GOV/1000/dalil", "YE/GOV/../dalil"), "/../", "client: each part between"),
    "no such file": (changed("ca: ca.pem", "ca: none.pem"), "none.pem", "ca: no such file"),
    "no key": (changed("    key: dalil.key\n", ""), "name: security-server", "key: is missing"),
    "secret": (changed("env:PORTAL_SECRET", "hunter2"), "hunter2", "client_secret: must be env:NAME or file:PATH"),
    "no variable": (changed("env:PORTAL_SECRET", "env:NONE"), "env:NONE", "client_secret: the environment variable"),
    "no secret file": (changed("env:PORTAL_SECRET", "file:/none"), "file:/none", "client_secret: cannot read /none"),
    "agency twice": (changed("id: justice", "id: passports"), "id: passports", "id: an earlier one has it too"),
    "short service": (changed("YE/GOV/2001/passports/status", "YE/G/1"), "YE/G/1", "service: must be instance/"),
    "no regular expression": (changed("PSP-[0-9]{4}-[0-9]{6}", "PSP-["), "PSP-[", "pattern: is no regular expression"),
    "wrong example": (changed("example: PSP-2026-000104", "example: X-1"), "X-1", "reference: the example does not"),
    "unknown state": (changed("under_review: PENDING", "under_review: WAIT"), "WAIT", ""),
    "unknown proof": (changed("[registered-number]", "[shoe-size]"), "shoe-size", "sms: "),
    "too slow": (changed("total_seconds: 3", "total_seconds: 30"), "total_seconds", "total_seconds: "),
    "unknown key": (GOOD + "    colour: red\n", "colour", "colour: is not a known key"),
    "key twice": (GOOD + "    service: again\n", "service: again", "service: given twice"),
}


@pytest.mark.parametrize("case", BAD)
def test_faults_name_their_line(written, case: str) -> None:
    text, place, message = BAD[case]
    file = written(text)
    with pytest.raises(FileInvalid) as invalid:
        read_configuration(file)
    line = text.count("\n", 0, text.rindex(place)) + 1
    assert [fault for fault in invalid.value.faults if fault.startswith(f"{file}:{line}: {message}")], invalid.value
    assert "hunter2" not in str(invalid.value)


def test_no_file(tmp_path: Path) -> None:
    with pytest.raises(FileInvalid, match="cannot be read: No such file"):
        read_configuration(tmp_path / "none.yml")
