"""What the configuration file says of a Jasmin."""

from __future__ import annotations

import ipaddress
from typing import Literal
from urllib.parse import urlsplit

from pydantic import Field, SecretStr, field_validator

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
        address = urlsplit(url)
        plain = address.scheme == "http" and _near(address.hostname or "")
        if not address.hostname or not (plain or address.scheme == "https"):
            raise ValueError("must be https, or http to localhost or a private IP address: it carries the password")
        if address.username or address.query or address.fragment:
            raise ValueError("must have no user, query or fragment")
        return url.rstrip("/")


def _near(host: str) -> bool:
    try:
        return ipaddress.ip_address(host).is_private
    except ValueError:
        return host == "localhost"
