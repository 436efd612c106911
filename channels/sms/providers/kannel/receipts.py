"""What Kannel 1.4.5 reports of a message, whichever box it reports to (gw/dlr.h)."""

from __future__ import annotations

import re

from channels.sms.providers.base import DeliveryState

EVERY_RECEIPT = 31
"""The dlr-mask that asks for all of them."""
_FAILED = "2"
_STATES = {
    "1": DeliveryState.DELIVERED,
    _FAILED: DeliveryState.FAILED,
    "4": DeliveryState.ACCEPTED,
    "8": DeliveryState.ACCEPTED,
    "16": DeliveryState.FAILED,
    "34": DeliveryState.EXPIRED,
}
"""By mask: delivered, failed, kept by the operator, taken by the operator, refused by the operator, expired there."""
_RECEIPT = re.compile(r"stat:([A-Za-z]{1,10}).{0,20}?err:([0-9A-Za-z]{1,10})", re.DOTALL)
"""Of an operator's text (SMPP 3.4, appendix B). It goes on with the beginning of the message: not to be kept."""
_TOO_LATE = "validity expired"
"""bearerbox's own word when it still had the message then."""
_REFUSAL = re.compile(r"NACK/([0-9A-Za-z][0-9A-Za-z ]{0,29})")


def state_of(mask: str, text: str) -> tuple[DeliveryState, str] | None:
    """State and code of a receipt, from its dlr-mask and the operator's text; None when we do not know the mask."""
    state = _STATES.get(mask)
    if state is None:
        return None
    if found := _RECEIPT.search(text):
        word, code = found[1].upper(), f"{found[1].upper()} {found[2]}"
        return (DeliveryState.EXPIRED if word == "EXPIRED" and mask == _FAILED else state), code
    refusal = _REFUSAL.search(text)
    code = refusal[1] if refusal else mask
    return (DeliveryState.EXPIRED if code == _TOO_LATE else state), code
