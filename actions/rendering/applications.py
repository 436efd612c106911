"""What citizens are told of an application: safe fields only, on SMS the state and the next step only."""

from __future__ import annotations

from collections.abc import Iterator

from actions.rendering.phrases import YEMEN, date, moment
from arabic import stems
from integrations.exchange.configuration import Agency
from integrations.exchange.model import ApplicationStatus, Change, RequiredAction, State, Step

# What each state means, and what follows from it where the agency says nothing.
_MEANS: dict[State, str] = {
    State.DRAFT: "مسودة لم تقدم بعد",
    State.SUBMITTED: "مقدمة، تنتظر أن تبدأ الجهة معالجتها",
    State.PENDING: "قيد المعالجة",
    State.SENDBACK: "معادة إليك لاستكمال النواقص",
    State.AWAITING_PAYMENT: "تنتظر سداد الرسوم",
    State.APPROVED: "تمت الموافقة عليها",
    State.READY_FOR_COLLECTION: "جاهزة للاستلام",
    State.COMPLETED: "مكتملة",
    State.REJECTED: "مرفوضة",
    State.WITHDRAWN: "ملغاة بطلب صاحبها",
    State.EXPIRED: "منتهية لانقضاء مدتها",
}
# The same in a history, where it is over.
_WAS: dict[State, str] = {
    State.DRAFT: "بدأت",
    State.SUBMITTED: "قدمت",
    State.PENDING: "صارت قيد المعالجة",
    State.SENDBACK: "أعيدت لاستكمال النواقص",
    State.AWAITING_PAYMENT: "طلب سداد رسومها",
    State.APPROVED: "تمت الموافقة عليها",
    State.READY_FOR_COLLECTION: "صارت جاهزة للاستلام",
    State.COMPLETED: "اكتملت",
    State.REJECTED: "رفضت",
    State.WITHDRAWN: "ألغيت بطلب صاحبها",
    State.EXPIRED: "انتهت مدتها",
}
_NEXT: dict[State, str] = {
    State.DRAFT: "أكمل الطلب وقدمه.",
    State.SENDBACK: "راجع الجهة لتعرف ما ينقص.",
    State.AWAITING_PAYMENT: "سدد الرسوم التي تحددها الجهة، واطلب إيصالا رسميا.",
    State.READY_FOR_COLLECTION: "استلمها من المكتب.",
    State.REJECTED: "اسأل الجهة عن سبب الرفض وعن طريق التظلم.",
    State.EXPIRED: "راجع الجهة لتعرف هل يمكن تجديد الطلب.",
}
_STEPS_SHOWN = 6
# So many words in common, and the agency's title says nothing that our words do not.
_ALIKE = 2


def state_in_words(state: State, title: str | None) -> str:
    """What a state means; the agency's own title beside it, where that says more."""
    meaning = _MEANS.get(state)
    if meaning is None:
        return f"«{title}» بكلمات الجهة" if title else "حالة لم تشرحها الجهة"
    says_more = title and len(set(stems(title)) & set(stems(meaning))) < _ALIKE
    return f"{meaning} («{title}»)" if says_more else meaning


def status_text(status: ApplicationStatus, agency: Agency, service: str | None, *, short: bool) -> str:
    """The answer. It names nobody; every text in it that the agency wrote has been checked on its way in.

    service: the catalogue's name of the service, for when the agency has none.
    """
    return _short(status) if short else "\n".join(_long(status, agency, status.service.name or service))


def change_text(change: Change | None, reference: str, agency: Agency, *, short: bool) -> str:
    """What is told by itself; None: that the agency does not tell of it any more."""
    if change is None:
        return f"دليل: لم تعد {agency.name} تخبرنا بتغير المعاملة {reference}. لتعرف حالتها أرسل: حالة {reference}"
    state, step = state_in_words(change.state, change.title), _required(change.required, change.state)
    more = f" {step}" if step else ""
    if short:
        return f"دليل: المعاملة {reference}: {state}.{more}"
    lines = [f"تغيرت حالة المعاملة {reference} لدى {agency.name}:", f"{state}.{more}"]
    if change.expected and not change.ended:
        lines.append(f"الموعد المتوقع: {date(change.expected.isoformat())}.")
    if not change.ended:
        lines.append("لوقف هذه الرسائل أرسل: إيقاف")
    return "\n".join(lines)


def back_text(reference: str, agency: Agency) -> str:
    """What is told to who waited for an agency that did not answer."""
    return f"دليل: عاد نظام {agency.name} يجيب. لتعرف حالة المعاملة أرسل: حالة {reference}"


def _short(status: ApplicationStatus) -> str:
    step = _next_step(status)
    return f"{status.reference}: {state_in_words(status.state, status.title)}.{f' {step}' if step else ''}"


def _long(status: ApplicationStatus, agency: Agency, service: str | None) -> Iterator[str]:
    named = f" ({service})" if service else ""
    yield f"المعاملة {status.reference}{named} لدى {_holder(status, agency)}:"
    since = f" منذ {date(_day(status))}" if status.updated or status.history else ""
    yield f"الحالة: {state_in_words(status.state, status.title)}{since}."
    step = _next_step(status)
    if step:
        yield step
    elif not status.ended:
        yield "لم تطلب منك الجهة شيئا الآن."
    if status.expected and not status.ended:
        yield f"الموعد المتوقع: {date(status.expected.isoformat())}."
    if len(status.history) > 1:
        yield f"ما مرت به: {'، ثم '.join(_passed(step) for step in status.history[-_STEPS_SHOWN:])}."
    yield f"هذا ما في سجل الجهة يوم {moment(status.as_of)}."


def _holder(status: ApplicationStatus, agency: Agency) -> str:
    name, office = agency.name, None
    if status.holder:
        name, office = status.holder.name or name, status.holder.office
    return f"{name}، {office}" if office else name


def _next_step(status: ApplicationStatus) -> str:
    return _required(status.required, status.state)


def _required(required: RequiredAction | None, state: State) -> str:
    """What the citizen must do: in the agency's words, or what follows from the state."""
    if required is None:
        return _NEXT.get(state, "")
    due = f". آخر موعد: {date(required.due.isoformat())}" if required.due else ""
    return f"المطلوب منك: {required.text.rstrip('. ')}{due}."


def _day(status: ApplicationStatus) -> str:
    at = status.updated or status.history[-1].at
    return at.astimezone(YEMEN).date().isoformat()


def _passed(step: Step) -> str:
    named = _WAS.get(step.state) or f"«{step.title or step.word}»"
    return f"{named} ({date(step.at.astimezone(YEMEN).date().isoformat())})"
