"""A real Kannel between Dalil and a simulated operator, on loopback: to try by hand, for tests and measurements."""

from channels.sms.providers.kannel.trial.boxes import Boxes, KannelMissing
from channels.sms.providers.kannel.trial.operator import Handed, Operator
from channels.sms.providers.kannel.trial.setup import Trial

__all__ = ["Boxes", "Handed", "KannelMissing", "Operator", "Trial"]
