"""The kinds of SMS provider there are: one folder each, and one line in `KINDS`."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from channels.sms.providers.base import ProviderSettings, SmsProvider
from channels.sms.providers.bearerbox import BearerboxProvider, BearerboxSettings
from channels.sms.providers.jasmin import JasminProvider, JasminSettings
from channels.sms.providers.kannel import KannelProvider, KannelSettings
from channels.sms.providers.simulator import SimulatorProvider, SimulatorSettings
from channels.sms.providers.smsgate import SmsGateProvider, SmsGateSettings
from channels.sms.providers.twilio import TwilioProvider, TwilioSettings

KINDS: dict[str, tuple[type[ProviderSettings], Callable[[Any], SmsProvider]]] = {
    "bearerbox": (BearerboxSettings, BearerboxProvider),
    "jasmin": (JasminSettings, JasminProvider),
    "kannel": (KannelSettings, KannelProvider),
    "smsgate": (SmsGateSettings, SmsGateProvider),
    "simulator": (SimulatorSettings, SimulatorProvider),
    "twilio": (TwilioSettings, TwilioProvider),
}
"""For each `kind` of the configuration file: what may be said of such a provider, and how it is made of that."""

__all__ = ["KINDS"]
