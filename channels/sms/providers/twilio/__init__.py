"""Twilio, and services that speak as it does."""

from channels.sms.providers.twilio.provider import TwilioProvider
from channels.sms.providers.twilio.settings import TwilioSettings

__all__ = ["TwilioProvider", "TwilioSettings"]
