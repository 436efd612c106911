"""What the gateway itself says, and what it takes out of a citizen's text before anything reads it."""

from __future__ import annotations

import re

FALLBACK = "عذرًا، تعذّر الرد على رسالتك الآن. أعد إرسالها بعد دقائق من فضلك."
EMPTY = "اكتب سؤالك كلامًا من فضلك؛ لا أستطيع قراءة الصور والأصوات والملفات."
STALE = "انتهت صلاحية هذا الزر. اكتب سؤالك من فضلك."
TOO_LONG = "رسالتك طويلة. اكتب سؤالك من فضلك في {limit} حرف أو أقل."
LIMITED = "وصلت منك رسائل كثيرة. انتظر {wait} ثم أرسل سؤالك."

_WAITS = ((60, "دقيقة"), (3600, "ساعة"), (86_400, "إلى الغد"))

# Controls (NUL breaks PostgreSQL), lone surrogates (no UTF-8 for them), bidi embeddings, overrides and isolates
# (they turn the text around them), byte order marks and non-characters.
_UNSTORABLE = re.compile("[\x00-\x09\x0b-\x1f\x7f-\x9f\ud800-\udfff]")
_UNWANTED = re.compile("[\x00-\x09\x0b-\x1f\x7f-\x9f\ud800-\udfff\u202a-\u202e\u2066-\u2069\ufeff\ufff9-\uffff]")
# Numbers of applications, proofs of them, codes, telephones: of four digits and more, in any script, grouped or not.
_NUMBER = re.compile(r"\d(?:[\s\-/._]?\d){3,}")
_BLANK_LINES = re.compile(r"\n\s*\n\s*\n")


def clean(text: str, limit: int) -> str:
    """The text without what harms a reader or a database, cut to `limit` characters plus one (so that one can tell)."""
    text = text[: limit * 8].replace("\r\n", "\n").replace("\r", "\n").replace("\t", " ")
    text = _BLANK_LINES.sub("\n\n", _UNWANTED.sub("", text))
    return text.strip()[: limit + 1]


def masked(text: str) -> str:
    """The text as it is kept once it is answered: without numbers of four digits and more."""
    return _NUMBER.sub("••••", text)


def storable(text: str) -> str:
    """The text without what no database keeps; its isolates, put there for display, stay."""
    return _UNSTORABLE.sub("", text)


def limited(seconds: int) -> str:
    """The notice that a limit over `seconds` was passed."""
    wait = next((word for longest, word in _WAITS if seconds <= longest), _WAITS[-1][1])
    return LIMITED.format(wait=wait)
