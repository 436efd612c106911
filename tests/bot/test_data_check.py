"""Faults of single sentences and answers: each code on a text that has it, and on one that only looks so."""

from __future__ import annotations

from pathlib import Path

import pytest

from bot.data import TEXTS, Corpus, Example, Fault, check, check_example
from bot.data.corpus import Known, stems_of

INTENTS = {"fees", "steps", "status", "hours", "greeting", "out_of_scope", "faq", "bare_service"}
SERVICES = {"passport", "id-card"}
NAMES = ["جواز السفر", "البطاقة الشخصية", "رخصة القيادة"]
KNOWN = Known(INTENTS, SERVICES, {"reference"}, stems_of(NAMES))
TAUGHT = [
    Example("كم رسوم تجديد الجواز", "fees", None, "fees.yml", 4),
    Example("طيب كيف يجهزوها لو سمحت", "steps", "passport", "steps.yml", 4),
    Example("المكتب مفتوح لكم الخميس والا عطله", "hours", None, "hours.yml", 4),
    Example("اشتي رخصة قيادة حالا", "bare_service", None, "bare_service.yml", 4),
    Example("اشتي رخصة قيادة خفيفه", "bare_service", None, "bare_service.yml", 5),
    Example("وين مكتب رخصة القيادة", "bare_service", None, "bare_service.yml", 6),
    Example("عيدكم مبارك عليكم جميعا", "greeting", None, "greeting.yml", 4),
]
LONG = "الاستفسارات " * 34


@pytest.fixture(scope="module")
def corpus() -> Corpus:
    """A few sentences."""
    return Corpus(TAUGHT, KNOWN)


def codes(faults: list[Fault]) -> list[str]:
    return [fault.code for fault in faults]


