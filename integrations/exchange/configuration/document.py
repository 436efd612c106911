"""The configuration as frozen values; the keys of the file are the names here."""

from __future__ import annotations

import re
from collections.abc import Mapping
from pathlib import Path
from typing import Annotated, Literal, TypeAlias

from pydantic import BaseModel, BeforeValidator, ConfigDict, Field, model_validator

from integrations.exchange.configuration.fields import Client, Https, Identifier, Name, Pattern, Secret
from integrations.exchange.errors import UnknownAgency
from integrations.exchange.model import MAX_REFERENCE, ProofKind, State

Channel: TypeAlias = Literal["web", "telegram", "sms"]


class _Part(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)


class Limits(_Part):
    """What one question may take. Seconds and bytes.

    total_seconds: from the call to the answer, waiting and a second try included; a citizen must hear within 4 s.
    parallel: questions under way at once; four times as many may wait. failures: in a row, until the agency is left
    alone for `open_seconds`.
    """

    connect_seconds: float = Field(1.5, ge=0.05, le=3.0)
    total_seconds: float = Field(3.5, ge=0.1, le=3.8)
    parallel: int = Field(16, ge=1, le=256)
    answer_bytes: int = Field(65_536, ge=1_024, le=1_048_576)
    failures: int = Field(5, ge=1, le=100)
    open_seconds: float = Field(30.0, ge=0.05, le=600.0)


class ReferenceFormat(_Part):
    """How the agency's references look: a regular expression for the whole of it, and one to show to citizens."""

    pattern: Pattern
    example: str = Field(min_length=1, max_length=MAX_REFERENCE)

    @model_validator(mode="after")
    def _example_matches(self) -> ReferenceFormat:
        if not re.fullmatch(self.pattern, self.example):
            raise ValueError("the example does not match the pattern")
        return self


class _Tls(_Part):
    name: Identifier
    url: Https
    ca: Path | None = None
    certificate: Path | None = None
    key: Path | None = None
    server_name: str | None = Field(None, max_length=253)
    """The name in the server's certificate, where it is not the host of `url`."""

    @model_validator(mode="after")
    def _certificate_has_its_key(self) -> _Tls:
        if (self.certificate is None) != (self.key is None):
            raise ValueError("certificate and key are given together")
        return self


class XRoad(_Tls):
    """A security server of ours. ca: what its certificate is checked against. certificate, key: ours, in PEM."""

    kind: Literal["xroad"]
    client: Client
    ca: Path
    certificate: Path
    key: Path


class OAuth2(_Tls):
    """An interface behind OAuth2 client credentials (RFC 6749, 4.4). ca: None for the machine's own list."""

    kind: Literal["oauth2"]
    token_url: Https
    client_id: str = Field(min_length=1, max_length=200)
    client_secret: Secret
    scope: str | None = Field(None, max_length=500)


TransportSettings: TypeAlias = Annotated[XRoad | OAuth2, Field(discriminator="kind")]


def _upper(value: object) -> object:
    return {str(word).upper(): state for word, state in value.items()} if isinstance(value, dict) else value


class AgencyTraits(_Part):
    """What is known of an agency whatever carries the questions to it.

    services: catalogue identifiers whose applications it holds. reference: None where the format is not known.
    words: its own words of state, in upper case. proofs: the kinds it takes on each channel, the first is asked for.
    follow: whether it tells of later changes (openapi.yaml's subscriptions and changes).
    """

    id: Identifier
    name: Name
    services: tuple[Identifier, ...] = ()
    reference: ReferenceFormat | None = None
    words: Annotated[Mapping[str, State], BeforeValidator(_upper)] = {}
    proofs: Mapping[Channel, tuple[ProofKind, ...]] = {
        "web": (ProofKind.LAST_FOUR,),
        "telegram": (ProofKind.LAST_FOUR,),
        "sms": (ProofKind.REGISTERED_NUMBER,),
    }
    follow: bool = False
    limits: Limits = Limits()  # type: ignore[call-arg]

    def accepts(self, reference: str) -> bool:
        """Whether this may be one of its references; says nothing about whether it exists."""
        if not 0 < len(reference) <= MAX_REFERENCE:
            return False
        return self.reference is None or re.fullmatch(self.reference.pattern, reference) is not None

    def proof_kinds(self, channel: Channel) -> tuple[ProofKind, ...]:
        """The kinds it takes on a channel; none where applications are not told of there."""
        return self.proofs.get(channel, ())


class Agency(AgencyTraits):
    """An agency. service: X-Road's instance/class/member/subsystem/service, or the path below the transport's url."""

    transport: Identifier
    service: str = Field(min_length=1, max_length=600)


class ExchangeConfiguration(_Part):
    """All agencies and transports."""

    transports: tuple[TransportSettings, ...] = Field(min_length=1)
    agencies: tuple[Agency, ...] = Field(min_length=1)

    def agency(self, identifier: str) -> Agency:
        """The agency of this identifier.

        Raises:
            UnknownAgency: there is none.
        """
        for agency in self.agencies:
            if agency.id == identifier:
                return agency
        raise UnknownAgency(identifier)

    def holding(self, service: str) -> tuple[Agency, ...]:
        """The agencies that hold applications for a service of the catalogue."""
        return tuple(agency for agency in self.agencies if service in agency.services)

    def candidates(self, reference: str) -> tuple[Agency, ...]:
        """The agencies whose reference this may be: those whose format it has; if none, those without a format."""
        accepting = [agency for agency in self.agencies if agency.accepts(reference)]
        return tuple([agency for agency in accepting if agency.reference] or accepting)
