"""What the configuration file says of a Kannel."""

from __future__ import annotations

from typing import Literal

from pydantic import Field, SecretStr, field_validator

from channels.sms.providers.addresses import check_address
from channels.sms.providers.base import ProviderSettings


class KannelSettings(ProviderSettings):
    """The configuration of one sendsms-user of a Kannel; several may share one Kannel, each with its own `smsc`."""

    kind: Literal["kannel"] = "kannel"
    url: str = Field(description="Address of its smsbox, such as http://127.0.0.1:13013, without /cgi-bin/sendsms.")
    username: str = Field(min_length=1, max_length=100, description="Of the group sendsms-user.")
    password: SecretStr = Field(min_length=1, max_length=100, description="Its password; it goes with every message.")
    smsc: str = Field("", max_length=100, description="Only through the operator with this smsc-id.")

    @field_validator("url")
    @classmethod
    def _safe(cls, url: str) -> str:
        return check_address(url)