SENTENCES = [
    # code, a sentence that has the fault, its intent, one that has not, its intent
    ("unknown-intent", "وكم", "fee", "وكم", "fees"),
    ("unknown-intent", "وكم", "prices/now", "وكم", "faq/privacy"),
    ("unknown-entity", "طلبي [PS-1](number)", "status", "طلبي [PS-1](reference)", "status"),
    ("unknown-entity", 'طلبي [PS-1]{"entity": "x"}', "status", 'طلبي [PS-1]{"entity": "reference"}', "status"),
    ("unknown-entity", 'طلبي [P][{"entity": "x"}]', "status", 'طلبي [P][{"entity": "reference"}]', "status"),
    ("empty", "  ", "fees", "؟", "out_of_scope"),
    ("too-long", LONG, "fees", LONG[:399], "fees"),
    ("too-long", "و " * 61, "fees", "و " * 59, "fees"),
    ("slash", "/restart", "steps", "معاملة رقم 12/2025", "status"),
    ("brackets", "طلبي [PS-1", "status", "طلبي (PS-1", "status"),
    ("brackets", "طلبي PS-1](reference)", "status", "طلبي PS-1)", "status"),
    ("brackets", "طلبي [PS-1]", "status", "طلبي (PS-1)", "status"),
    ("brackets", "طلبي [PS-1]{entity}", "status", "طلبي {PS-1}", "status"),
    ("no-letters", "؟؟؟", "fees", "؟؟؟", "out_of_scope"),
    ("no-letters", "482913", "fees", "482913", "status"),
    ("foreign-language", "how much is the passport", "fees", "how much is the passport", "out_of_scope"),
    ("foreign-language", "combien coûte le passeport", "fees", "kam rosoom el jawaz", "fees"),
    ("foreign-language", "what documents do i need", "steps", "how much el passport ya akhi", "fees"),
    ("foreign-language", "where is the office", "hours", "passport office", "hours"),
    ("foreign-script", "كم рسوم", "fees", "كم رسوم پاسپورت", "fees"),
    ("foreign-script", "你好", "greeting", "你好", "out_of_scope"),
    ("foreign-script", "kаm rosoom", "out_of_scope", "kam rosoom", "fees"),
    ("invisible", "كم\u200cرسوم", "fees", "شكرا 👨‍👩‍👧", "greeting"),
    ("invisible", "\u202eكم الرسوم", "fees", "كم الرسوم؟", "fees"),
    ("control", "كم\tالرسوم", "fees", "كم  الرسوم", "fees"),
    ("presentation-forms", "ﻛﻢ الرسوم", "fees", "صلى الله عليه وسلم ﷺ", "greeting"),
    ("tatweel", "السـلام", "greeting", "عام 1446هـ كم الرسوم", "fees"),
    ("mobile", "رقمي 777123456", "fees", "رقمي 77712345", "fees"),
    ("mobile", "رقمي ٧٧٧١٢٣٤٥٦", "fees", "رقمي ٧٧٧", "fees"),
    ("mobile", "رقمي ۷۱۲۳۴۵۶۷۸", "status", "طلبي ۷۱۲۳۴۵۶۷", "status"),
    ("mobile", "اتصلوا +967 733 123 456", "fees", "اتصلوا على الرقم 199", "fees"),
    ("mobile", "00967771234567", "status", "PSP00967771234567", "status"),
    ("mobile", "77-123-4567 رقمي", "status", "معاملة 778-2026-44", "status"),
    ("mobile", "رقمي 77 12 34 567", "fees", "من 77 الى 12", "fees"),
    ("mobile", "tel 777123456", "status", "معاملتي W777123456", "status"),
    ("mobile", "w777123456", "fees", "عقار بـ 700000000 ريال", "fees"),
    ("landline", "هاتفنا 01234567", "fees", "يوم 05112025", "fees"),
    ("landline", "هاتفنا 01-234-567", "fees", "يوم 05-11-2025", "fees"),
    ("landline", "+967 1 234567", "fees", "قرار 967 لسنة 1990", "fees"),
    ("national-number", "رقمي الوطني 01010123456", "fees", "رقمي الوطني ضاع", "fees"),
    ("national-number", "٠١٠١٠١٢٣٤٥٦", "status", "طلبي 20251104883", "status"),
    ("national-number", "هويتي 01 01 0123456", "fees", "01 01 01", "fees"),
    ("national-number", "بطاقتي A01010123456", "fees", "معاملتي A01010123456", "status"),
    ("email", "راسلوني a.b@example.com", "fees", "راسلوني @example", "fees"),
    ("card", "بطاقتي 4111 1111 1111 1111", "status", "طلبي 4111 1111 1111", "status"),
    ("card", "بطاقتي 4111111111111111", "status", "طلبي 4111111111111112", "status"),
    ("card", "4111111111111112", "fees", "411111111111", "fees"),
    ("iban", "حسابي GB29 NWBK 6016 1331 9268 19 تمام", "fees", "حسابي GB28 NWBK 6016 1331 9268 19", "fees"),
    ("iban", "YE15CBYE0001018861234567890123", "status", "YE-ADE-009143", "status"),
    ("duplicate", "كم رسوم تجديد الجواز؟", "fees", "كم رسوم تجديد جوازي القديم", "fees"),
    ("contradiction", "كم رسوم تجديد الجواز", "steps", "كم رسوم إصدار الجواز", "steps"),
    ("same-words", "تجديد الجواز كم رسوم لو سمحت", "steps", "تجديد الجواز كم مدته", "steps"),
    ("same-words", "كيف يجهزوها", "fees", "متى يجهزوها", "fees"),
    ("same-words", "عيد مبارك عليكم جميعا", "out_of_scope", "عام مبارك على الشعب", "out_of_scope"),
    ("alike", "المكتب مفتوح لكم الخميس ولا عطله", "steps", "المكتب مفتوح لكم الجمعة ولا عطله", "steps"),
    ("alike", "كم رسوم تجديد الجوازز طيب", "steps", "كم رسوم تجديد البطاقة طيب", "steps"),
]


@pytest.mark.parametrize(("code", "wrong", "intent", "right", "right_intent"), SENTENCES, ids=range(len(SENTENCES)))
def test_a_fault_is_found_and_what_looks_like_it_is_not(
    code: str, wrong: str, intent: str, right: str, right_intent: str, corpus: Corpus
) -> None:
    assert code in codes(check_example(wrong, intent, None, corpus))
    assert code not in codes(check_example(right, right_intent, None, corpus))


def test_services_are_compared_only_where_both_are_named(corpus: Corpus) -> None:
    text = "كيف يجهزوها طيب لو سمحت"
    assert codes(check_example(text, "steps", "passport", corpus)) == []
    assert codes(check_example(text, "steps", None, corpus)) == []
    assert codes(check_example(text, "steps", "id-card", corpus)) == ["same-words"]
    assert codes(check_example(TAUGHT[1].text, "steps", "id-card", corpus)) == ["contradiction"]
    assert codes(check_example(TAUGHT[1].text, "steps", None, corpus)) == ["duplicate"]
    assert codes(check_example("وبكم", "fees", "id", corpus)) == ["unknown-service"]


