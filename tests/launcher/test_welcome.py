"""What is printed is what is there."""

from __future__ import annotations

from pathlib import Path

import pytest

from launcher.welcome import welcome
from settings import load_settings


@pytest.mark.parametrize(("providers", "simulated"), [(None, True), (Path("sms.yml"), False)])
def test_a_telephone_is_simulated_only_where_no_provider_is_named(providers: Path | None, simulated: bool) -> None:
    settings = load_settings().model_copy(update={"mode": "development", "sms_providers": providers})
    lines = "\n".join(welcome(settings, 1.0))
    assert ("/simulator/handset" in lines) is simulated
    assert "SMS, for operators" in lines
