"""A handful of examples that an understanding can be learnt from in a moment."""

from __future__ import annotations

from collections.abc import Mapping

from arabic import words
from bot.nlu.examples import Example, services_of

_ABOUT = {
    "passport": ("الجواز", "جوازي", "جواز السفر"),
    "id-card": ("البطاقه", "بطاقتي", "البطاقه الشخصيه"),
    "passport-abroad": ("جواز السفاره", "الجواز من السفاره", "جواز من القنصليه"),
}
_FRAMES = {
    "fees": ("كم رسوم {}", "بكم {}", "كم يكلف {} عندكم", "رسوم {}"),
    "location": ("وين اطلع {}", "فين مكتب {}", "اين اروح عشان {}", "من اي مكتب {}"),
}
_FOREIGN = (
    "كيف اطبخ المندي", "متي المباراه اليوم", "كم سعر الذهب", "وين احسن مطعم", "اعطني نكته", "كيف الطقس بكره",
    "بكم كيلو السمك", "من فاز في الدوري", "اشتي اغنيه", "ما معني الحب",
)  # fmt: skip
_SEVERAL = ("كم رسوم الوثيقه", "وين اطلع الوثيقه", "رسوم وثيقه", "اشتي الوثيقه بكم")


def example(text: str, label: str, **metadata: object) -> Example:
    return Example(text, tuple(words(text)), label, services_of(label, metadata))


def examples() -> list[Example]:
    """Two kinds of questions about three services, two FAQ, messages for no one, and some that fit two services."""
    made = [
        example(frame.format(name), kind, service=service)
        for service, names in _ABOUT.items()
        for name in names
        for kind, frames in _FRAMES.items()
        for frame in frames
    ]
    made += [example(text, "out_of_scope") for text in _FOREIGN]
    made += [example(text, "fees", services=["passport", "id-card"]) for text in _SEVERAL]
    made += [example(text, "faq/holidays") for text in ("متي العيد اجازه", "ايام العطله", "كم يوم عطله العيد")]
    made += [example(text, "faq/receipts") for text in ("اشتي سند رسمي", "ليش ما عطوني سند", "سند القبض")]
    return made


def search(text: str) -> Mapping[str, float]:
    """As the catalogue's search would: by the names of two services, one of them without examples."""
    named = {"passport": "جواز", "fishing-boat": "قارب"}
    return {service: 0.8 for service, name in named.items() if name in " ".join(words(text))}
