"""The words of the queue and of the conversations, by what the handover calls them."""

from __future__ import annotations

CHANNELS = {"web": "صفحة الويب", "telegram": "تيليجرام", "sms": "رسائل قصيرة"}
STATES = {
    "waiting": "ينتظر",
    "left": "ترك سؤاله خارج الدوام",
    "held": "مع موظف",
    "released": "انتهت، ودليل يجيب",
    "closed": "أُغلق",
}
REASONS = {
    "staff": "أنهاها موظف",
    "idle": "توقفت مدة فانتهت وحدها",
    "cancelled": "ألغاها المواطن",
    "opted_out": "طلب المواطن إيقاف الرسائل",
    "forgotten": "حذف المواطن محادثته",
    "gone": "لم يعد الوصول إلى المواطن ممكنا",
}
WHO = {"citizen": "المواطن", "dalil": "دليل", "staff": "موظف", "office": "المكتب"}
SENT = {"unsaid": "لم يخرج بعد", "queued": "في الطريق", "sending": "في الطريق", "dropped": "لم يُرسل"}
SENT |= {"failed": "لم يصل", "expired": "لم يصل", "unknown": "لا يُعرف هل وصل", "delivered": "وصل"}
NO_SUCH = "لا يوجد طلب بهذا الرقم."
