"""What the configuration file says of a telephone with SMSGate."""

from __future__ import annotations

from typing import Literal

from pydantic import Field, SecretStr, field_validator

from channels.sms.providers.addresses import check_address
from channels.sms.providers.base import ProviderSettings


class SmsGateSettings(ProviderSettings):
    """The configuration of one SMSGate server or telephone."""

    kind: Literal["smsgate"] = "smsgate"
    url: str = Field(description="Address of its API, up to but without /messages.")
    username: str = Field(min_length=1, max_length=100, description="User that the app shows.")
    password: SecretStr = Field(min_length=1, max_length=100, description="Its password.")
    signing_key: SecretStr = Field(min_length=1, max_length=200, description="Key with which it signs its calls.")

    @field_validator("url")
    @classmethod
    def _safe(cls, url: str) -> str:
        return check_address(url)
