"""Insults: met shortly and politely, neither answered in kind nor with a lecture."""

from __future__ import annotations

from arabic import from_latin, words

_INSULTS = frozenset(
    "غبي غبيه اغبياء اغبيا حمار حمير كلب كلاب حيوان حيوانات بهيمه بهايم ثور تيس خنزير قرد تافه تافهه تافهين حقير حقيره"
    " حقيرين زباله وسخ وسخين قذر قذرين فاشل فاشله فاشلين فاشلون سخيف سخيفه سخيفين متخلف متخلفين معفن عفن خايس نذل انذال"
    " سافل وقح خرا خره خراء طز تفو اخرس انقلع انقلعو انقلعوا يلعن يلعنك يلعنكم يلعنكو لعنه ملعون ملاعين لعين اهبل هبل"
    " اهطل مخبول مجنون مجانين جاهل جهله خبل عبيط احمق حمقي بليد كذاب كذابين نصاب نصابين ياحمار ياكلب ياغبي ياحيوان"
    " ياخذك ياخذكم يخزيك يخزيكم يحرقكم قابي stupid idiot fuck fucking shit asshole bitch dumb".split()
)
# Words that stand with an insult in a message that is nothing but one.
_BESIDE = frozenset(
    "يا انت انتا انته انتي انتم انتو انتوا والله الله كل كلكم واحد شي شيء حاجه عليك عليكم فيك فيكم بك ابوك ابوكم امك"
    " امكم اهلك اهلكم ابن اولاد بنت ال ام اب وجهك وجهكم مثلك مثل زي من اكبر جدا مره كثير قوي اصل هذا هذي بوت البوت"
    " روبوت دليل و في طلعت طلعتو انكم انك you are so very the this bot off of and".split()
)
_PHRASES = ("قليل ادب", "قليل الادب", "قليلين ادب", "قليل حيا", "ما تفهم", "ما تفهمو", "ما تفهموا", "لا بارك الله")
# Stands for a phrase; not one of those that begin like "and" or "the", which are cut off below.
_INSULT = "غبي"


def is_insult(text: str) -> bool:
    """Whether the message is an insult and nothing else; a question that comes with one is answered."""
    said = f" {' '.join(words(text))} "
    for phrase in _PHRASES:
        said = said.replace(f" {phrase} ", f" {_INSULT} ").replace(f" و{phrase} ", f" {_INSULT} ")
    known = _INSULTS | _BESIDE
    read = [word if word in known else from_latin(word) for word in said.split()]
    bare = [word if word in _BESIDE else word.removeprefix("و").removeprefix("ال") for word in read]
    return not _INSULTS.isdisjoint(bare) and all(word in known for word in bare)
