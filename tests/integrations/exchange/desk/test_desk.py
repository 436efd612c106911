"""Who asks for what with which proof: what the agency is asked, and what is counted."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest
from pydantic import SecretStr
from sqlalchemy import select

from integrations.exchange.desk import Visit, open_desk, visiting, visitor
from integrations.exchange.desk.attempts import Attempt
from integrations.exchange.errors import FileInvalid, NotFoundOrNotYours, TooSlow
from integrations.exchange.model import ProofKind, State
from integrations.exchange.simulator.faults import Fault
from settings import load_settings
from settings.sealing import Envelopes
from storage import Transactions
from tests.integrations.exchange.desk.conftest import ENVELOPES, Office

REFERENCE, NUMBER = "PSP-2026-000104", "+967770000104"
LAST_FOUR, REGISTERED = ProofKind.LAST_FOUR, ProofKind.REGISTERED_NUMBER


def visit(
    proof: str | None = None, sender: str | None = None, *, sealed_for: str = "c1", by: Envelopes = ENVELOPES
) -> Callable[[], Visit]:
    """Makes the visit when it is needed: an envelope is good for ten minutes, and the tests run longer."""

    def make() -> Visit:
        envelope = SecretStr(by.seal(sealed_for, sender)) if sender else None
        return Visit("c1", proof=SecretStr(proof) if proof else None, sender=envelope)

    return make


@pytest.mark.parametrize(
    ("kind", "by", "written"),
    [
        (LAST_FOUR, visit("1104"), REFERENCE),
        (LAST_FOUR, visit("1104"), "psp2026000104"),
        (LAST_FOUR, visit("١١٠٤"), "PSP 2026 000104"),
        (REGISTERED, visit(sender=NUMBER), REFERENCE),
    ],
)
async def test_whoever_proves_it_is_told(
    office: Office, kind: ProofKind, by: Callable[[], Visit], written: str
) -> None:
    [agency] = office.desk.agencies(REFERENCE)
    status = await office.desk.ask(agency, written, kind, by())
    assert (status.state, status.reference) == (State.SENDBACK, REFERENCE)
    assert await results(office) == ["told"]


@pytest.mark.parametrize(
    ("kind", "by", "reference"),
    [
        (LAST_FOUR, visit("1105"), REFERENCE),
        (LAST_FOUR, visit("1104"), "PSP-2026-999999"),
        (REGISTERED, visit(sender="+967770000105"), REFERENCE),
        (REGISTERED, visit(sender=NUMBER), "PSP-2026-000105"),
    ],
)
async def test_a_wrong_proof_and_a_wrong_number_are_refused_alike(
    office: Office, kind: ProofKind, by: Callable[[], Visit], reference: str
) -> None:
    [agency] = office.desk.agencies(reference)
    with pytest.raises(NotFoundOrNotYours):
        await office.desk.ask(agency, reference, kind, by())
    assert await results(office) == ["refused"]


@pytest.mark.parametrize(
    ("kind", "by"),
    [
        (LAST_FOUR, visit()),
        (LAST_FOUR, visit("11")),
        (REGISTERED, visit("1104")),
        (REGISTERED, visit(sender=NUMBER, sealed_for="another")),
        (REGISTERED, lambda: Visit("c1", sender=SecretStr(NUMBER))),
        (REGISTERED, visit(sender=NUMBER, by=Envelopes(SecretStr("other")))),
    ],
)
async def test_without_a_proof_nobody_is_asked(office: Office, kind: ProofKind, by: Callable[[], Visit]) -> None:
    [agency] = office.desk.agencies(REFERENCE)
    with pytest.raises(ValueError, match=r"national-number|registered-number"):
        await office.desk.ask(agency, REFERENCE, kind, by())
    assert await results(office) == []


async def test_an_agency_that_does_not_answer_counts_against_nobody(office: Office) -> None:
    [agency] = office.desk.agencies(REFERENCE)
    office.agencies.faults[agency.id] = Fault.SLOW
    with pytest.raises(TooSlow):
        await office.desk.ask(agency, REFERENCE, LAST_FOUR, visit("1104")())
    assert await results(office) == ["unanswered"]


@pytest.mark.parametrize(
    ("reference", "service", "agencies"),
    [
        (REFERENCE, None, ["passports"]),
        ("ID-1100201", "passport", ["civil-status"]),
        ("4471120", None, ["justice"]),
        ("4471120", "passport", ["justice"]),
    ],
)
def test_who_may_hold_an_application(office: Office, reference: str, service: str | None, agencies: list[str]) -> None:
    assert [agency.id for agency in office.desk.agencies(reference, service)] == agencies


@pytest.mark.parametrize(
    ("agency", "channel", "by", "ways"),
    [
        ("passports", "sms", visit(sender=NUMBER), [REGISTERED, LAST_FOUR]),
        ("passports", "sms", visit(), [LAST_FOUR]),
        ("passports", "sms", visit(sender=NUMBER, sealed_for="another"), [LAST_FOUR]),
        ("civil-status", "sms", visit(sender=NUMBER), [REGISTERED]),
        ("civil-status", "sms", visit(), []),
        ("civil-status", "web", visit(), [LAST_FOUR]),
        ("economy", "sms", visit(sender=NUMBER), []),
    ],
)
def test_how_a_citizen_can_prove_it_here(
    office: Office, agency: str, channel: str, by: Callable[[], Visit], ways: list[ProofKind]
) -> None:
    holder = office.desk.configuration.agency(agency)
    assert office.desk.ways(holder, channel, by()) == ways  # type: ignore[arg-type]


def test_a_visit_ends_with_its_message_and_shows_nothing() -> None:
    brought = visit("1104", NUMBER)()
    with visiting(brought):
        assert visitor() is brought
    assert visitor() == Visit()
    assert "1104" not in repr(brought)
    assert NUMBER not in repr(brought)


@pytest.mark.parametrize(("mode", "opens"), [("development", True), ("production", False)])
async def test_agencies_are_simulated_in_development_only(sqlite_url: str, mode: str, opens: bool) -> None:
    database = Transactions(sqlite_url)
    settings = load_settings(_env_file=None).model_copy(update={"mode": mode})
    desk = open_desk(settings, database)
    assert (desk is not None) == opens
    await database.close()


async def test_a_faulty_file_of_agencies_is_refused_at_the_start(sqlite_url: str, tmp_path: Path) -> None:
    (tmp_path / "exchange.yml").write_text("agencies: []\n", "utf-8")
    database = Transactions(sqlite_url)
    settings = load_settings(_env_file=None, exchange_agencies=tmp_path / "exchange.yml")
    with pytest.raises(FileInvalid, match=r"exchange\.yml"):
        open_desk(settings, database)
    await database.close()


async def results(office: Office) -> list[str]:
    return list(await office.database.read(lambda connection: connection.scalars(select(Attempt.result)).all()))
