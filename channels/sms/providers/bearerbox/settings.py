"""What the configuration file says of a bearerbox."""

from __future__ import annotations

from typing import ClassVar, Literal

from pydantic import Field, field_validator

from channels.sms.providers.addresses import near
from channels.sms.providers.base import ProviderSettings


class BearerboxSettings(ProviderSettings):
    """One connection to a bearerbox; several may go to the same one, each with its own `smsc`."""

    calls: ClassVar[bool] = False

    kind: Literal["bearerbox"] = "bearerbox"
    host: str = Field("127.0.0.1", description="Where it runs: localhost or a private IP address.")
    port: int = Field(ge=1, le=65_535, description="Its smsbox-port.")
    box: str = Field("dalil", pattern=r"^[\w.-]{1,50}$", description="The smsbox-id of the group smsbox-route.")
    smsc: str = Field("", max_length=100, description="Only through the operator with this smsc-id.")

    @field_validator("host")
    @classmethod
    def _private(cls, host: str) -> str:
        if not near(host):
            raise ValueError("must be localhost or a private IP address: nothing on the way is encrypted or proven")
        return host
