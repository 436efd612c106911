"""Answers about papers, steps, times and places, out of hand-made facts."""

from __future__ import annotations

from typing import Any

import pytest

from actions.rendering.answers import KINDS, is_known, render
from integrations.catalogue.model import Statement
from tests.actions.making import contact, cost, duration, office, origin, said, service

BOTH_FORMS = pytest.mark.parametrize("short", [False, True], ids=["screen", "sms"])
# A fact of each kind, and words of it that only that fact has.
FACTS: dict[str, Any] = {
    "requirements": ("evidence", said("صورة فوتوغرافية"), "صورة فوتوغرافية"),
    "fees": ("costs", (cost(amount=777.0),), "777"),
    "steps": ("steps", said("سلم الاستمارة"), "سلم الاستمارة"),
    "duration": ("durations", (duration("processing", "خلال أسبوع"),), "خلال أسبوع"),
    "location": ("channels", (office("فرع المديرية"),), "فرع المديرية"),
    "hours": ("channels", (office("فرع المديرية", "من 8 إلى 2"),), "من 8 إلى 2"),
    "eligibility": ("eligibility", said("كل يمني بلغ 16 سنة"), "كل يمني بلغ 16 سنة"),
    "overview": ("rules", (Statement("تجدد كل عشر سنوات", origin()),), "تجدد كل عشر سنوات"),
}


def test_every_kind_is_tried_here() -> None:
    assert set(FACTS) == set(KINDS)


@BOTH_FORMS
@pytest.mark.parametrize("kind", FACTS)
def test_a_verified_fact_is_told_with_the_service_and_the_source(kind: str, short: bool) -> None:
    field, value, words = FACTS[kind]
    known = service(**{field: value})
    text = render(kind, known, short=short).text
    assert text.startswith("البطاقة الشخصية")
    assert words in text
    assert "المصدر: قانون الأحوال (16 نوفمبر 2025)." in text
    assert is_known(kind, known)


@BOTH_FORMS
@pytest.mark.parametrize("kind", sorted(set(FACTS) - {"overview"}))
def test_what_is_not_stated_is_admitted_and_the_authority_named(kind: str, short: bool) -> None:
    answer = render(kind, service(), short=short)
    assert not answer.verified
    assert "البطاقة الشخصية" in answer.text
    assert "مصلحة الأحوال المدنية" in answer.text
    assert "المصدر" not in answer.text
    assert not is_known(kind, service())


@BOTH_FORMS
@pytest.mark.parametrize("grade", ["C", "D", "X"])
def test_what_is_not_verified_is_not_told(grade: str, short: bool) -> None:
    unsure = service(
        grade=grade,
        evidence=said("شهادة الميلاد", grade=grade),
        requirements=said("بلوغ السن", grade=grade),
        eligibility=said("اليمنيون", grade=grade),
        steps=said("سلم الطلب", grade=grade),
        durations=(duration("processing", "خلال يوم", grade),),
        channels=(office("شارع الزبيري", "من 8 إلى 2", grade),),
        contacts=(contact("البلاغات", phone="199", grade=grade),),
        rules=(Statement("غرامة التأخير", origin(grade)),),
        notes=(Statement("تنبيه المصدر", origin(grade)),),
    )
    secrets = "شهادة الميلاد|بلوغ السن|اليمنيون|سلم الطلب|خلال يوم|الزبيري|من 8|199|غرامة|تنبيه المصدر".split("|")
    told = {kind: render(kind, unsure, short=short).text for kind in KINDS}
    assert [(kind, secret) for kind, text in told.items() for secret in secrets if secret in text] == []
    assert "غير مؤكدة" in told["overview"]


@BOTH_FORMS
@pytest.mark.parametrize(
    ("facts", "warned"),
    [
        (said("صورة", "شهادة الميلاد"), False),
        (said("صورة", "شهادة الميلاد", complete=False), True),
    ],
    ids=["complete", "cut off"],
)
def test_a_list_that_its_source_cut_off_says_so(facts: Any, warned: bool, short: bool) -> None:
    assert ("القائمة غير مكتملة" in render("requirements", service(evidence=facts), short=short).text) == warned


