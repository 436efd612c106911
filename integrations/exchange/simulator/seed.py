"""The seed file: the applications that the simulated agencies hold, and what only they know of the applicants."""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import date, datetime, timedelta, timezone
from pathlib import Path
from typing import Annotated

from pydantic import AfterValidator, BaseModel, ConfigDict, Field, SecretStr, field_validator

from integrations.exchange.configuration import Agency, Channel
from integrations.exchange.configuration.document import AgencyTraits
from integrations.exchange.configuration.fields import Identifier
from integrations.exchange.model import ENDS, FORMS, MAX_REFERENCE, ProofKind, State
from integrations.exchange.reading import Place, read_document
from integrations.exchange.simulator.faults import Fault

SAMPLE = Path(__file__).with_name("sample.yml")
YEMEN = timezone(timedelta(hours=3))
TRANSPORT = "simulator"
MOST_STAGES = 50


def _in_yemen(time: datetime) -> datetime:
    return time if time.tzinfo else time.replace(tzinfo=YEMEN)


Time = Annotated[datetime, AfterValidator(_in_yemen)]
"""A time without a zone is Yemen's."""


class _Part(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True, hide_input_in_errors=True)


class Stage(_Part):
    """One line of the history: the state, since when, and the agency's word and title for it where they differ."""

    state: State
    at: Time
    word: str | None = Field(None, min_length=1, max_length=64)
    title: str | None = Field(None, min_length=1, max_length=500)


class Required(_Part):
    """What the citizen must do."""

    text: str = Field(min_length=1, max_length=500)
    code: str | None = Field(None, max_length=64)
    due: date | None = None


class Application(_Part):
    """One application. What proves it, and the name that is never told, stay out of `repr`.

    word, title: the agency's own for the state. fault: what goes wrong whenever it is asked for.
    """

    reference: str = Field(min_length=1, max_length=MAX_REFERENCE, pattern=r"^\S+$", repr=False)
    agency: Identifier
    service: str = Field(min_length=1, max_length=80)
    service_name: str | None = Field(None, min_length=1, max_length=500)
    state: State
    word: str | None = Field(None, min_length=1, max_length=64)
    title: str | None = Field(None, min_length=1, max_length=500)
    reason: str | None = Field(None, max_length=64)
    expected: date | None = None
    office: str | None = Field(None, max_length=200)
    required: Required | None = None
    history: tuple[Stage, ...] = Field((), max_length=MOST_STAGES)
    registered_number: SecretStr
    national_number_last4: SecretStr
    one_time_code: SecretStr | None = None
    full_name: SecretStr
    fault: Fault | None = None

    @field_validator("registered_number", "national_number_last4", "one_time_code")
    @classmethod
    def _has_its_form(cls, value: SecretStr | None, info: object) -> SecretStr | None:
        kind = _KINDS[info.field_name]  # type: ignore[attr-defined]
        if value is not None and not _matches(kind, value):
            raise ValueError(f"has not the form of a {kind.value}")
        return value

    @property
    def ended(self) -> bool:
        """Whether nothing follows."""
        return self.state in ENDS

    def proofs(self) -> dict[ProofKind, str]:
        """What the agency compares proofs with."""
        values = {kind: getattr(self, name) for name, kind in _KINDS.items()}
        return {kind: value.get_secret_value() for kind, value in values.items() if value is not None}


class Move(_Part):
    """What an official does with an application: the state it is in from now on, and what goes with that."""

    state: State
    word: str | None = Field(None, min_length=1, max_length=64)
    title: str | None = Field(None, min_length=1, max_length=500)
    reason: str | None = Field(None, max_length=64)
    expected: date | None = None
    required: Required | None = None

    def of(self, application: Application, now: datetime) -> Application:
        """The application after it."""
        stage = Stage(state=self.state, at=now, word=self.word, title=self.title)
        history = (*application.history, stage)[-MOST_STAGES:]
        return application.model_copy(update={**dict(self), "history": history})


_KINDS = {
    "national_number_last4": ProofKind.LAST_FOUR,
    "one_time_code": ProofKind.ONE_TIME_CODE,
    "registered_number": ProofKind.REGISTERED_NUMBER,
}


def _matches(kind: ProofKind, value: SecretStr) -> bool:
    return re.fullmatch(FORMS[kind], value.get_secret_value()) is not None


class Seed(_Part):
    """A whole seed file. An agency that only applications name holds any reference and takes every kind of proof."""

    agencies: tuple[AgencyTraits, ...] = ()
    applications: tuple[Application, ...] = Field(min_length=1, max_length=100_000)

    def simulated_agencies(self) -> tuple[Agency, ...]:
        """The agencies as a configuration has them, each at an X-Road address of its own."""
        known = {agency.id: agency for agency in self.agencies}
        for application in self.applications:
            name = application.agency
            known.setdefault(name, AgencyTraits(id=name, name=name, proofs=_EVERY_PROOF))
        return tuple(
            Agency(**dict(agency), transport=TRANSPORT, service=f"YE-SIM/GOV/{name}/applications/status")
            for name, agency in known.items()
        )


_EVERY_PROOF: dict[Channel, tuple[ProofKind, ...]] = {
    "web": (ProofKind.LAST_FOUR, ProofKind.REGISTERED_NUMBER),
    "telegram": (ProofKind.LAST_FOUR, ProofKind.REGISTERED_NUMBER),
    "sms": (ProofKind.REGISTERED_NUMBER, ProofKind.LAST_FOUR),
}


def read_seed(path: Path = SAMPLE) -> Seed:
    """Read and check a seed file.

    Raises:
        FileInvalid: one line for each fault: file, line, key and what is wrong, never a value.
    """
    return read_document(path, Seed, _faults)


def _faults(seed: Seed) -> Iterator[tuple[Place, str]]:
    traits = {agency.id: agency for agency in seed.agencies}
    if len(traits) < len(seed.agencies):
        yield ("agencies",), "agencies: two have the same id"
    seen: set[tuple[str, str]] = set()
    for index, application in enumerate(seed.applications):
        place: Place = ("applications", index)
        if (key := (application.agency, application.reference)) in seen:
            yield (*place, "reference"), "reference: an earlier application of the agency has it too"
        seen.add(key)
        if application.agency in traits and not traits[application.agency].accepts(application.reference):
            yield (*place, "reference"), "reference: has not the format of its agency"
        if list(application.history) != sorted(application.history, key=lambda stage: stage.at):
            yield (*place, "history"), "history: must be in order of time"
