"""Ids as operators paste them."""

from __future__ import annotations

import pytest

from channels.sms.operating.trace import message_of

ID = "0123456789abcdef" * 2
IDS = [
    (ID, ID),
    (f"  {ID.upper()}\n", ID),
    (f"{ID}-1", ID),
    (f"{ID}-9999", ID),
    (f"{ID}-", None),
    (f"{ID}-12345", None),
    (f"{ID}-x", None),
    (ID[:-1], None),
    (f"{ID}0", None),
    (ID[:-1] + "٣", None),
    ("", None),
    ("' OR 1=1 --", None),
    ("\x00", None),
]


@pytest.mark.parametrize(("given", "message_id"), IDS, ids=range(len(IDS)))
def test_the_message_of_an_id(given: str, message_id: str | None) -> None:
    assert message_of(given) == message_id