def test_one_letter_makes_another_word_of_a_service() -> None:
    clinic = [Example(f"فتح رخصة عيادة {word}", "out_of_scope") for word in ("اسنان", "عيون", "اطفال")]
    licence = [Example(f"فتح رخصة قيادة {word}", "bare_service") for word in ("اولى", "ثانيه", "مهنيه")]
    both = Corpus([*clinic, *licence], KNOWN)
    assert codes(check_example("اشتي فتح رخصة عيادة", "fees", None, both)) == []
    assert codes(check_example("فتح رخصة عيادة مهنيه", "out_of_scope", None, both)) == []
    assert codes(check_example("فتح رخصة قياده مهنيهه الان", "fees", None, both)) == ["alike"]


def test_words_more_count_only_where_nearly_everything_is_the_same() -> None:
    text = "اشتكيت عليهم عند المدير حق الفرع وما رضيوا يستقبلوا كلامي ولا اعطوني خبر"
    corpus = Corpus([Example(text, "steps", None, "a.yml", 4)], KNOWN)
    assert codes(check_example(text + " هناك", "hours", None, corpus)) == ["alike"]
    assert codes(check_example(text + " متى", "hours", None, corpus)) == []
    assert codes(check_example("اشتكيت عليهم هناك", "hours", None, corpus)) == []


def test_a_sentence_may_be_written_over_itself(corpus: Corpus) -> None:
    text = TAUGHT[0].text
    assert codes(check_example(text, "fees", None, corpus)) == ["duplicate"]
    assert codes(check_example(text, "fees", None, corpus, replacing=("fees.yml", 4))) == []
    assert codes(check_example(text + " الان", "steps", None, corpus, replacing=("fees.yml", 4))) == []


def test_a_clash_names_the_other_place(corpus: Corpus) -> None:
    (fault,) = check_example(TAUGHT[0].text, "steps", "passport", corpus)
    assert fault.message == "taught as steps of passport here and as fees at fees.yml:4"
    assert fault.severity == "error"
    assert fault.as_json()["values"] == {
        "label": "steps of passport",
        "other_label": "fees",
        "other_text": TAUGHT[0].text,
        "other_file": "fees.yml",
        "other_line": 4,
    }


ANSWERS = [
    ("answer-not-arabic", "Call the office.", "اتصل بالرقم 199"),
    ("tatweel", "الرسـوم", "في 1446هـ، وكان العام 1445هـ كذلك"),
    ("invisible", "الرسوم\u200f", "الرسوم"),
    ("control", '"الرسوم\\tهنا"', "الرسوم هنا"),
    ("presentation-forms", "ﺍلرسوم", "الرسوم"),
    ("foreign-script", "الرсوم", "الرسوم VIP"),
    ("mobile", "اتصل بالرقم 777123456", "اتصل بالرقم 01-234-567"),
    ("national-number", "مثل 01010123456", "مثل 0101012345"),
    ("card", "4111 1111 1111 1111 بطاقة", "مهلة 60 يوما"),
    ("iban", "حساب GB29NWBK60161331926819", "info@example.com بريد"),
]


@pytest.mark.parametrize(("code", "wrong", "right"), ANSWERS)
def test_answers(code: str, wrong: str, right: str, tmp_path: Path) -> None:
    questions = "".join(f"    - {word} خصوصيتي\n" for word in "هل كيف متى اين لماذا كم من ايش".split())
    head = f"nlu:\n- intent: faq/privacy\n  examples: |\n{questions}responses:\n  utter_faq/privacy:\n  - text: "
    found = {text: _of_file(tmp_path, head + text + "\n") for text in (wrong, right)}
    assert [(fault.code, fault.line) for fault in found[wrong]] == [(code, 14)]
    assert found[right] == []


def _of_file(folder: Path, text: str) -> list[Fault]:
    file = folder / "data.yml"
    file.write_text(text, "utf-8")
    return check(file, services=SERVICES, intents=INTENTS, entities={"reference"}, names=NAMES)


def test_personal_data_is_not_repeated(corpus: Corpus) -> None:
    for text in ("رقمي 777123456", "رقمي الوطني 01010123456", "a.b@example.com راسلوني"):
        (fault,) = check_example(text, "fees", None, corpus)
        assert fault.values == {}
        assert not any(part in str(fault) for part in ("777123456", "01010123456", "example"))


def test_every_text_can_be_filled_in() -> None:
    names = "reason key wanted intent service entity name count least words characters script code label "
    names += "other_label other_text other_file other_line"
    values = dict.fromkeys(names.split(), 1)
    for code in TEXTS:
        assert str(Fault(code, "a.yml", 1, values)).startswith("a.yml:1: ")
