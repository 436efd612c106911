"""What a citizen hears about money: only verified amounts, with their source and date, and nothing that misleads."""

from __future__ import annotations

from typing import Any

import pytest

from actions.rendering.answers import render
from integrations.catalogue.model import Cost
from tests.actions.making import cost, origin, service

BOTH_FORMS = pytest.mark.parametrize("short", [False, True], ids=["screen", "sms"])


def fees(*costs: Cost, short: bool = False, **fields: Any) -> str:
    return render("fees", service(costs=costs, **fields), short=short).text


@BOTH_FORMS
@pytest.mark.parametrize("grade", ["A", "B"])
def test_a_verified_fee_has_its_amount_currency_source_and_date(grade: str, short: bool) -> None:
    answer = render("fees", service(costs=(cost(amount=3500.0, provenance=origin(grade)),)), short=short)
    assert answer.verified
    assert "رسم الإصدار: 3,500 ريال يمني" in answer.text
    assert "المصدر: قانون الأحوال (16 نوفمبر 2025)." in answer.text
    assert "تأكد" in answer.text


@BOTH_FORMS
@pytest.mark.parametrize("grade", ["C", "D", "X"])
@pytest.mark.parametrize("given", [{"amount": 3500.0}, {"percent": 2.0, "percent_of": "القيمة"}, {"free": True}])
def test_an_unverified_fee_is_never_told(grade: str, given: dict[str, Any], short: bool) -> None:
    answer = render("fees", service(costs=(cost(provenance=origin(grade), **given),)), short=short)
    assert not answer.verified
    assert not any(told in answer.text for told in ("3,500", "3500", "2%", "مجانا", "رسم الإصدار"))
    assert "ليس لدينا معلومات مؤكدة" in answer.text
    assert "مصلحة الأحوال المدنية" in answer.text


@BOTH_FORMS
def test_not_stated_is_not_free(short: bool) -> None:
    nothing = fees(short=short)
    assert "لا يعني أنها مجانية" in nothing
    assert "مجانا" not in nothing
    unnamed = fees(cost(), short=short)
    assert "رسم الإصدار: المبلغ غير مذكور في المصدر" in unnamed
    assert "مجان" not in unnamed


@BOTH_FORMS
def test_free_is_said(short: bool) -> None:
    text = fees(cost("البطاقة أول مرة", free=True), short=short)
    assert "البطاقة أول مرة: مجانا" in text
    assert "لا يعني" not in text


@pytest.mark.parametrize(
    ("given", "price"),
    [
        ({"amount": 500.0}, "500 ريال يمني"),
        ({"amount": 1250000.0}, "1,250,000 ريال يمني"),
        ({"amount": 14649.83, "currency": "SAR"}, "14,649.83 ريال سعودي"),
        ({"amount": 57.0, "currency": "EUR"}, "57 يورو"),
        ({"amount": 12.5, "currency": "USD"}, "12.5 دولار أمريكي"),
        ({"amount": 40.0, "currency": "AED"}, "40 AED"),
        ({"percent": 0.25, "percent_of": "القيمة المذكورة في المحرر"}, "0.25% من القيمة المذكورة في المحرر"),
        ({"percent": 0.125, "percent_of": "القيمة"}, "0.125% من القيمة"),
        ({"percent": 10.0}, "10% من القيمة"),
    ],
)
def test_prices(given: dict[str, Any], price: str) -> None:
    assert f"رسم الإصدار: {price}\n" in fees(cost(**given))


def test_a_note_stands_with_its_fee() -> None:
    assert "500 ريال يمني (لكل نسخة)" in fees(cost(amount=500.0, note="لكل نسخة"))


@BOTH_FORMS
@pytest.mark.parametrize(
    ("costs", "complete", "warned"),
    [
        ((cost(amount=500.0),), True, False),
        ((cost(amount=500.0),), False, True),
        ((cost(amount=500.0), cost("رسم البدل", amount=900.0, provenance=origin("C"))), True, True),
    ],
    ids=["all known", "source says there are more", "one is not verified"],
)
def test_a_list_that_is_not_whole_says_so(costs: tuple[Cost, ...], complete: bool, warned: bool, short: bool) -> None:
    text = fees(*costs, short=short, costs_complete=complete)
    assert ("القائمة غير مكتملة" in text) == warned
    assert "900" not in text
    assert "رسم البدل" not in text


def test_every_source_is_named_once_and_sms_says_that_there_are_more() -> None:
    costs = [
        cost("أول", amount=1.0),
        cost("ثان", amount=2.0),
        cost("ثالث", amount=3.0, provenance=origin("B", "تعميم الوزارة", "2024")),
    ]
    assert "المصادر: قانون الأحوال (16 نوفمبر 2025)؛ تعميم الوزارة (2024)." in fees(*costs)
    assert "قانون الأحوال (16 نوفمبر 2025)، وغيرها" in fees(*costs, short=True)


@pytest.mark.parametrize(
    ("published", "when"),
    [
        ("2025-11-16", "16 نوفمبر 2025"),
        ("2025-01", "يناير 2025"),
        ("2010", "2010"),
        (None, "بلا تاريخ، اطلعنا عليه في نوفمبر 2026"),
    ],
)
def test_dates_of_sources_are_as_exact_as_known(published: str | None, when: str) -> None:
    assert f"قانون الأحوال ({when})" in fees(cost(amount=1.0, provenance=origin(published=published)))
