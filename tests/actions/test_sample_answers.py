"""Every kind of question about every service of the sample, on both sides and in both forms."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator

import pytest

from actions.rendering.answers import KINDS, Rendered, render
from actions.rendering.phrases import price
from channels.sms.outbound.render import PARTS_PER_REPLY, pages, reply_text
from channels.sms.outbound.segments import split
from integrations.catalogue.model import PublicService
from tests.actions.conftest import SIDES

Views = dict[str, list[PublicService]]


def answers(views: Views, side: str, *, short: bool) -> Iterator[tuple[PublicService, str, Rendered]]:
    for service in views[side]:
        for kind in KINDS:
            yield service, kind, render(kind, service, short=short)


@pytest.mark.parametrize("short", [False, True], ids=["screen", "sms"])
@pytest.mark.parametrize("side", SIDES)
def test_every_question_gets_readable_arabic(views: Views, side: str, short: bool) -> None:
    unreadable = [
        (service.id, kind)
        for service, kind, answer in answers(views, side, short=short)
        if not "\u0621" <= answer.text[:1] <= "\u064a"
        or any(not line.strip() for line in answer.text.split("\n"))
        or any(hint in answer.text for hint in ("None", "()", "..", "  "))
    ]
    assert len(views[side]) == 55
    assert unreadable == []


def told_facts(service: PublicService) -> Iterator[tuple[str, str]]:
    """Jurisdiction and telling words of every fact of a service."""
    lists = (service.eligibility, service.requirements, service.evidence, service.steps)
    for facts in (*(stated.items for stated in lists if stated), service.rules, service.notes):
        yield from ((fact.provenance.jurisdiction, fact.text) for fact in facts)
    for cost in service.costs:
        if cost.amount is not None or cost.percent is not None:
            yield cost.provenance.jurisdiction, f"{cost.text}: {price(cost)}"
    for duration in service.durations:
        yield duration.provenance.jurisdiction, duration.text
    for place in service.channels:
        yield place.provenance.jurisdiction, place.text
    for contact in service.contacts:
        yield from ((contact.provenance.jurisdiction, number) for number in contact.telephone)


@pytest.mark.parametrize("side", SIDES)
def test_no_answer_tells_what_only_holds_on_the_other_side(
    views: Views, whole: dict[str, PublicService], side: str
) -> None:
    other = {"SAN": "ADE", "ADE": "SAN"}[side]
    foreign = {
        name: {words for place, words in told_facts(service) if place == other}
        - {words for place, words in told_facts(service) if place != other}
        for name, service in whole.items()
    }
    assert sum(map(len, foreign.values())) > 20
    leaks = [
        (service.id, kind, words)
        for service, kind, answer in answers(views, side, short=False)
        for words in foreign[service.id]
        if words in answer.text and words.rstrip(".") not in service.authority.name
    ]
    assert leaks == []


@pytest.mark.parametrize("side", SIDES)
def test_every_verified_fee_is_told_and_no_other(views: Views, side: str) -> None:
    wrong = []
    for service, kind, answer in answers(views, side, short=False):
        for cost in service.costs:
            line = f"{cost.text}: {price(cost)}"
            if kind == "fees" and (line in answer.text) != cost.provenance.verified:
                wrong.append((service.id, line))
    assert wrong == []
    assert any(service.costs for service in views[side])


@pytest.mark.parametrize("side", SIDES)
def test_an_answer_with_facts_names_its_source(views: Views, side: str) -> None:
    silent = [
        (service.id, kind)
        for service, kind, answer in answers(views, side, short=True)
        if answer.verified and kind != "overview" and "المصدر" not in answer.text and "المصادر" not in answer.text
    ]
    assert silent == []


@pytest.mark.parametrize("side", SIDES)
def test_sms_is_never_longer_than_the_screen_and_mostly_one_reply(views: Views, side: str) -> None:
    screen = {(service.id, kind): answer.text for service, kind, answer in answers(views, side, short=False)}
    sms = {(service.id, kind): answer.text for service, kind, answer in answers(views, side, short=True)}
    longer = [about for about, text in sms.items() if len(text) > len(screen[about])]
    assert longer == []
    replies = Counter(len(pages(reply_text([(text, [])]))) for text in sms.values())
    assert replies[1] / len(sms) > 0.6, f"most answers fit one reply of {PARTS_PER_REPLY} parts: {replies}"
    assert max(replies) <= 7, f"nobody sends 0 more often than six times: {replies}"


@pytest.mark.parametrize("side", SIDES)
def test_unverified_answers_fit_one_sms_reply(views: Views, side: str) -> None:
    long = [
        (service.id, kind)
        for service, kind, answer in answers(views, side, short=True)
        if not answer.verified
        and service.status != "suspended"  # its warning comes first and needs room
        and len(split(reply_text([(answer.text, [])])).parts) > PARTS_PER_REPLY
    ]
    assert long == []
