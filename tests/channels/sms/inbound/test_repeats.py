from channels.sms.inbound.repeats import ContentIds, LoopBreaker


class Clock:
    def __init__(self) -> None:
        self.now = 0.0

    def __call__(self) -> float:
        return self.now


def test_the_same_text_within_seconds_is_one_message() -> None:
    clock = Clock()
    ids = ContentIds(seconds=4, clock=clock)
    first = ids.id_for("+967771234567", "كم رسوم الجواز")
    assert ids.id_for("+967771234567", "كم رسوم الجواز") == first
    assert ids.id_for("+967771234567", "كم رسوم البطاقة") != first
    assert ids.id_for("+967711234567", "كم رسوم الجواز") != first
    clock.now = 3.9
    assert ids.id_for("+967771234567", "كم رسوم الجواز") == first
    clock.now = 4.1
    assert ids.id_for("+967771234567", "كم رسوم الجواز") != first


def test_the_same_answer_to_two_questions_is_two_messages() -> None:
    ids = ContentIds(clock=Clock())
    first = ids.id_for("+967771234567", "1")
    ids.forget("+967771234567")
    assert ids.id_for("+967771234567", "1") != first


def test_a_machine_is_answered_four_times_and_a_person_again_later() -> None:
    clock = Clock()
    breaker = LoopBreaker(repeats=4, seconds=600, clock=clock)
    heard = [breaker.loops("+967771234567", "Auto reply: I am away", str(number)) for number in range(7)]
    assert heard == [False] * 4 + [True] * 3
    assert not breaker.loops("+967711234567", "Auto reply: I am away", "other number")
    assert not breaker.loops("+967771234567", "another text", "8")
    clock.now = 700
    assert not breaker.loops("+967771234567", "Auto reply: I am away", "later")


def test_menu_answers_are_no_loop() -> None:
    breaker = LoopBreaker(repeats=2, clock=Clock())
    assert not any(breaker.loops("+967771234567", "1", str(number)) for number in range(20))


def test_a_repetition_by_the_provider_is_counted_once() -> None:
    breaker = LoopBreaker(repeats=2, clock=Clock())
    assert not any(breaker.loops("+967771234567", "كم رسوم الجواز", "mo-1") for _ in range(20))


def test_memory_has_an_end(monkeypatch) -> None:
    monkeypatch.setattr("channels.sms.inbound.repeats._NUMBERS_REMEMBERED", 100)
    ids, breaker = ContentIds(clock=Clock()), LoopBreaker(clock=Clock())
    for number in range(1000):
        ids.id_for(str(number), "نص طويل")
        breaker.loops(str(number), "نص طويل", str(number))
    assert len(ids._seen) == len(breaker._seen) == 100
