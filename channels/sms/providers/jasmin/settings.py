"""What the configuration file says of a Jasmin."""

from __future__ import annotations

from typing import Literal

from pydantic import Field, SecretStr, field_validator

from channels.sms.providers.addresses import check_address
from channels.sms.providers.base import ProviderSettings


class JasminSettings(ProviderSettings):
    """The configuration of one user of a Jasmin's HTTP API."""

    kind: Literal["jasmin"] = "jasmin"
    url: str = Field(description="Address of its HTTP API, such as http://127.0.0.1:1401, without /send.")
    username: str = Field(min_length=1, max_length=15, description="User that jcli made.")
    password: SecretStr = Field(min_length=1, max_length=16, description="Its password; it goes with every message.")

    @field_validator("url")
    @classmethod
    def _safe(cls, url: str) -> str:
        return check_address(url)
