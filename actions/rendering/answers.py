"""One answer for each kind of question about a service.

Only facts of grade A or B are told. Below that, and where no source says anything, the citizen hears so and whom to
ask: a fee or a paper that turns out wrong costs a day's journey.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass

from actions.rendering import phrases
from integrations.catalogue.model import ContactPoint, Duration, Provenance, PublicService, Statement, StatementList

_INCOMPLETE = "هذه القائمة غير مكتملة في مصدرها، وقد تطلب الجهة غير ذلك؛ اسألها قبل أن تذهب."
_INCOMPLETE_SMS = "القائمة غير مكتملة في مصدرها."
_CONFIRM_FEES = "تأكد من المبلغ لدى المكتب قبل الدفع، واطلب إيصالا رسميا."


@dataclass(frozen=True)
class Rendered:
    """The text of an answer, and whether it tells verified facts."""

    text: str
    verified: bool


@dataclass(frozen=True)
class _Section:
    """A titled part of an answer with where it is from."""

    title: str
    lines: tuple[str, ...]
    provenances: tuple[Provenance, ...]
    numbered: bool = False
    incomplete: bool = False

    def text(self, *, short: bool) -> str:
        marks = (f"{place}) " for place in range(1, len(self.lines) + 1)) if self.numbered else iter(lambda: "- ", None)
        lines = [mark + line for mark, line in zip(marks, self.lines, strict=False)]
        tail = [_INCOMPLETE_SMS if short else _INCOMPLETE] if self.incomplete else []
        return "\n".join([self.title, *lines, *tail])


def render(kind: str, service: PublicService, *, short: bool) -> Rendered:
    """The answer to a question of `kind` about `service`; `short` for SMS.

    Raises:
        KeyError: `kind` is not answered from the catalogue.
    """
    subject, build = _KINDS[kind]
    sections = [section for section in build(service) if section is not None]
    if not sections:
        return Rendered(_join(_status(service), _unknown(subject, service, kind, short=short)), verified=False)
    body = [section.text(short=short) for section in sections]
    tail = _notes(service, short=short) if kind in ("requirements", "fees", "steps", "overview") else []
    if kind == "fees":
        tail.append(_CONFIRM_FEES if not short else "تأكد لدى المكتب قبل الدفع.")
    origins = [item for section in sections for item in section.provenances]
    line = phrases.sources(origins, limit=1 if short else 3) if origins else ""
    return Rendered(_join(_status(service), service.name, *body, *tail, line), verified=True)


def _join(*parts: str) -> str:
    return "\n".join(part for part in parts if part)


def _status(service: PublicService) -> str:
    if service.status != "suspended":
        return ""
    statement = service.status_statement
    when = f" بحسب {statement.provenance.source} ({phrases.published(statement.provenance)})" if statement else ""
    return f"تنبيه: هذه الخدمة متوقفة حاليا{when}."


def _unknown(subject: str, service: PublicService, kind: str, *, short: bool) -> str:
    authority = service.authority.name
    if kind == "location":
        return f"الجهة المختصة بخدمة «{service.name}» هي {authority}. لا نعرف عنوانا مؤكدا لمكاتبها."
    free = " وهذا لا يعني أنها مجانية." if kind == "fees" else ""
    if short:
        return f"{service.name}: ليس لدينا معلومات مؤكدة عن {subject}.{free} اسأل {authority}."
    return (
        f"ليس لدينا معلومات مؤكدة عن {subject} لخدمة «{service.name}».{free}\n"
        f"الجهة المختصة: {authority}. اسألها قبل أن تذهب، فنحن لا نعرض ما لم نتحقق منه."
    )


def _verified(items: Iterable[Statement]) -> tuple[Statement, ...]:
    return tuple(item for item in items if item.provenance.verified)


def _statements(title: str, facts: StatementList | None, *, numbered: bool = False) -> _Section | None:
    told = _verified(facts.items) if facts else ()
    if facts is None or not told:
        return None
    lines = tuple(f"{item.text} ({item.note})" if item.note else item.text for item in told)
    incomplete = not facts.complete or len(told) < len(facts.items)
    return _Section(title, lines, tuple(item.provenance for item in told), numbered, incomplete)


def _notes(service: PublicService, *, short: bool) -> list[str]:
    notes = _verified(service.notes)
    return [f"ملاحظة: {note.text}" for note in (notes[:1] if short else notes)]


def _requirements(service: PublicService) -> Sequence[_Section | None]:
    papers = _statements("الأوراق المطلوبة:", service.evidence, numbered=True)
    conditions = _eligibility(service)[::-1]
    if papers is None and any(conditions):
        # Conditions alone must not pass for all that is needed.
        papers = _Section("الأوراق المطلوبة:", (f"لا نعرف قائمة مؤكدة بالأوراق. اسأل {service.authority.name}.",), ())
    return (papers, *conditions)


def _eligibility(service: PublicService) -> Sequence[_Section | None]:
    return (
        _statements("من يحق له:", service.eligibility),
        _statements("الشروط:", service.requirements),
    )


def _steps(service: PublicService) -> Sequence[_Section | None]:
    steps = _statements("الخطوات:", service.steps, numbered=True)
    if steps is None:
        return ()
    return (steps, _statements("الأوراق المطلوبة:", service.evidence))


def _fees(service: PublicService) -> Sequence[_Section | None]:
    told = tuple(cost for cost in service.costs if cost.provenance.verified)
    if not told:
        return ()
    lines = tuple(f"{cost.text}: {phrases.price(cost)}" + (f" ({cost.note})" if cost.note else "") for cost in told)
    incomplete = not service.costs_complete or len(told) < len(service.costs)
    return (_Section("الرسوم:", lines, tuple(cost.provenance for cost in told), incomplete=incomplete),)


_DURATION_TITLES = {
    "processing": "مدة الإنجاز:",
    "deadline": "المهلة التي عليك:",
    "validity": "مدة الصلاحية:",
}


def _duration(service: PublicService) -> Sequence[_Section | None]:
    def section(kind: str) -> _Section | None:
        told = tuple(item for item in service.durations if item.kind == kind and item.provenance.verified)
        if not told:
            return None
        return _Section(_DURATION_TITLES[kind], tuple(map(_time, told)), tuple(item.provenance for item in told))

    sections = [section(kind) for kind in _DURATION_TITLES]
    rules = _verified(service.rules)
    if any(sections) and rules:
        sections.append(
            _Section("قواعد مهمة:", tuple(rule.text for rule in rules), tuple(rule.provenance for rule in rules))
        )
    return sections


def _time(duration: Duration) -> str:
    return f"{duration.text} ({duration.note})" if duration.note else duration.text


def _location(service: PublicService) -> Sequence[_Section | None]:
    told = tuple(channel for channel in service.channels if channel.provenance.verified)
    contacts = tuple(contact for contact in service.contacts if contact.provenance.verified)
    if not told and not contacts:
        return ()
    places = tuple(f"{channel.text} ({channel.hours})" if channel.hours else channel.text for channel in told)
    reach = tuple(_reach(contact) for contact in contacts)
    sections = [_Section("الجهة:", (service.authority.name,), ())]
    if places:
        sections.append(_Section("أين وكيف:", places, tuple(channel.provenance for channel in told)))
    if reach:
        sections.append(_Section("للتواصل:", reach, tuple(contact.provenance for contact in contacts)))
    return sections


def _reach(contact: ContactPoint) -> str:
    telephone = f"الهاتف: {'، '.join(contact.telephone)}" if contact.telephone else None
    return "، ".join(part for part in ((contact.text or "").rstrip("."), telephone, contact.page) if part)


def _hours(service: PublicService) -> Sequence[_Section | None]:
    channels = tuple(channel for channel in service.channels if channel.hours and channel.provenance.verified)
    contacts = tuple(contact for contact in service.contacts if contact.hours and contact.provenance.verified)
    lines = tuple(f"{channel.text}: {channel.hours}" for channel in channels)
    lines += tuple(str(contact.hours) for contact in contacts)
    if not lines:
        return ()
    origins = (*(item.provenance for item in channels), *(item.provenance for item in contacts))
    return (_Section("أوقات الدوام:", lines, origins),)


def _overview(service: PublicService) -> Sequence[_Section | None]:
    rules = _verified(service.rules)
    sections = [
        _Section("ما هي:", (service.description,), ()),
        _Section("الجهة المختصة:", (service.authority.name,), ()),
    ]
    if rules:
        sections.append(
            _Section("قواعد مهمة:", tuple(rule.text for rule in rules), tuple(rule.provenance for rule in rules))
        )
    if not service.verified:
        sections.append(_Section("انتبه:", ("تفاصيل هذه الخدمة غير مؤكدة لدينا؛ اسأل الجهة المختصة قبل أن تذهب.",), ()))
    return sections


_Build = Callable[[PublicService], Sequence["_Section | None"]]
_KINDS: dict[str, tuple[str, _Build]] = {
    "requirements": ("الأوراق والشروط", _requirements),
    "fees": ("الرسوم", _fees),
    "steps": ("الخطوات", _steps),
    "duration": ("المدة والمواعيد", _duration),
    "location": ("المكان والجهة", _location),
    "hours": ("أوقات الدوام", _hours),
    "eligibility": ("من يحق له", _eligibility),
    "overview": ("عن الخدمة", _overview),
}
KINDS = tuple(_KINDS)
SUBJECTS = {kind: subject for kind, (subject, _) in _KINDS.items()}


def is_known(kind: str, service: PublicService) -> bool:
    """Whether a question of `kind` about `service` has a verified answer."""
    return any(section is not None for section in _KINDS[kind][1](service))
