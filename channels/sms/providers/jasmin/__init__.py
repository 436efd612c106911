"""Jasmin, an SMS gateway between its HTTP API and an operator's SMPP; how to set it up is in docs/jasmin.md."""

from channels.sms.providers.jasmin.provider import JasminProvider
from channels.sms.providers.jasmin.settings import JasminSettings

__all__ = ["JasminProvider", "JasminSettings"]
