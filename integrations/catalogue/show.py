"""A service as lines of Arabic text for staff: every fact with its source, date and grade."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from integrations.catalogue.model import (
    ContactPoint,
    Cost,
    Duration,
    Provenance,
    PublicService,
    ServiceChannel,
    Statement,
    StatementList,
)

_SIDES = {"SAN": "صنعاء", "ADE": "عدن", "BOTH": "الجهتان", "ABROAD": "البعثات في الخارج"}
_STATUS = {"in-force": "سارية", "suspended": "موقوفة", "unknown": "غير معروفة", "withdrawn": "مسحوبة"}
_KINDS = {
    "processing": "مدة الإنجاز",
    "deadline": "المهلة",
    "validity": "مدة السريان",
    "office": "مكتب",
    "online": "موقع",
    "app": "تطبيق",
    "phone": "هاتف",
    "sms": "رسالة نصية",
    "post": "بريد",
    "bank": "بنك",
    "mission": "بعثة",
    "agency": "وكالة",
}
_NOT_VERIFIED = "غير موثق"
_NOT_STATED = "لم يذكرها مصدر"
_INCOMPLETE = "القائمة غير مكتملة في المصدر"
_CURRENCIES = {"YER": "ريال يمني", "SAR": "ريال سعودي", "USD": "دولار", "EUR": "يورو"}


@dataclass(frozen=True)
class Fact:
    """One fact in words, with where it is from."""

    text: str
    provenance: Provenance
    note: str | None


@dataclass(frozen=True)
class Group:
    """Facts of one sort. facts: None when no source states any. complete: False when the source has more of them."""

    title: str
    facts: tuple[Fact, ...] | None
    complete: bool = True


def groups(service: PublicService) -> Iterator[Group]:
    """All facts of a service, in the order in which staff read them; sorts of which nothing is expected only if any."""
    if service.status_statement:
        yield _group("سبب الحالة", [_statement(service.status_statement)])
    yield _list("من يستحق الخدمة", service.eligibility)
    yield _list("الشروط", service.requirements)
    yield _list("الأوراق المطلوبة", service.evidence)
    yield _list("الخطوات", service.steps)
    yield _group("الرسوم", [_cost(cost) for cost in service.costs], service.costs_complete)
    yield _group("المدد", [_duration(duration) for duration in service.durations])
    yield _group("أين وكيف", [_channel(channel) for channel in service.channels])
    yield _group("التواصل", [_contact(contact) for contact in service.contacts])
    for title, statements in (("قواعد", service.rules), ("تنبيهات", service.notes), ("السند القانوني", service.legal)):
        if statements:
            yield _group(title, [_statement(one) for one in statements])


def lines(service: PublicService) -> Iterator[str]:
    """The whole service. A fee that is not verified (grade C, D or X) is marked so."""
    yield f"{service.name} ({service.id})"
    yield f"الجهة: {service.authority.name}"
    yield f"الدرجة {service.grade}، الجهة المعنية: {_SIDES[service.jurisdiction]}، الحالة: {_STATUS[service.status]}"
    if service.also:
        yield f"أسماء أخرى: {'، '.join(service.also)}"
    yield service.description
    for group in groups(service):
        yield from _shown(group)
    for title, names in (("ما يستلمه المواطن", service.outputs), ("خدمات ذات صلة", service.related)):
        if names:
            yield from ("", f"{title}: {'، '.join(names)}")


def money(amount: float, currency: str) -> str:
    """An amount as people write it: 2,500 ريال يمني."""
    return f"{amount:,.2f}".removesuffix(".00") + f" {_CURRENCIES.get(currency, currency)}"


def _list(title: str, stated: StatementList | None) -> Group:
    if stated is None:
        return Group(title, None)
    return _group(title, [_statement(item) for item in stated.items], stated.complete)


def _group(title: str, facts: Sequence[tuple[str, Provenance, str | None]], complete: bool = True) -> Group:
    return Group(title, tuple(Fact(*fact) for fact in facts), complete)


def _shown(group: Group) -> Iterator[str]:
    if group.facts is None:
        yield from ("", f"{group.title}: {_NOT_STATED}")
    if not group.facts:
        return
    yield from ("", f"{group.title}:" if group.complete else f"{group.title} ({_INCOMPLETE}):")
    for number, fact in enumerate(group.facts, start=1):
        yield f"  {number}. {fact.text}"
        if fact.note:
            yield f"     ملاحظة: {fact.note}"
        yield f"     {_provenance(fact.provenance)}"


def _provenance(provenance: Provenance) -> str:
    date = provenance.published or "بلا تاريخ"
    verified = f"درجة {provenance.grade}" if provenance.verified else f"درجة {provenance.grade}، {_NOT_VERIFIED}"
    side = _SIDES[provenance.jurisdiction]
    return f"[{verified}، {side}، {provenance.source}، {date}، اطُّلع عليه في {provenance.retrieved}]"


def _statement(statement: Statement) -> tuple[str, Provenance, str | None]:
    return statement.text, statement.provenance, statement.note


def _cost(cost: Cost) -> tuple[str, Provenance, str | None]:
    if cost.free:
        value = "مجانا"
    elif cost.amount is not None:
        value = money(cost.amount, cost.currency)
    elif cost.percent is not None:
        value = f"{cost.percent:g}% من {cost.percent_of}"
    else:
        value = "لم يذكر المصدر المبلغ"
    made_up = ""
    if cost.base is not None and cost.surcharge is not None:
        made_up = f" ({cost.base:g} + {cost.surcharge:g}: {cost.surcharge_text or 'إضافة'})"
    mark = "" if cost.provenance.verified else f" ({_NOT_VERIFIED})"
    return f"{cost.text}: {value}{made_up}{mark}", cost.provenance, cost.note


def _duration(duration: Duration) -> tuple[str, Provenance, str | None]:
    return f"{_KINDS[duration.kind]}: {duration.text}", duration.provenance, duration.note


def _channel(channel: ServiceChannel) -> tuple[str, Provenance, str | None]:
    extra = "".join(f"، {part}" for part in (channel.hours, channel.url) if part)
    return f"{_KINDS[channel.kind]}: {channel.text}{extra}", channel.provenance, channel.note


def _contact(contact: ContactPoint) -> tuple[str, Provenance, str | None]:
    parts = (contact.text, *contact.telephone, *contact.email, contact.page, contact.hours)
    return "، ".join(part for part in parts if part), contact.provenance, contact.note
