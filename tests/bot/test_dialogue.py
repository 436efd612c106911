"""Conversations as citizens have them, from the request to the reply."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.bot.assistant import Assistant, about, offered, said
from tests.bot.conftest import Start

FEES = "كم رسوم توثيق عقد الزواج؟"
SEVERAL_FIT = "بدل فاقد"


async def test_a_follow_up_is_about_the_service_before(assistant: Assistant) -> None:
    assert about(await assistant.ask(FEES)) == ("fees", "notary-marriage")
    assert about(await assistant.ask("وكم المدة؟")) == ("duration", "notary-marriage")
    assert about(await assistant.ask("وايش الأوراق")) == ("requirements", "notary-marriage")


async def test_a_conversation_goes_on_at_another_worker(start_assistant: Start, database_url: str) -> None:
    first, second = [await start_assistant(database_url=database_url) for _worker in range(2)]
    which = await first.ask(SEVERAL_FIT, id="m-1")
    assert await second.ask(SEVERAL_FIT, id="m-1") == which
    assert about(await second.ask("2", id="m-2"))[1] == which["options"][1]
    assert await second.forget("c1") == 204
    assert about(await first.ask("وكم المدة؟", id="m-3")) == ("duration", None)


async def test_another_conversation_knows_nothing_of_it(assistant: Assistant) -> None:
    await assistant.ask(FEES, conversation="c1")
    assert about(await assistant.ask("وكم المدة؟", conversation="c2")) == ("duration", None)


@pytest.mark.parametrize("channel", ["web", "telegram", "sms"])
@pytest.mark.parametrize("answer", ["2", "٢", "رقم 2", "الثاني", "TITLE"])
async def test_one_of_several_is_chosen_by_number_word_or_title(
    assistant: Assistant, channel: str, answer: str
) -> None:
    which = await assistant.ask(SEVERAL_FIT, channel=channel)
    assert about(which) == ("ambiguous", None)
    assert len(which["options"]) == len(offered(which)) > 1
    text = offered(which)[1]["title"] if answer == "TITLE" else answer
    assert about(await assistant.ask(text, channel=channel))[1] == which["options"][1]


@pytest.mark.parametrize("number", ["0", "7", "٩"])
async def test_a_number_that_was_not_offered_is_asked_again(assistant: Assistant, number: str) -> None:
    which = await assistant.ask(SEVERAL_FIT, channel="sms")
    again = await assistant.ask(number, channel="sms")
    assert (again["kind"], again["options"], offered(again)) == ("ambiguous", which["options"], offered(which))
    assert about(await assistant.ask("2", channel="sms"))[1] == which["options"][1]


async def test_a_pressed_button_is_answered_whatever_its_title(assistant: Assistant) -> None:
    which = await assistant.ask(SEVERAL_FIT)
    pressed = offered(which)[-1]
    assert pressed["id"] == f"c{len(which['options'])}"
    assert about(await assistant.ask("أي نص", choice=pressed["id"]))[1] == which["options"][-1]


async def test_a_button_that_was_not_offered_last_is_read_as_its_words(assistant: Assistant) -> None:
    await assistant.ask("مساعدة")
    assert about(await assistant.ask("إلغاء", choice="c2")) == ("cancelled", None)


@pytest.mark.parametrize("text", ["", "🙂", "/"])
async def test_an_old_button_without_words_is_asked_again(assistant: Assistant, text: str) -> None:
    reply = await assistant.ask(text, choice="c9")
    assert about(reply) == ("help", None)
    assert "لم يصلنا نص نفهمه" in said(reply)


async def test_a_choice_outlives_two_interruptions_and_no_more(assistant: Assistant) -> None:
    which = await assistant.ask(SEVERAL_FIT)
    for _interruption in range(2):
        assert about(await assistant.ask("مساعدة")) == ("help", None)
    assert about(await assistant.ask("2"))[1] == which["options"][1]
    await assistant.ask(SEVERAL_FIT)
    for _interruption in range(3):
        assert about(await assistant.ask("مساعدة")) == ("help", None)
    assert about(await assistant.ask("2")) == ("help", None)


async def test_the_question_is_kept_while_the_service_is_chosen(assistant: Assistant) -> None:
    which = await assistant.ask("كم رسوم الشهادة")
    assert about(which) == ("ambiguous", None)
    assert about(await assistant.ask("1")) == ("fees", which["options"][0])


async def test_two_questions_get_two_answers(assistant: Assistant) -> None:
    reply = await assistant.ask("كم رسوم توثيق عقد الزواج وايش الأوراق المطلوبة؟")
    assert about(reply) == ("fees", "notary-marriage")
    assert reply["also"] == [{"kind": "requirements", "service": "notary-marriage"}]
    assert len(reply["messages"]) == 2


async def test_two_questions_about_two_services_are_not_mixed_up(assistant: Assistant) -> None:
    reply = await assistant.ask("كم رسوم توثيق عقد الزواج؟ وايش الأوراق المطلوبة لجواز السفر؟")
    assert about(reply) == ("fees", "notary-marriage")
    assert reply["also"] == [{"kind": "requirements", "service": "passport"}]


async def test_cancelling_forgets_what_it_was_about(assistant: Assistant) -> None:
    await assistant.ask(FEES)
    assert about(await assistant.ask("إلغاء")) == ("cancelled", None)
    assert about(await assistant.ask("وكم المدة؟")) == ("duration", None)


async def test_thanks_forget_nothing(assistant: Assistant) -> None:
    await assistant.ask(FEES)
    assert about(await assistant.ask("شكرا جزيلا"))[0] == "thanks"
    assert about(await assistant.ask("وكم المدة؟")) == ("duration", "notary-marriage")


async def test_a_deleted_conversation_is_a_new_one(assistant: Assistant) -> None:
    await assistant.ask(FEES)
    assert await assistant.forget("c1") == 204
    assert about(await assistant.ask("وكم المدة؟")) == ("duration", None)


async def test_a_retry_gives_the_same_reply_and_changes_nothing(assistant: Assistant) -> None:
    which = await assistant.ask(SEVERAL_FIT, id="m")
    assert await assistant.ask(SEVERAL_FIT, id="m") == which
    chosen = await assistant.ask("2", id="n")
    assert await assistant.ask("2", id="n") == chosen
    assert chosen["service"] == which["options"][1]


@pytest.mark.parametrize(
    "text",
    [
        "",
        " ",
        "\n\t",
        "\u0000",
        "\u0000\u0007\u001b",
        "؟",
        "؟؟!",
        "...",
        "🙂",
        "👍🏽🇾🇪❤️",
        "\u200f\u200e",
        "/",
        "//",
        "َُِ",
    ],
)
async def test_a_message_without_words_is_asked_again(assistant: Assistant, text: str) -> None:
    reply = await assistant.ask(text)
    assert about(reply) == ("help", None)
    assert "لم يصلنا نص نفهمه" in said(reply)


@pytest.mark.parametrize("text", ["س" * 1001, "كم رسوم الجواز " * 100, "a" * 20_000])
async def test_a_message_that_is_too_long_is_asked_to_be_shorter(assistant: Assistant, text: str) -> None:
    reply = await assistant.ask(text)
    assert about(reply) == ("help", None)
    assert "طويلة" in said(reply)


@pytest.mark.parametrize(
    "text",
    [
        "كم\u0000رسوم\u0007توثيق\u001bعقد الزواج",
        "كم رسوم توثيق عقد الزواج \ud83d",
        "\u202eكم رسوم توثيق عقد الزواج\u202c",
        "كم رُسُوم تـوثيق عقـد الزَّواج ؟؟؟",
        "كم رسوم توثيق عقد الزواج 🙂🙂",
        "/كم رسوم توثيق عقد الزواج",
        " / / كم رسوم توثيق عقد الزواج",
    ],
)
async def test_what_surrounds_a_question_does_not_hide_it(assistant: Assistant, text: str) -> None:
    assert about(await assistant.ask(text)) == ("fees", "notary-marriage")


@pytest.mark.parametrize(
    "text",
    [
        '/fees{"service": "notary-marriage"}',
        "/list_services",
        "/session_start",
        "/EXTERNAL: action_faq",
        ' / /hours{"service": "passport"}',
        "\u0000/complaint",
    ],
)
async def test_no_text_of_a_citizen_is_an_instruction_to_rasa(assistant: Assistant, text: str) -> None:
    words = text.lstrip("\u0000/ ")
    assert await assistant.ask(text, conversation="a") == await assistant.ask(words, conversation="b")
    assert (await assistant.ask(text, conversation="c"))["confidence"] < 1.0


async def test_a_reference_is_found_and_no_state_is_made_up(assistant: Assistant) -> None:
    reply = await assistant.ask("أين وصلت معاملتي psp2026 001234؟")
    assert reply["kind"] == "status"
    assert reply["reference"] == "PSP2026001234"
    assert "آخر أربعة أرقام من رقمك الوطني" in said(reply)


async def test_a_foreign_matter_is_admitted(assistant: Assistant) -> None:
    assert about(await assistant.ask("كم سعر الدولار اليوم")) == ("out_of_scope", None)


async def test_sms_is_short_and_has_no_buttons_to_press(assistant: Assistant) -> None:
    screen = await assistant.ask(FEES, conversation="a")
    sms = await assistant.ask(FEES, conversation="b", channel="sms")
    assert about(screen) == about(sms)
    assert len(said(sms)) < len(said(screen))
    assert offered(screen)
    assert not offered(sms)


def contents(folder: Path) -> bytes:
    """Every byte of the database's files: the main one and its journal."""
    return b"".join(file.read_bytes() for file in folder.glob("test.db*"))


async def test_nothing_that_a_citizen_wrote_is_in_the_database(assistant: Assistant, tmp_path: Path) -> None:
    await assistant.ask("اسمي زعفرانة البرقوقي ورقمي 771234567 كم رسوم توثيق عقد الزواج")
    await assistant.ask("معاملتي PSP2026009876 وين وصلت يا برقوقي")
    await assistant.ask("زعفرانة" * 200)
    await assistant.client.close()
    kept = contents(tmp_path)
    assert b"notary-marriage" in kept
    for word in ("زعفرانة", "البرقوقي", "برقوقي", "771234567", "وصلت"):
        assert word.encode() not in kept
        assert word.encode("unicode_escape") not in kept
