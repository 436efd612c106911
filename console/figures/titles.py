"""What kinds, channels and verdicts are called; Arabic, English in english.yml."""

from __future__ import annotations

CHANNELS = {"web": "الموقع", "telegram": "تيليجرام", "sms": "رسائل SMS"}
OUTCOMES = {
    "answered": "أُجيبت",
    "ambiguous": "سأل: أي خدمة؟",
    "out_of_scope": "خارج النطاق أو لم تُفهم",
    "failed": "تعذّر الرد",
    "person": "تطلب موظفًا",
}
KINDS = {
    "requirements": "الأوراق والشروط",
    "fees": "الرسوم",
    "steps": "الخطوات",
    "duration": "المدة",
    "location": "المكان",
    "hours": "الدوام",
    "eligibility": "من يحق له",
    "overview": "تعريف بالخدمة",
    "faq": "سؤال شائع",
    "list_services": "قائمة خدمات",
    "status": "أين وصلت المعاملة",
    "follow": "أخبرني إذا تغيّرت",
    "lost_reference": "ضاع رقم المعاملة",
    "out_of_scope": "خارج النطاق أو لم تُفهم",
    "ambiguous": "سأل: أي خدمة؟",
    "unavailable": "جهة لا تجيب",
    "fallback": "المساعد لا يجيب",
    "empty": "بلا نص (صورة أو صوت)",
    "too_long": "أطول من المقبول",
    "notice": "أُجيب عنها بإعلان",
    "handover": "قيلت لموظف",
}
VERDICTS = {"right": "صحيح", "partly": "ناقص أو صحيح بعضه", "wrong": "غير صحيح", "unclear": "لا يمكن الحكم"}
