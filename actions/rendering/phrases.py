"""Small phrases: money, dates, times, sources."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime, timedelta, timezone
from math import ceil

from integrations.catalogue.model import Cost, Provenance

YEMEN = timezone(timedelta(hours=3))
_MONTHS = (
    "يناير", "فبراير", "مارس", "أبريل", "مايو", "يونيو", "يوليو", "أغسطس", "سبتمبر", "أكتوبر", "نوفمبر", "ديسمبر",
)  # fmt: skip
_CURRENCIES = {
    "YER": "ريال يمني",
    "SAR": "ريال سعودي",
    "USD": "دولار أمريكي",
    "EUR": "يورو",
}


def number(value: float) -> str:
    """A number with thousands separated, without a needless fraction and unrounded: 3,500 or 0.125."""
    return f"{value:,.6f}".rstrip("0").rstrip(".")


def money(amount: float, currency: str) -> str:
    """An amount with its currency, which is always said: riyals of three countries circulate."""
    return f"{number(amount)} {_CURRENCIES.get(currency, currency)}"


def price(cost: Cost) -> str:
    """What a cost line asks for; the line's own text is not repeated."""
    if cost.free:
        return "مجانا"
    if cost.amount is not None:
        return money(cost.amount, cost.currency)
    if cost.percent is not None:
        return f"{number(cost.percent)}% من {cost.percent_of or 'القيمة'}"
    return "المبلغ غير مذكور في المصدر"


def published(provenance: Provenance) -> str:
    """When the source is from: a day, a month or a year in words, or that it bears no date."""
    if provenance.published is None:
        seen = provenance.retrieved
        return f"بلا تاريخ، اطلعنا عليه في {_MONTHS[seen.month - 1]} {seen.year}"
    return date(provenance.published)


def date(written: str) -> str:
    """A date of the catalogue ("2025-11-16", "2025-11" or "2025") in words."""
    parts = [int(part) for part in written.split("-")]
    if len(parts) == 1:
        return str(parts[0])
    month = f"{_MONTHS[parts[1] - 1]} {parts[0]}"
    return month if len(parts) == 2 else f"{parts[2]} {month}"


def sources(provenances: Iterable[Provenance], *, limit: int) -> str:
    """The line that names the sources with their dates, each once, the first `limit` of them."""
    unique = list({(item.source, item.published): item for item in provenances}.values())
    named = "؛ ".join(f"{item.source} ({published(item)})" for item in unique[:limit])
    more = "، وغيرها" if len(unique) > limit else ""
    return f"المصدر: {named}{more}." if len(unique) == 1 else f"المصادر: {named}{more}."


def moment(when: datetime) -> str:
    """A day and a time on Yemen's clock, in words: 26 نوفمبر 2026، الساعة 10:05."""
    local = when.astimezone(YEMEN)
    return f"{date(local.date().isoformat())}، الساعة {local:%H:%M}"


def counted(amount: int, one: str, two: str, few: str, many: str) -> str:
    """A number with its noun: one and two have words of their own, 3 to 10 take the plural, the others the singular."""
    if amount in (1, 2):
        return one if amount == 1 else two
    return f"{amount} {few if 3 <= amount % 100 <= 10 else many}"


def wait(seconds: float) -> str:
    """A time to wait, rounded up to minutes or hours: دقيقة, 3 دقائق, ساعتين."""
    minutes = max(1, ceil(seconds / 60))
    if minutes <= 90:
        return counted(minutes, "دقيقة", "دقيقتين", "دقائق", "دقيقة")
    return counted(ceil(minutes / 60), "ساعة", "ساعتين", "ساعات", "ساعة")
