"""Parts: the arithmetic is checked against smsutil, an independent implementation."""

import pytest
import regex
import smsutil
from hypothesis import example, given
from hypothesis import strategies as st

from channels.sms.errors import TextUnsendable
from channels.sms.outbound.segments import Encoding, clean, encoding_of, split

SEEN = "س"
FAMILY = "👨‍👩‍👧‍👦"

# text, alphabet, parts, units
COUNTED = [
    ("", "GSM7", 1, 0),
    ("a" * 160, "GSM7", 1, 160),
    ("a" * 161, "GSM7", 2, 161),
    ("a" * 306, "GSM7", 2, 306),
    ("a" * 307, "GSM7", 3, 307),
    ("€" * 80, "GSM7", 1, 160),
    ("€" * 81, "GSM7", 2, 162),
    ("[{^}]" * 32, "GSM7", 3, 320),
    ("a" * 159 + "ç", "UCS2", 3, 160),
    ("`", "UCS2", 1, 1),
    (SEEN * 70, "UCS2", 1, 70),
    (SEEN * 71, "UCS2", 2, 71),
    (SEEN * 134, "UCS2", 2, 134),
    (SEEN * 135, "UCS2", 3, 135),
    (SEEN * 201, "UCS2", 3, 201),
    (SEEN * 202, "UCS2", 4, 202),
    ("a" * 69 + SEEN, "UCS2", 1, 70),
    (SEEN * 68 + "😀", "UCS2", 1, 70),
    (SEEN * 69 + "😀", "UCS2", 2, 71),
    ("رسوم البطاقة 3000 ريال", "UCS2", 1, 22),
]


@pytest.mark.parametrize(("text", "alphabet", "parts", "units"), COUNTED, ids=range(len(COUNTED)))
def test_counts(text: str, alphabet: str, parts: int, units: int) -> None:
    segments = split(text)
    assert (segments.encoding.name, len(segments.parts), segments.units) == (alphabet, parts, units)
    assert len(segments.parts) == max(1, len(smsutil.split(text).parts))


ARABIC = st.text(st.sampled_from("ابتثجحخدذرزسشصضطظعغفقكلمنهويءةى،؟"), min_size=1, max_size=300)
MIXED = st.lists(
    st.one_of(
        st.sampled_from("ابتسلمن  \n.,؟0123456789"),
        st.sampled_from("abc €{}[]~ ^|\\"),
        st.sampled_from(["\u064e", "\u0651", "😀", "🇾🇪", FAMILY, "\u200d"]),
        st.characters(exclude_categories=["Cs"]),
    ),
    max_size=300,
).map("".join)


@given(MIXED)
@example(FAMILY * 12)
@example("س " + "س" * 65 + FAMILY + "س" * 10)
@example("a" * 152 + "€" + "a" * 10)
@example("ب\u064e" * 70)
def test_parts_lose_nothing_and_fit(text: str) -> None:
    segments = split(text)
    assert "".join(segments.parts) == text
    room = segments.encoding.single if len(segments.parts) == 1 else segments.encoding.joined
    for part in segments.parts:
        assert segments.encoding.units(part) <= room
        # Half a surrogate pair or half an escape would not survive this.
        octets = smsutil.encode(part) if segments.encoding is Encoding.GSM7 else part.encode("utf-16-be")
        per_unit = 1 if segments.encoding is Encoding.GSM7 else 2
        assert len(octets) == per_unit * segments.encoding.units(part)


@given(MIXED)
def test_as_many_parts_as_an_independent_count_or_more_only_to_keep_words(text: str) -> None:
    text = text.replace("\x1b", "")  # the escape itself: smsutil takes it for a letter
    assert (split(text).encoding is Encoding.GSM7) == (smsutil.is_valid_gsm(text) or not text)
    fewest = max(1, len(smsutil.split(text).parts))
    assert len(split(text).parts) >= fewest
    assert (len(split(text).parts) == 1) == (fewest == 1)


@given(ARABIC)
def test_cuts_where_an_independent_splitter_does_when_there_is_no_space(text: str) -> None:
    assert list(split(text).parts) == [part.content for part in smsutil.split(text).parts]


@given(
    st.lists(
        st.sampled_from(["كلمة", "بِطَاقَة", "رسوم", "3000", FAMILY, "😀", "ب\u064e\u0651"]), min_size=30, max_size=90
    )
)
def test_cuts_only_after_spaces_where_words_fit(words: list[str]) -> None:
    text = " ".join(words)
    parts = split(text).parts
    assert [word for part in parts for word in part.split()] == words


@given(st.lists(st.sampled_from([FAMILY, "ب\u064e\u0651", "😀", "🇾🇪", "س"]), min_size=20, max_size=90))
def test_never_cuts_a_grapheme(graphemes: list[str]) -> None:
    text = "".join(graphemes)
    whole = regex.findall(r"\X", text)
    assert [cluster for part in split(text).parts for cluster in regex.findall(r"\X", part)] == whole


def test_a_list_number_stays_with_what_it_numbers() -> None:
    text = f"{SEEN * 30}\n1- {SEEN * 29}\n2- {SEEN * 30}"
    assert [part.rstrip() for part in split(text).parts] == [f"{SEEN * 30}\n1- {SEEN * 29}", f"2- {SEEN * 30}"]


def test_a_grapheme_longer_than_a_part_is_cut_between_letters() -> None:
    text = "ب" + "\u064e" * 200
    parts = split(text).parts
    assert "".join(parts) == text
    assert all(len(part) <= 67 for part in parts)


def test_half_a_surrogate_pair_is_refused() -> None:
    with pytest.raises(TextUnsendable):
        encoding_of("السعر \ud83d")


CLEANED = [
    ("\u200fرسوم\u200e الجـــواز\u200c", "رسوم الجواز"),
    ("رسوم\u00a0 \u2009الجواز\t \r\nاليوم  ", "رسوم الجواز\nاليوم"),
    ("سطر\n\n\n\n\nسطر", "سطر\n\nسطر"),
    ("\u2068PSP-2026-001234\u2069", "PSP-2026-001234"),
    ("نص\x00\x1b\x07", "نص"),
    ("cafe\u0301", "café"),
    ("ا\u0654", "أ"),
    ("ﷺ", "ﷺ"),
]


@pytest.mark.parametrize(("text", "cleaned"), CLEANED)
def test_clean_takes_out_what_costs_and_shows_nothing(text: str, cleaned: str) -> None:
    assert clean(text) == cleaned


@given(st.text(max_size=200))
def test_clean_is_stable(text: str) -> None:
    assert clean(clean(text)) == clean(text)
