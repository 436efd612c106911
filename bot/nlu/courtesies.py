"""What people say before and after a question, which says nothing of what they ask: greeting, address, thanks.

Most real messages begin so and few examples do. Left in, "السلام عليكم" alone made "كم رسوم الجواز" name no service.
"""

from __future__ import annotations

from collections.abc import Sequence

_FEWEST_LEFT = 2
"""Words. Of less, the courtesy is the message."""


def _phrases(text: str) -> frozenset[str]:
    return frozenset(text.strip().split("\n"))


# As normalised by the arabic room. Longer ones need not be listed: what is left is looked at again.
_BEFORE = _phrases("""
السلام عليكم
السلام عليكم ورحمه الله
السلام عليكم ورحمه الله وبركاته
السلام عليكم ورحمه الله تعالي وبركاته
سلام عليكم
سلام عليكم ورحمه الله
سلام عليكم ورحمه الله وبركاته
سلام
سلام الله عليكم
وعليكم السلام
صباح الخير
صباح النور
صباح الخيرات
مسا الخير
مسا النور
مسا الخيرات
اسعد الله صباحكم
اسعد الله مساكم
مرحبا
مرحبتين
مراحب
اهلا
اهلا وسهلا
اهلين
هلا
هلا والله
حياكم الله
حياك الله
الله يحييكم
الله يحييك
تحيه طيبه
تحيه طيبه وبعد
بعد التحيه
بعد التحيه والسلام
وبعد
كيف حالكم
كيف حالك
كيفكم
كيفك
ان شا الله بخير
عساكم بخير
يعطيك العافيه
يعطيكم العافيه
الله يعطيك العافيه
الله يعطيكم العافيه
لو سمحت
لو سمحتم
لو سمحتوا
لو تكرمت
لو تكرمتم
من فضلك
من فضلكم
الو
عندي سوال
معي سوال
عندي استفسار
معي استفسار
بسالكم
ممكن سوال
ممكن استفسار
سوال لو سمحت
سوال لو سمحتم
يا اخي
يا خي
يا اخواني
يا اخوان
يا اخوه
يا جماعه
يا شباب
يا استاذ
يا خبره
يا دليل
اخي الكريم
اخي العزيز
الاخوه الكرام
""")
_AFTER = _phrases("""
شكرا
وشكرا
شكرا لكم
شكرا لك
شكرا جزيلا
وشكرا لكم
وشكرا لك
وشكرا جزيلا
شكرا مقدما
وشكرا مقدما
مشكورين
مشكور
تسلموا
تسلم
جزاكم الله خير
جزاكم الله خيرا
وجزاكم الله خير
وجزاكم الله خيرا
جزاك الله خير
جزاك الله خيرا
بارك الله فيكم
بارك الله فيك
الله يعطيكم العافيه
الله يعطيك العافيه
يعطيكم العافيه
يعطيك العافيه
الله يحفظكم
الله يجزيكم خير
لو سمحت
لو سمحتم
لو سمحتوا
من فضلك
من فضلكم
لو تكرمت
لو تكرمتم
تحياتي
مع تحياتي
مع الشكر
والسلام عليكم
""")
# Longest first; one word more than any has, for an article that is typed apart ("saba7 el kheir").
_LENGTHS = range(max(len(phrase.split()) for phrase in _BEFORE | _AFTER) + 1, 0, -1)


def without_courtesies(words: Sequence[str]) -> Sequence[str]:
    """The words of a message (normalised) without those before and after what it says; all, if little else is left."""
    start, end = 0, len(words)
    while length := next((n for n in _LENGTHS if _said(words[start:end][:n]) in _BEFORE), 0):
        start += min(length, end - start)
    while length := next((n for n in _LENGTHS if _said(words[start:end][-n:]) in _AFTER), 0):
        end -= min(length, end - start)
    return words[start:end] if end - start >= _FEWEST_LEFT else words


def _said(words: Sequence[str]) -> str:
    return " ".join(words).replace(" ال ", " ال")
