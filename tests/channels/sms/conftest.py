"""The SMS channel over a gateway that writes down what it is given."""

from __future__ import annotations

from collections.abc import AsyncIterator
from typing import Any

import hypothesis
import pytest
from aiohttp import web
from aiohttp.test_utils import TestClient, TestServer

from channels.contract import Accepted, SendOutcome
from channels.sms.channel import SmsChannel
from channels.sms.providers.base import Submission
from channels.sms.providers.simulator import SimulatorProvider
from settings import Settings, load_settings
from tests.channels.recording import RecordingGateway

hypothesis.settings.register_profile("untimed", deadline=None, max_examples=60)
hypothesis.settings.load_profile("untimed")

SECRET = "a-secret-of-the-tests"


class ScriptedProvider(SimulatorProvider):
    """The simulator's formats, without a network: submissions are kept and answered from `outcomes`."""

    def __init__(self) -> None:
        super().__init__("http://127.0.0.1:9", SECRET)
        self.submissions: list[Submission] = []
        self.outcomes: list[SendOutcome] = []

    async def submit(self, submission: Submission) -> SendOutcome:
        self.submissions.append(submission)
        return self.outcomes.pop(0) if self.outcomes else Accepted("mt-1")


@pytest.fixture
def settings(tmp_path) -> Settings:
    return load_settings(
        database_url=f"sqlite:///{tmp_path / 'unused.db'}",
        sms_secret=SECRET,
        sms_sender="777000000",
        sms_part_cost=8.5,
        sms_foreign_codes="966",
    )


@pytest.fixture
def gateway() -> RecordingGateway:
    return RecordingGateway()


@pytest.fixture
def provider() -> ScriptedProvider:
    return ScriptedProvider()


@pytest.fixture
def sms_channel(settings: Settings, gateway: RecordingGateway, provider: ScriptedProvider) -> SmsChannel:
    return SmsChannel(settings, gateway, provider)


@pytest.fixture
async def client(sms_channel: SmsChannel) -> AsyncIterator[TestClient[Any, Any]]:
    app = web.Application()
    app.add_routes(sms_channel.routes())
    async with TestClient(TestServer(app)) as client:
        yield client
