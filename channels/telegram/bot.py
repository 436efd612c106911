"""The Bot API through python-telegram-bot, and what its errors mean for a message."""

from __future__ import annotations

import logging
import ssl
import warnings
from collections.abc import Mapping, Sequence
from datetime import timedelta
from functools import cache
from typing import Any

import httpx
from telegram import BotCommand, InlineKeyboardButton, InlineKeyboardMarkup, LinkPreviewOptions
from telegram.constants import ParseMode
from telegram.error import (
    BadRequest,
    ChatMigrated,
    Forbidden,
    InvalidToken,
    NetworkError,
    RetryAfter,
    TelegramError,
)
from telegram.ext import AIORateLimiter, ExtBot
from telegram.request import HTTPXRequest
from telegram.warnings import PTBDeprecationWarning, PTBUserWarning

from channels.contract import Accepted, Rejected, Retry, SendError, SendOutcome, Unknown
from channels.telegram.rating import Rating
from channels.telegram.rating import keyboard as rating_keyboard
from channels.telegram.rating import row as rating_row
from channels.telegram.updates import ALLOWED_UPDATES

POLL_SECONDS = 25
_READ_SECONDS, _CONNECT_SECONDS = 20, 5
_NOT_SENT = (httpx.ConnectError, httpx.ConnectTimeout, httpx.PoolTimeout, httpx.UnsupportedProtocol)
_MENU = (
    ("start", "ابدأ من جديد"),
    ("help", "كيف أسأل؟"),
    ("menu", "قائمة الخدمات"),
    ("cancel", "إلغاء ما بدأته"),
)


class Bot:
    """The calls that the channel needs. `parallel` is how many messages may be on their way at once."""

    def __init__(self, token: str, api: str, parallel: int) -> None:
        _quiet()
        connection: dict[str, Any] = {
            "connect_timeout": _CONNECT_SECONDS,
            "pool_timeout": _CONNECT_SECONDS,
            "read_timeout": _READ_SECONDS,
            "write_timeout": _READ_SECONDS,
            "httpx_kwargs": {"verify": _tls()},
        }
        self._bot: ExtBot[int] = ExtBot(
            token,
            base_url=f"{api.rstrip('/')}/bot",
            request=HTTPXRequest(connection_pool_size=parallel + 10, **connection),
            get_updates_request=HTTPXRequest(connection_pool_size=1, **connection),
            rate_limiter=AIORateLimiter(max_retries=0),
        )

    async def connect(self, webhook: str | None, secret: str) -> None:
        """Introduce ourselves: token, menu, and how updates shall arrive. Raises TelegramError."""
        await self._bot.initialize()
        await self._bot.set_my_commands([BotCommand(name, title) for name, title in _MENU])
        if webhook is None:
            await self._bot.delete_webhook()
        else:
            await self._bot.set_webhook(webhook, secret_token=secret, allowed_updates=ALLOWED_UPDATES)

    async def close(self) -> None:
        """Close the connections."""
        await self._bot.shutdown()

    async def updates(self, offset: int | None) -> Sequence[object]:
        """Wait for updates from `offset` on, undecoded: one that is malformed must not hold back the others.

        Raises:
            TelegramError: the Bot API cannot be reached or refuses.
        """
        wanted = {"offset": offset, "timeout": POLL_SECONDS, "allowed_updates": ALLOWED_UPDATES}
        found: Sequence[object] = await self._bot.do_api_request(
            "getUpdates",
            api_kwargs={name: value for name, value in wanted.items() if value is not None},
            read_timeout=POLL_SECONDS + _READ_SECONDS,
        )
        return found

    async def answer_press(self, callback_id: str, says: str | None = None) -> None:
        """Stop the spinner of a pressed button. Raises TelegramError, for one when it was pressed long ago."""
        await self._bot.answer_callback_query(callback_id, says)

    async def take_away(self, rating: Rating) -> None:
        """Leave only the other buttons under a rated answer. Raises TelegramError, for one when they are gone."""
        left = rating_keyboard(rating)
        await self._bot.edit_message_reply_markup(int(rating.address), rating.shown, reply_markup=left)

    async def send(self, chat: str, body: Mapping[str, Any]) -> SendOutcome:
        """Send one rendered message."""
        rows = [[InlineKeyboardButton(button["title"], callback_data=button["token"])] for button in body["buttons"]]
        if "rate" in body:
            rows.append(rating_row(body["rate"]))
        try:
            sent = await self._bot.send_message(
                int(chat),
                body["html"],
                parse_mode=ParseMode.HTML,
                link_preview_options=LinkPreviewOptions(is_disabled=True),
                reply_markup=InlineKeyboardMarkup(rows) if rows else None,
            )
        except TelegramError as error:
            return outcome_of(error)
        return Accepted(str(sent.message_id))


def outcome_of(error: TelegramError) -> SendOutcome:
    """What became of a message whose sending raised `error`."""
    if isinstance(error, RetryAfter):
        after = error.retry_after
        return Retry(SendError.THROTTLED, after.total_seconds() if isinstance(after, timedelta) else float(after))
    if isinstance(error, Forbidden):
        return Rejected(SendError.BLOCKED)
    if isinstance(error, InvalidToken):
        return Retry(SendError.NOT_CONFIGURED, after=60.0)
    if isinstance(error, ChatMigrated) or (isinstance(error, BadRequest) and "chat not found" in str(error).lower()):
        return Rejected(SendError.RECIPIENT_REJECTED)
    if isinstance(error, BadRequest):
        return Rejected(SendError.CONTENT_REJECTED)
    return _network_outcome(error)


def _network_outcome(error: TelegramError) -> SendOutcome:
    """Not sent when no connection was made or when Telegram itself says so; otherwise nobody knows."""
    cause = error.__cause__
    if isinstance(cause, _NOT_SENT) or (isinstance(error, NetworkError) and cause is None):
        return Retry(SendError.UNAVAILABLE)
    if isinstance(cause, httpx.HTTPError):
        return Unknown(SendError.UNAVAILABLE)
    return Unknown(SendError.RESPONSE_UNPARSEABLE)


@cache
def _tls() -> ssl.SSLContext:
    """One for all clients: reading the certificates takes longer than everything else of a client."""
    return httpx.create_ssl_context()


def _quiet() -> None:
    """Two libraries log what no log may hold; one warns of what is meant here: raw `getUpdates`, both `retry_after`."""
    logging.getLogger("httpx").setLevel(logging.WARNING)  # every address, and the token is part of it
    logging.getLogger("telegram").setLevel(logging.CRITICAL)  # parameters, and so texts; errors reach us typed
    warnings.filterwarnings("ignore", message="Please use 'Bot.getUpdates'", category=PTBUserWarning)
    warnings.filterwarnings("ignore", message=".*attribute `retry_after`", category=PTBDeprecationWarning)
