"""SMSGate, an Android telephone as an SMS gateway: for pilots and single offices, not for volume."""

from channels.sms.providers.smsgate.provider import SmsGateProvider
from channels.sms.providers.smsgate.settings import SmsGateSettings

__all__ = ["SmsGateProvider", "SmsGateSettings"]
