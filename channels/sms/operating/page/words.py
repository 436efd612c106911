"""How the page says things, and reads them: states in Arabic, times by Yemen's clock, ages in words."""

from __future__ import annotations

from datetime import datetime, timedelta

from arabic import strip_marks
from channels.text import clean
from settings.quiet import YEMEN

STATES = {
    "queued": "في الانتظار",
    "sending": "قيد الإرسال",
    "unknown": "مجهول المصير",
    "accepted": "مقبول عند المزوّد",
    "delivered": "تم التسليم",
    "failed": "فشل الإرسال",
    "expired": "انتهت المهلة",
    "held": "محجوز حتى يُطلب الباقي",
    "dropped": "متروك",
}
_UNITS = (
    (86_400, ("يوم", "يومين", "أيام", "يومًا")),
    (3600, ("ساعة", "ساعتين", "ساعات", "ساعة")),
    (60, ("دقيقة", "دقيقتين", "دقائق", "دقيقة")),
)


def one_line(text: str, limit: int) -> str:
    """What an operator typed, without what cannot be seen; longer than `limit` when it is too long."""
    return " ".join(strip_marks(clean(text, limit)).split())


def amount(number: float) -> str:
    """A number as people read it: 7,684.5."""
    return f"{number:,.10g}"


def moment(at: datetime) -> str:
    """A date and a time for people in Yemen."""
    return f"{at.astimezone(YEMEN):%Y-%m-%d %H:%M:%S}"


def age(passed: timedelta) -> str:
    """How long ago, in the largest unit, as it reads after "منذ"."""
    seconds = passed.total_seconds()
    for size, forms in _UNITS:
        if seconds >= size:
            return _counted(int(seconds // size), *forms)
    return "أقل من دقيقة"


def _counted(number: int, one: str, two: str, few: str, many: str) -> str:
    if number <= 2:
        return one if number == 1 else two
    return f"{number} {few if 3 <= number % 100 <= 10 else many}"