@BOTH_FORMS
def test_a_list_of_which_a_part_is_unverified_says_so(short: bool) -> None:
    mixed = said("صورة", complete=True)
    mixed = type(mixed)((*mixed.items, Statement("تزكية العاقل", origin("C"))), complete=True)
    text = render("requirements", service(evidence=mixed), short=short).text
    assert "صورة" in text
    assert "تزكية العاقل" not in text
    assert "القائمة غير مكتملة" in text


@BOTH_FORMS
def test_conditions_without_papers_do_not_pass_for_all_that_is_needed(short: bool) -> None:
    text = render("requirements", service(requirements=said("وجود شاهدين")), short=short).text
    assert "وجود شاهدين" in text
    assert "لا نعرف قائمة مؤكدة بالأوراق" in text


def test_papers_and_steps_are_numbered_in_order() -> None:
    text = render("steps", service(steps=said("قدم الطلب", "ادفع", "استلم"), evidence=said("صورة")), short=False).text
    assert "الخطوات:\n1) قدم الطلب\n2) ادفع\n3) استلم\nالأوراق المطلوبة:\n- صورة" in text


def test_steps_alone_are_not_made_of_papers() -> None:
    assert not render("steps", service(evidence=said("صورة")), short=False).verified


def test_times_of_the_office_and_of_the_citizen_and_of_the_paper_are_told_apart() -> None:
    times = (duration("processing", "يومان"), duration("deadline", "ستون يوما"), duration("validity", "عشر سنوات"))
    text = render("duration", service(durations=times), short=False).text
    assert "مدة الإنجاز:\n- يومان\nالمهلة التي عليك:\n- ستون يوما\nمدة الصلاحية:\n- عشر سنوات" in text


def test_hours_are_those_of_the_place_and_never_of_another_source() -> None:
    known = service(
        channels=(office("الفرع", "من 8 إلى 2"), office("بلا دوام")), contacts=(contact("هاتف", phone="199"),)
    )
    text = render("hours", known, short=False).text
    assert "الفرع: من 8 إلى 2" in text
    assert "بلا دوام" not in text
    assert "199" not in text


def test_a_place_is_told_with_its_telephone_and_hours() -> None:
    reach = contact("الفاكس: 01-250760.", phone="01-250761")
    known = service(channels=(office("مبنى المصلحة", "صباحا"),), contacts=(reach,))
    text = render("location", known, short=False).text
    assert "مصلحة الأحوال المدنية" in text
    assert "مبنى المصلحة (صباحا)" in text
    assert "الفاكس: 01-250760، الهاتف: 01-250761\n" in text


@BOTH_FORMS
@pytest.mark.parametrize("kind", KINDS)
def test_a_suspended_service_warns_first(kind: str, short: bool) -> None:
    statement = Statement("متوقفة", origin(source="بطاقة الخدمة", published="2024"))
    stopped = service(status="suspended", status_statement=statement, evidence=said("صورة"), costs=(cost(amount=1.0),))
    text = render(kind, stopped, short=short).text
    assert text.startswith("تنبيه: هذه الخدمة متوقفة حاليا بحسب بطاقة الخدمة (2024).")


@pytest.mark.parametrize("status", ["in-force", "unknown"])
def test_a_service_in_force_or_of_unknown_status_does_not(status: str) -> None:
    assert "متوقفة" not in render("overview", service(status=status), short=False).text


def test_sms_has_one_note_and_screens_have_all() -> None:
    noted = service(evidence=said("صورة"), notes=(Statement("أولى", origin()), Statement("ثانية", origin())))
    assert "ملاحظة: ثانية" in render("requirements", noted, short=False).text
    assert "ملاحظة: أولى" in render("requirements", noted, short=True).text
    assert "ملاحظة: ثانية" not in render("requirements", noted, short=True).text


def test_another_kind_is_a_mistake_of_the_caller() -> None:
    with pytest.raises(KeyError):
        render("status", service(), short=False)
