"""The file that says which agencies there are and how each is asked (docs/exchange.md).

`read_configuration(path)` is the door. The result is frozen; `simulator/` makes one of its own.
"""

from integrations.exchange.configuration.document import (
    Agency,
    Channel,
    ExchangeConfiguration,
    Limits,
    OAuth2,
    ReferenceFormat,
    TransportSettings,
    XRoad,
)
from integrations.exchange.configuration.reader import read_configuration

__all__ = [
    "Agency",
    "Channel",
    "ExchangeConfiguration",
    "Limits",
    "OAuth2",
    "ReferenceFormat",
    "TransportSettings",
    "XRoad",
    "read_configuration",
]
