"""Kannel, an SMS gateway between HTTP and an operator's SMPP; how to set it up is in docs/kannel.md."""

from channels.sms.providers.kannel.provider import KannelProvider
from channels.sms.providers.kannel.settings import KannelSettings

__all__ = ["KannelProvider", "KannelSettings"]
