"""A synthetic catalogue of any size, made of words that real service names are made of, and questions about it."""

from __future__ import annotations

import random
from collections.abc import Sequence
from dataclasses import dataclass

from integrations.catalogue.model import Authority, PublicService

ACTS = (
    "ترخيص|رخصة|تجديد رخصة|تجديد ترخيص|شهادة|بدل فاقد شهادة|تسجيل|قيد|شطب|تعديل بيانات|تصديق|توثيق|تصريح|"
    "اعتماد|فحص|معاينة|إعفاء|دفع رسوم|تحويل|نقل ملكية|فتح ملف|إلغاء ترخيص|بطاقة|تجديد بطاقة|بدل فاقد بطاقة|"
    "عضوية|صرف مستحقات|حجز|استئناف|شكوى"
).split("|")
OBJECTS = (
    "صيدلية|مختبر طبي|عيادة أسنان|مستشفى أهلي|مدرسة أهلية|روضة أطفال|معهد تدريب|مطعم|مخبز|فندق|مكتب عقاري|"
    "مكتب محاماة|مكتب محاسبة|شركة مقاولات|شركة صرافة|شركة تأمين|شركة نقل|مصنع أغذية|مصنع مياه|مصنع بلاستيك|"
    "معمل حلويات|محل ذهب|محل هواتف|ورشة سيارات|محطة وقود|محطة غاز|مغسلة|صالون حلاقة|قاعة أفراح|ملعب رياضي|"
    "ناد رياضي|نقابة|جمعية تعاونية|مؤسسة خيرية|مركز ثقافي|دار نشر|صحيفة|مطبعة|إذاعة محلية|قارب صيد|سفينة|"
    "ميناء|طائرة مسيرة|حافلة|دراجة نارية|سيارة أجرة|شاحنة|مقطورة|مركبة زراعية|بئر مياه|مزرعة دواجن|"
    "مزرعة أسماك|منحل عسل|مسلخ|سوق مركزي|مستودع|ثلاجة تبريد|مبيدات زراعية|بذور|أسمدة|علف|حيوان أليف|"
    "شحنة أدوية|شحنة أغذية|أجهزة طبية|مواد بناء|محجر|كسارة|منجم|برج اتصالات|خدمة إنترنت|موقع إلكتروني|"
    "علامة تجارية|براءة اختراع|وكالة تجارية|معرض تجاري|حوالة|محفظة إلكترونية|قرض زراعي|ضمان اجتماعي|معاق|يتيم|"
    "نازح|لاجئ|مغترب|طالب مبتعث|معلم|طبيب|ممرض|مهندس|محام|محاسب قانوني|مترجم|خبير مثمن|مرشد سياحي|سائق|"
    "حارس أمن|عامل أجنبي|موظف متقاعد|جريح|بناء سكني|بناء تجاري|أرض زراعية|أرض وقف|شقة|حفر بئر|شبكة صرف|"
    "عداد مياه|عداد كهرباء|لوحة إعلانات|مظلة محل|رصيف|سلاح شخصي|كاميرا مراقبة"
).split("|")
QUALIFIERS = (
    "جديد|مؤقت|دائم|سنوي|مستعجل|للأفراد|للشركات|للأجانب|للنساء|للطلاب|خارج الدوام|في المناطق الحرة|للاستيراد|"
    "للتصدير|للبيع بالجملة|للبيع بالتجزئة|فئة أولى|فئة ثانية|فئة ثالثة|فرع إضافي|عن طريق وكيل|لذوي الاحتياجات|"
    "لورثة المتوفى|بعد انتهاء المدة"
).split("|")
PLACES = (
    "صنعاء|عدن|تعز|إب|الحديدة|حضرموت|ذمار|عمران|حجة|صعدة|المحويت|ريمة|المهرة|مأرب|الجوف|شبوة|أبين|لحج|الضالع|"
    "البيضاء|سقطرى"
).split("|")
TEMPLATES = (
    "كم رسوم {}؟",
    "ايش المطلوب عشان {}",
    "اشتي {} فين اروح",
    "لو سمحت كيف احصل على {}",
    "ما هي شروط {}",
    "كم يستغرق {}",
    "السلام عليكم اريد {} ايش الخطوات",
    "{}",
    "بكم {}",
    "وين اسوي {}",
)
_NEAR = {
    "ة": "ه",
    "أ": "ا",
    "إ": "ا",
    "ى": "ي",
    "ض": "ظ",
    "ظ": "ض",
    "ذ": "د",
    "ث": "ت",
    "ق": "ف",
    "ج": "ح",
    "س": "ش",
    "ت": "ن",
}


@dataclass(frozen=True)
class Question:
    """A citizen's sentence, the part of it that names a service, and that service."""

    text: str
    named: str
    service: str


def catalogue(size: int, seed: int = 7) -> list[PublicService]:
    """`size` services with different names."""
    rng = random.Random(seed)
    names: dict[str, None] = {}
    while len(names) < size:
        parts = [rng.choice(ACTS), rng.choice(OBJECTS)]
        if size > 2000 or rng.random() < 0.4:
            parts.append(rng.choice(QUALIFIERS))
        if size > 20_000:
            parts.append("في " + rng.choice(PLACES))
        names[" ".join(parts)] = None
    return [_service(f"s-{number:05d}", name) for number, name in enumerate(names)]


def questions(services: Sequence[PublicService], count: int, noisy: bool, seed: int = 11) -> list[Question]:
    """Sentences about services drawn at random; noisy ones are mistyped as people do."""
    rng = random.Random(seed)
    drawn = [rng.choice(services) for _ in range(count)]
    named = [(_mistyped(item.name, rng) if noisy else item.name, item.id) for item in drawn]
    return [Question(rng.choice(TEMPLATES).format(name), name, service) for name, service in named]


def _mistyped(name: str, rng: random.Random) -> str:
    words = [_spelled(word, rng) for word in name.split()]
    place = rng.randrange(len(words))
    words[place] = _slipped(words[place], rng)
    return " ".join(words)


def _spelled(word: str, rng: random.Random) -> str:
    """Hamza and ta marbuta as they are often typed, sometimes an article."""
    word = "".join(_NEAR[letter] if letter in "ةأإى" and rng.random() < 0.6 else letter for letter in word)
    return "ال" + word if rng.random() < 0.15 and not word.startswith(("ال", "لل", "ب", "ل")) else word


def _slipped(word: str, rng: random.Random) -> str:
    """One slip of the finger in a word of five letters or more."""
    if len(word) < 5:
        return word
    place = rng.randrange(1, len(word) - 1)
    kind = rng.choice(("drop", "double", "swap", "near"))
    if kind == "drop":
        return word[:place] + word[place + 1 :]
    if kind == "double":
        return word[:place] + word[place] + word[place:]
    if kind == "swap":
        return word[: place - 1] + word[place] + word[place - 1] + word[place + 1 :]
    return word[:place] + _NEAR.get(word[place], word[place]) + word[place + 1 :]


def _service(identifier: str, name: str) -> PublicService:
    authority = Authority("authority", "الجهة المختصة", (), None, "SAN")
    return PublicService(
        id=identifier, name=name, also=(), keywords=(), description=name, code=None, grade="X", jurisdiction="SAN",
        status="in-force", status_statement=None, audience=(), events=(), related=(), authority=authority,
        eligibility=None, requirements=None, evidence=None, steps=None, costs=(), costs_complete=False, durations=(),
        channels=(), contacts=(), outputs=(), rules=(), legal=(), notes=(),
    )  # fmt: skip
