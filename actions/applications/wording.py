"""What Dalil says around an application: what it asks for, and why it cannot tell. `short`: for SMS."""

from __future__ import annotations

from actions.applications.case import Told
from actions.rendering.applications import state_in_words
from actions.rendering.phrases import counted, moment, wait
from integrations.exchange.configuration import Agency, ExchangeConfiguration
from integrations.exchange.desk.codes import CodeLimit, CodeOver, CodeWrong, NumberUnreachable
from integrations.exchange.errors import CodeRefused
from integrations.exchange.model import ProofKind

_CHANNELS = {"web": "صفحة دليل على الويب", "telegram": "دليل على تيليجرام", "sms": "رسالة SMS"}


def not_connected(*, short: bool) -> str:
    """No agency at all is connected."""
    if short:
        return "لا يمكن بعد معرفة حالة المعاملات من هنا. راجع المكتب الذي قدمت إليه ومعك سند التقديم."
    return (
        "لا أستطيع بعد معرفة حالة المعاملات: أنظمة الجهات لم تربط بدليل حتى الآن. "
        "راجع المكتب الذي قدمت إليه طلبك ومعك سند التقديم."
    )


def not_this_service(service: str, authority: str, configuration: ExchangeConfiguration, *, short: bool) -> str:
    """The agency of the service that was named is not connected."""
    text = f"حالة معاملات «{service}» لا تعرف من هنا بعد: {authority} لم تربط بدليل. راجع المكتب ومعك سند التقديم."
    if short:
        return text
    connected = "، ".join(agency.name for agency in configuration.agencies)
    return f"{text}\nالجهات المربوطة: {connected}. إن كانت معاملتك لدى إحداها فاكتب رقمها."


def ask_reference(example: str | None, *, short: bool) -> str:
    """Asks for the number of the application."""
    like = f"، مثل {example}" if example else ""
    if short:
        return f"أرسل رقم المعاملة كما في سند التقديم{like}."
    return f"اكتب رقم المعاملة كما هو في سند التقديم{like}. إن ضاع منك الرقم فاكتب: ضاع رقم معاملتي."


def ask_agency(reference: str, *, short: bool) -> str:
    """Asks where it was handed in."""
    return f"أين قدمت المعاملة {reference}؟" if short else f"لدى أي جهة قدمت المعاملة {reference}؟"


def ask_proof(kind: ProofKind, reference: str, agency: Agency, *, short: bool) -> str:
    """Asks for a proof of this kind."""
    if kind is ProofKind.ONE_TIME_CODE:
        return f"للمعاملة {reference}: اكتب الرمز الذي أرسلته إليك {agency.name}."
    if kind is ProofKind.REGISTERED_NUMBER:
        return (
            f"اكتب رقم الهاتف الذي سجلته في المعاملة {reference} لدى {agency.name}، لنرسل إليه رمزا تكتبه هنا. "
            "نسأل به الجهة ولا نحتفظ به."
        )
    if short:
        return f"للمعاملة {reference} لدى {agency.name}: أرسل آخر 4 أرقام من رقمك الوطني."
    return (
        f"لأتأكد أن المعاملة {reference} لدى {agency.name} لك، اكتب آخر أربعة أرقام من رقمك الوطني. "
        "نسأل بها الجهة ولا نحتفظ بها."
    )


BY_TELEPHONE = "أثبت برقم هاتفي"


CODE_SENT = "أرسلنا رمزا من ستة أرقام إلى هذا الرقم برسالة SMS. اكتبه هنا خلال عشر دقائق."


def code_refused(error: CodeRefused) -> str:
    """Why no code was sent, or why it was not the right one; what to do instead."""
    return _CODES.get(type(error), "تعذر إرسال الرمز الآن. أعد المحاولة بعد قليل، أو راجع المكتب ومعك سند التقديم.")


_CODES: dict[type[CodeRefused], str] = {
    NumberUnreachable: (
        "لا نستطيع إرسال رمز إلى هذا الرقم: إما أنه ليس رقم جوال يمنيا صحيحا، أو أن صاحبه أوقف رسائل دليل. "
        "اكتب رقما آخر، أو راجع المكتب ومعك سند التقديم."
    ),
    CodeLimit: "أرسلنا اليوم ما يكفي من الرموز. أعد المحاولة غدا، أو راجع المكتب ومعك سند التقديم.",
    CodeWrong: "ليس هذا الرمز الذي أرسلناه. اكتبه كما وصلك.",
    CodeOver: "لم يعد الرمز صالحا. اكتب رقم هاتفك لنرسل إليه رمزا جديدا.",
}


def proof_malformed(kind: ProofKind) -> str:
    """What was given as a proof cannot be one."""
    if kind is ProofKind.ONE_TIME_CODE:
        return "ليس هذا رمزا كاملا. اكتب الرمز كما وصلك، بالأرقام وحدها."
    if kind is ProofKind.REGISTERED_NUMBER:
        return "ليس هذا رقم هاتف كاملا. اكتبه كله، مثل 77xxxxxxx."
    return "أحتاج أربعة أرقام لا غير: آخر أربعة أرقام من رقمك الوطني."


