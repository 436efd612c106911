"""What the citizen is told about the handover, in every channel the same; short, since an SMS has 67 letters a part."""

from __future__ import annotations

from datetime import datetime, timedelta

from channels.handover.hours import Timetable
from settings.quiet import YEMEN

STAFF, NOTICE = "staff", "handover"
"""Kinds of the replies: a person wrote it; the office says it by itself."""

# By Python's numbers.
WEEKDAYS = ("الاثنين", "الثلاثاء", "الأربعاء", "الخميس", "الجمعة", "السبت", "الأحد")
MONTHS = (
    "يناير",
    "فبراير",
    "مارس",
    "أبريل",
    "مايو",
    "يونيو",
    "يوليو",
    "أغسطس",
    "سبتمبر",
    "أكتوبر",
    "نوفمبر",
    "ديسمبر",
)

CANCELLED = "ألغينا طلبك للتحدث إلى موظف. اكتب سؤالك متى شئت، ودليل يجيبك."
ENDED_BY_CITIZEN = "أنهينا محادثتك مع الموظف. اكتب سؤالك متى شئت، ودليل يجيبك."
STOPPED = "لن نرسل إليك شيئا من تلقاء أنفسنا، وأنهينا طلبك للتحدث إلى موظف. إذا سألت فسنجيبك."
RELEASED = "انتهت محادثتك مع الموظف. دليل يجيبك الآن؛ وإن احتجت إلى موظف مرة أخرى فأرسل: موظف"
IDLE = "انتهت محادثتك مع الموظف لأنها توقفت مدة. دليل يجيبك الآن؛ وإن احتجت إلى موظف مرة أخرى فأرسل: موظف"
BACK_UNANSWERED = (
    "تأخر الموظف في الرد عليك، فأعدنا طلبك إلى قائمة الانتظار. دليل يجيبك حتى يأتي موظف. للإلغاء أرسل: إلغاء"
)
BACK = "أعاد الموظف طلبك إلى قائمة الانتظار ليتولاه زميل له. دليل يجيبك حتى ذلك الحين. للإلغاء أرسل: إلغاء"
CLOSED = "أغلق المكتب طلبك للتحدث إلى موظف. إن بقيت لك حاجة فأرسل: موظف"
NO_FILES = "لا تصل الصور والأصوات والملفات إلى الموظف. اكتب رسالتك كلاما من فضلك."
NOTED = "لا أعرف جواب هذا، وأضفته إلى طلبك ليقرأه الموظف."

_TAKEN = "معك الآن موظف من {office}. اكتب له ما تريد؛ دليل لا يرد حتى تنتهي المحادثة. لإنهائها أرسل: إلغاء"
_TAKEN_OVER = (
    "يتابع معك الآن موظف آخر من {office}. اكتب له ما تريد؛ دليل لا يرد حتى تنتهي المحادثة. لإنهائها أرسل: إلغاء"
)
_QUEUED = "طلبك للتحدث إلى موظف في قائمة الانتظار. {before}"
_NOBODY = "لا يوجد موظف على المكتب في هذه اللحظة. طلبك محفوظ، وأول موظف يعود يراه. {before}"
_MEANWHILE = "اكتب مسألتك ليقرأها، ودليل يجيبك حتى يأتي. للإلغاء أرسل: إلغاء"
_LATER = "نراسلك هنا حين يفتح. اكتب مسألتك الآن ليقرأها الموظف. للإلغاء أرسل: إلغاء"
_OUT = "المكتب مغلق الآن{why}{opens}."
_STAY = "يصلك رد الموظف في هذه الصفحة وحدها؛ إن أغلقتها فقد لا نستطيع الوصول إليك."
_STAY_LONG = (
    "حفظنا طلبك، لكن رد الموظف لا يصلك إلا في هذه الصفحة: أبقها مفتوحة إلى ذلك الحين، أو عد في وقت الدوام واطلب موظفا. "
    "اكتب مسألتك الآن ليقرأها الموظف. للإلغاء أرسل: إلغاء"
)


def taken(office: str) -> str:
    """A person has the conversation."""
    return _TAKEN.format(office=office)


def taken_over(office: str) -> str:
    """Another person has the conversation from here on."""
    return _TAKEN_OVER.format(office=office)


def marked(office: str, text: str) -> str:
    """A person's reply as the citizen sees it; the person's name is nobody's business."""
    return f"موظف {office}:\n{text}"


def queued(before: int, *, anybody: bool, pushed: bool) -> str:
    """In hours: how many are before them, and the way out."""
    first = (_QUEUED if anybody else _NOBODY).format(before=people_before(before))
    return "\n".join([first, *([] if pushed else [_STAY]), _MEANWHILE])


def left(timetable: Timetable, now: datetime, *, pushed: bool) -> str:
    """Out of hours: when it opens, and what becomes of the request."""
    holiday, opening = timetable.holiday_at(now), timetable.next_opening(now)
    why = f" ({holiday.name})" if holiday else ""
    opens = f"، ويفتح {when(opening, now)}" if opening else ""
    return "\n".join([_OUT.format(why=why, opens=opens), _LATER if pushed else _STAY_LONG])


def people_before(count: int) -> str:
    """How many are before them, counted as Arabic counts."""
    if count == 0:
        return "أنت التالي."
    if count == 1:
        return "قبلك شخص واحد."
    if count == 2:
        return "قبلك شخصان."
    # 3 to 10, also of 103 to 110; then the singular, in the accusative but after whole hundreds.
    rest = count % 100
    return f"قبلك {count} {'أشخاص' if 3 <= rest <= 10 else 'شخص' if rest in (0, 1, 2) else 'شخصا'}."


def when(at: datetime, now: datetime) -> str:
    """A time of Yemen, said from now: today, tomorrow, else weekday and date."""
    there, here = at.astimezone(YEMEN), now.astimezone(YEMEN)
    clock = f"الساعة {there:%H:%M}"
    if there.date() == here.date():
        return f"اليوم {clock}"
    day = f"{WEEKDAYS[there.weekday()]}"
    if there.date() == here.date() + timedelta(days=1):
        return f"غدا {day} {clock}"
    return f"يوم {day} {there.day} {MONTHS[there.month - 1]} {clock}"
