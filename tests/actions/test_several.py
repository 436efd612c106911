"""Lists of services in one question, and sentences that are none; over the sample catalogue."""

from __future__ import annotations

import pytest

from actions.several import several
from integrations.catalogue.model import PublicService
from integrations.catalogue.search import SearchIndex


@pytest.fixture(scope="module")
def index(views: dict[str, list[PublicService]]) -> SearchIndex:
    """The search index of the sample."""
    return SearchIndex.build(views["SAN"])


@pytest.mark.parametrize(
    ("text", "services"),
    [
        ("كم رسوم الجواز والبطاقة الشخصية", ["passport", "id-card"]),
        ("رسوم الجواز والبطاقة الشخصية ورخصة القيادة", ["passport", "id-card", "driving-licence"]),
        ("كم رسوم الجواز وكم رسوم البطاقة الشخصية", ["passport", "id-card"]),
        ("كم رسوم توثيق عقد الزواج وتوثيق الوكالة", ["notary-marriage", "notary-power-of-attorney"]),
        ("رسوم الوكاله والطلاق", ["notary-power-of-attorney", "notary-divorce"]),
        ("شهادة ميلاد ووفاة", ["birth-registration", "death-registration"]),
        ("رسوم البطاقة الشخصية والذكية", ["id-card", "smart-id-card"]),
        ("ضاعت بطاقتي وجوازي ايش اسوي", ["id-card-replacement", "passport-replacement"]),
        ("بدل فاقد للجواز والبطاقة", ["passport-replacement", "id-card-replacement"]),
        ("جواز او بطاقة", ["passport", "id-card"]),
    ],
)
def test_each_of_a_list_is_asked_about(index: SearchIndex, text: str, services: list[str]) -> None:
    assert [found[0]["service"] for _, found in several(text, index)] == services


def test_one_of_a_list_may_fit_several_services(index: SearchIndex) -> None:
    passport, card = several("كم رسوم الجواز والبطاقة", index)
    assert len(passport[1]) == 1
    assert {"id-card", "smart-id-card"} <= {item["service"] for item in card[1]}


@pytest.mark.parametrize(
    "text",
    [
        "كم رسوم الجواز",
        "كم رسوم الجواز والأوراق",
        "كم رسوم الفيش والتشبيه",
        "قيد مولود واستخراج شهادة ميلاد",
        "قيد واقعة زواج أو طلاق",
        "بيع وشراء ارض",
        "كم رسوم توثيق وكالة",
        "شهادة وفاة",
        "وين مصلحة الهجرة والجوازات",
        "خدمات الاحوال المدنية والسجل المدني",
        "اشتي اقطع جواز ومعي شهادة ميلاد",
        "انا متزوج ومعي عقد زواج كم رسوم الجواز",
        "مفاضله على وظايف",
        "رسوم جواز وبطاقه وليسن وزواج وطلاق",
        "",
    ],
)
def test_no_list(index: SearchIndex, text: str) -> None:
    assert several(text, index) == []
