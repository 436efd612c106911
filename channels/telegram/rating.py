"""Two small buttons under an answer: did it help? They go when one is pressed, the answer's own buttons stay.

What a button sends back has at most 64 bytes: https://core.telegram.org/bots/api#inlinekeyboardbutton
"""

from __future__ import annotations

import re
from dataclasses import dataclass

from telegram import InlineKeyboardButton, InlineKeyboardMarkup, MaybeInaccessibleMessage, Message

_DATA = re.compile(r"r\.([0-9a-f]{32})\.([01])")
THANKS = "شكرًا لك."
REFUSED = "لا يمكن تقييم هذا الجواب الآن."


@dataclass(frozen=True)
class Rating:
    """A pressed button. `shown` is the message it was under, None when Telegram no longer shows it to bots.

    `left` are the buttons that stay there.
    """

    message_id: str
    good: bool
    address: str
    shown: int | None = None
    left: tuple[tuple[InlineKeyboardButton, ...], ...] = ()


def row(message_id: str) -> list[InlineKeyboardButton]:
    """The two buttons under the answer to this message."""
    return [
        InlineKeyboardButton("👍", callback_data=f"r.{message_id}.1"),
        InlineKeyboardButton("👎", callback_data=f"r.{message_id}.0"),
    ]


def read(data: str, address: str, shown: MaybeInaccessibleMessage) -> Rating | None:
    """The rating in what a button sent back; None when it is another button."""
    found = _DATA.fullmatch(data)
    if found is None:
        return None
    if not (shown.is_accessible and isinstance(shown, Message)):
        return Rating(found[1], found[2] == "1", address)
    keyboard = shown.reply_markup.inline_keyboard if shown.reply_markup else ()
    rows = (tuple(button for button in buttons if not _rates(button)) for buttons in keyboard)
    return Rating(found[1], found[2] == "1", address, shown.message_id, tuple(buttons for buttons in rows if buttons))


def _rates(button: InlineKeyboardButton) -> bool:
    return isinstance(button.callback_data, str) and _DATA.fullmatch(button.callback_data) is not None


def keyboard(rating: Rating) -> InlineKeyboardMarkup | None:
    """The buttons that stay."""
    return InlineKeyboardMarkup(rating.left) if rating.left else None
