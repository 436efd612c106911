"""What an operator is told when something cannot be done."""

from __future__ import annotations

from collections.abc import Mapping

from channels.sms.routing.switches import LONGEST_REASON

LOG_IN = "اكتب اسمك وكلمة سر التشغيل. يُسجَّل اسمك مع كل إيقاف."
WAIT = "كلمة السر لم تصح. انتظر {seconds} ثانية ثم حاول مرة أخرى."
FORGED = "لم يصل الطلب من هذه الصفحة نفسها، فلم نقبله. افتح الصفحة من جديد ثم أعد المحاولة."
BAD_ID = "هذا ليس رقم رسالة. رقم الرسالة 32 خانة من الأرقام والحروف من a إلى f، وقد يتبعه رقم الجزء بعد شرطة."
UNKNOWN_ID = "لا توجد رسالة قصيرة بهذا الرقم."
UNKNOWN_PROVIDER = "لا يوجد مزوّد بهذا الاسم في ملف الإعداد."
NO_REASON = "اكتب سبب الإيقاف، ليعرفه من يأتي بعدك."
LONG_REASON = f"السبب أطول من {LONGEST_REASON} حرف. اكتبه بكلمات أقل."
TOO_LARGE = "الطلب أكبر مما تقبله هذه الصفحة."
DATABASE_AWAY = "قاعدة البيانات لا تجيب الآن. حاول بعد قليل؛ إن استمر ذلك فتحقق من خادم قاعدة البيانات."
NOT_HERE = "لا توجد صفحة بهذا العنوان."
BROKEN = "حدث خلل في هذه الصفحة، وسُجّل في ملف السجل."


class Problem(Exception):
    """A request that is not carried out; `text` is what the operator reads."""

    def __init__(self, status: int, text: str, headers: Mapping[str, str] | None = None) -> None:
        super().__init__(status)
        self.status, self.text, self.headers = status, text, headers or {}
