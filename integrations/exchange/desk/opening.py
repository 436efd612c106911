"""Opens the desk that the settings describe."""

from __future__ import annotations

from pathlib import Path

from integrations.exchange.client import ExchangeClient
from integrations.exchange.configuration import read_configuration
from integrations.exchange.desk.attempts import Attempts
from integrations.exchange.desk.codes import Codes
from integrations.exchange.desk.desk import Desk
from integrations.exchange.followings import Followings
from integrations.exchange.simulator import simulated_exchange
from integrations.exchange.simulator.seed import SAMPLE
from settings import Settings
from settings.sealing import Envelopes
from storage import Transactions


def open_desk(
    settings: Settings, database: Transactions, seed: Path | None = None, codes: Codes | None = None
) -> Desk | None:
    """The desk to the agencies of `DALIL_EXCHANGE_AGENCIES`; without that, to simulated ones in development, else None.

    seed: other applications of simulated agencies, asked whatever the settings say. codes: who sends them.

    Raises:
        FileInvalid: the file of agencies, or the seed, breaks its rules.
    """
    client = _client(settings, seed)
    if client is None:
        return None
    attempts = Attempts(database, settings.conversation_key.get_secret_value())
    followings = Followings(database, settings.message_retention_days) if settings.push_port else None
    return Desk(client, attempts, Envelopes(settings.assistant_token), followings, codes)


def _client(settings: Settings, seed: Path | None) -> ExchangeClient | None:
    if settings.exchange_agencies is not None and seed is None:
        return ExchangeClient(read_configuration(settings.exchange_agencies))
    return simulated_exchange(seed or SAMPLE).client if seed or settings.mode == "development" else None