def not_this_channel(agency: Agency) -> str:
    """The agency does not let its applications be told of on this channel."""
    others = [name for channel, name in _CHANNELS.items() if agency.proofs.get(channel)]  # type: ignore[call-overload]
    instead = f"اسأل عنها من {' أو '.join(others)}، أو راجع المكتب." if others else "راجع المكتب ومعك سند التقديم."
    return f"لا تسمح {agency.name} بذكر حالة معاملاتها هنا. {instead}"


def not_its_form(reference: str, configuration: ExchangeConfiguration, *, short: bool) -> str:
    """No connected agency has references of this form. That says nothing about whether it exists."""
    text = f"الرقم {reference} ليس بشكل أرقام المعاملات لدى الجهات المربوطة بدليل. انقله كما هو في سند التقديم."
    if short:
        return text
    forms = [f"{agency.name}: مثل {agency.reference.example}" for agency in configuration.agencies if agency.reference]
    return "\n".join([text, *forms])


def not_found(reference: str, *, short: bool) -> str:
    """No such application, or not theirs: the same words for both."""
    if short:
        return f"لم نجد معاملة برقم {reference} تطابق ما أرسلت. راجع الرقم في سند التقديم ثم أرسله مرة أخرى."
    return (
        f"لم أجد معاملة بالرقم {reference} تطابق ما أثبته. قد يكون الرقم أو الإثبات غير صحيح: "
        "راجع سند التقديم ثم اكتب رقم المعاملة مرة أخرى، أو راجع المكتب الذي قدمت إليه."
    )


def not_of_this_phone(reference: str) -> str:
    """On SMS: not registered with the sender's number, or not there at all; another proof may do."""
    return f"لم نجد المعاملة {reference} مسجلة برقم هذا الهاتف. إن كانت لك فأرسل آخر 4 أرقام من رقمك الوطني."


def too_many(seconds: float | None) -> str:
    """No more questions now, from Dalil's own limits or the agency's."""
    until = f"انتظر {wait(seconds)} ثم أعد المحاولة" if seconds else "أعد المحاولة لاحقا"
    return f"كثرت المحاولات. {until}، أو راجع المكتب الذي قدمت إليه ومعك سند التقديم."


def proof_refused(agency: Agency) -> str:
    """The agency does not take what its configuration says it takes."""
    return f"لم تقبل {agency.name} هذا الإثبات، والخلل ليس منك. راجع المكتب الذي قدمت إليه ومعك سند التقديم."


def unavailable(reference: str, agency: Agency, told: Told | None, *, short: bool) -> str:
    """The agency's system does not answer; what was told before, with its time."""
    text = f"نظام {agency.name} لا يجيب الآن، فلا نعرف حالة المعاملة {reference} في هذه اللحظة."
    if told is not None:
        state, title, when = told.known
        text += f" آخر ما عرفناه ({moment(when)}): {state_in_words(state, title)}."
    again = f"أرسل: حالة {reference} بعد ساعة." if short else f"اسأل مرة أخرى بعد قليل: حالة {reference}"
    return f"{text} {again}"


def following(reference: str, days: int, *, short: bool) -> str:
    """The citizen will be told, for so many days after their last message."""
    lasting = counted(days, "يوما", "يومين", "أيام", "يوما")
    if short:
        return (
            f"سنرسل إليك عندما تتغير حالة المعاملة {reference}، حتى {lasting} بعد آخر رسالة منك. لوقف ذلك أرسل: إيقاف"
        )
    return (
        f"سأخبرك هنا عندما تتغير حالة المعاملة {reference}: مرة في اليوم على الأكثر، وفي النهار، "
        f"حتى {lasting} بعد آخر رسالة منك. لوقف ذلك أرسل: إيقاف"
    )


def not_followed(agency: Agency, reference: str | None) -> str:
    """The agency tells of no changes."""
    return f"لا تخبرنا {agency.name} بتغير حالة معاملاتها. اسأل متى شئت: حالة {reference or 'ثم رقم المعاملة'}"


def not_told_here(*, connected: bool) -> str:
    """Nothing can be sent here by itself."""
    if not connected:
        return "لا أستطيع أن أخبرك من نفسي بتغير معاملتك. اسأل متى شئت: حالة ثم رقم المعاملة."
    return "بعد إغلاق هذه الصفحة لا يصلك فيها شيء. لنخبرك بتغير معاملتك اسأل عنها دليل على تيليجرام أو برسالة SMS."


def too_many_followed(most: int) -> str:
    """No more applications can be followed."""
    return f"نخبرك الآن بتغير {most} معاملات، وهذا أكثر ما نستطيع. لوقفها كلها أرسل: إيقاف"


def waiting(agency: Agency) -> str:
    """The citizen will be told when the agency answers again."""
    return f"نظام {agency.name} لا يجيب الآن. سنرسل إليك عندما يعود، في النهار، خلال ثلاثة أيام."


LOST = (
    "رقم المعاملة لا يعطى عبر المحادثة حفاظا على خصوصيتك. "
    "راجع المكتب الذي قدمت إليه طلبك ومعك وثيقة تثبت شخصيتك، واطلب رقم معاملتك."
)
LOST_SHORT = "رقم المعاملة لا يعطى بالرسائل. راجع المكتب الذي قدمت إليه ومعك ما يثبت شخصيتك."
