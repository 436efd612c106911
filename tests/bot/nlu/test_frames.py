import random

from bot.nlu.examples import Example
from bot.nlu.frames import Frames

QUESTION = ("كم", "رسوم", "الجواز")
GREETINGS = [Example("", ("مسا", "الفل", str(number)), "greeting", ()) for number in range(30)]
LONG = Example("", ("حياكم", "الله", "يا", "اهل", "الخير", "والكرم", "كلكم"), "greeting", ())


def drawn(frames: Frames) -> list[tuple[str, ...]]:
    return [frames.around(QUESTION, random.Random(seed)) for seed in range(600)]


def test_the_question_stays_whole_between_words_that_ask_nothing() -> None:
    made = drawn(Frames.of([*GREETINGS, LONG]))
    for words in made:
        place = words.index("رسوم") - 1
        assert words[place : place + 3] == QUESTION
    assert len(set(made)) > 100
    assert any("الفل" in words for words in made), "greetings of the examples come before"
    assert not any("والكرم" in words for words in made), "but for long ones"
    assert all(len(words) > len(QUESTION) for words in made)


def test_a_few_more_greetings_change_little_of_what_is_drawn() -> None:
    """Else a model would differ from the one before by luck (docs/decisions/0014-steady-learning.md)."""
    more = [Example("", ("مرحبا", "بكم", str(number)), "greeting", ()) for number in range(5)]
    pairs = list(zip(drawn(Frames.of(GREETINGS)), drawn(Frames.of([*more, *GREETINGS])), strict=True))
    changed = [after for before, after in pairs if before != after]
    assert 0 < len(changed) < 60
    assert all("بكم" in words for words in changed)


def test_without_greetings_the_idle_phrases_serve() -> None:
    assert len(set(drawn(Frames.of([])))) > 100
