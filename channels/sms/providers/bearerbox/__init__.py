"""Kannel's bearerbox, with the gateway in smsbox's place; how to set it up is in docs/kannel.md."""

from channels.sms.providers.bearerbox.provider import BearerboxProvider
from channels.sms.providers.bearerbox.settings import BearerboxSettings

__all__ = ["BearerboxProvider", "BearerboxSettings"]
