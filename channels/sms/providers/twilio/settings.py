"""What the configuration file says of a Twilio account."""

from __future__ import annotations

from typing import Literal

from pydantic import Field, SecretStr, field_validator

from channels.sms.providers.addresses import check_address
from channels.sms.providers.base import ProviderSettings


class TwilioSettings(ProviderSettings):
    """The configuration of one account; `sender` is its number in E.164."""

    kind: Literal["twilio"] = "twilio"
    url: str = Field("https://api.twilio.com", description="Address of the API.")
    account_sid: str = Field(pattern=r"^[A-Za-z0-9]{1,64}$", description="Account SID.")
    auth_token: SecretStr = Field(min_length=1, max_length=200, description="Auth token; it signs the callbacks too.")

    @field_validator("url")
    @classmethod
    def _safe(cls, url: str) -> str:
        return check_address(url)
