"""Arabic typed in Latin letters ("kam rosoom el jawaz"), read back as Arabic letters as well as that can be done.

Latin spellings drop vowels or write them freely, so the result is a consonant skeleton with long vowels where the
writer doubled them or closed a word with one: good for matching by similarity, not for showing. A word that has
one settled reading is in the table below.
"""

import re

# Frequent words of questions, whose short vowels would otherwise be read as long ones.
_SETTLED = {
    "kam": "كم", "bekam": "بكم", "bikam": "بكم", "bkam": "بكم", "aish": "ايش", "ash": "ايش", "esh": "ايش",
    "eish": "ايش", "aysh": "ايش", "ish": "ايش", "wain": "وين", "wen": "وين", "wayn": "وين", "fain": "فين",
    "fen": "فين", "fayn": "فين", "ayn": "اين", "ain": "اين", "ayna": "اين", "mata": "متي", "meta": "متي",
    "emta": "متي", "kaif": "كيف", "kayf": "كيف", "kef": "كيف", "keif": "كيف", "hal": "هل", "man": "من", "min": "من",
    "men": "من", "fi": "في", "fe": "في", "ila": "الي", "ela": "الي", "3ala": "علي", "ala": "علي", "an": "عن",
    "3an": "عن", "ma": "ما", "la": "لا", "al": "ال", "el": "ال", "il": "ال", "wa": "و", "w": "و", "ana": "انا",
    "ashti": "اشتي", "eshti": "اشتي", "ashty": "اشتي", "mn": "من", "3nd": "عند", "3ndi": "عندي",
    "law": "لو", "samaht": "سمحت", "salam": "سلام", "salaam": "سلام", "alaikum": "عليكم", "alikum": "عليكم",
    "3alaikum": "عليكم", "3alikum": "عليكم", "3alaykom": "عليكم", "3alaikom": "عليكم", "3alykom": "عليكم",
    "alaykum": "عليكم", "alaikom": "عليكم", "alaykom": "عليكم", "alikom": "عليكم", "aleikum": "عليكم",
    "3likm": "عليكم", "3lykm": "عليكم", "slm": "سلام", "slam": "سلام", "salamu": "سلام", "salamo": "سلام",
    "assalam": "السلام", "asalam": "السلام", "assalamu": "السلام", "alsalam": "السلام", "alsalamu": "السلام",
    "essalam": "السلام", "marhaba": "مرحبا", "mar7aba": "مرحبا", "mr7ba": "مرحبا", "ahlan": "اهلا", "hala": "هلا",
    "hi": "هلا", "hello": "هلا", "saba7": "صباح", "sabah": "صباح", "masa2": "مسا", "masaa": "مسا", "masa": "مسا",
    "5eir": "خير", "kheir": "خير", "khair": "خير", "7'eir": "خير", "alkhair": "الخير", "elkheir": "الخير",
    "al5eir": "الخير", "el5eir": "الخير", "shokran": "شكرا", "shkran": "شكرا", "thanks": "شكرا", "plz": "لو سمحت",
    "please": "لو سمحت", "shukran": "شكرا", "mumkin": "ممكن", "momken": "ممكن", "rosoom": "رسوم", "rusum": "رسوم",
    "rosom": "رسوم", "jawaz": "جواز", "gawaz": "جواز", "safar": "سفر", "bitaqa": "بطاقه", "betaqa": "بطاقه",
    "bitaqah": "بطاقه", "betaka": "بطاقه", "shahada": "شهاده", "shahadah": "شهاده", "milad": "ميلاد",
    "rukhsa": "رخصه", "rokhsa": "رخصه", "ro5sa": "رخصه", "almtlob": "المطلوب", "matloob": "مطلوب", "matlub": "مطلوب",
    "haq": "حق", "7aq": "حق", "mo3amala": "معامله", "muamala": "معامله",
}  # fmt: skip
_PAIRS = {
    "sh": "ش", "ch": "تش", "th": "ث", "dh": "ذ", "kh": "خ", "gh": "غ", "aa": "ا", "ee": "ي", "ii": "ي", "oo": "و",
    "ou": "و", "uu": "و", "ai": "ي", "ay": "ي", "ei": "ي", "aw": "و", "ow": "و", "3'": "غ", "9'": "ض", "7'": "خ",
    "6'": "ظ",
}  # fmt: skip
_SINGLES = {
    "a": "ا", "b": "ب", "c": "ك", "d": "د", "e": "", "f": "ف", "g": "ق", "h": "ه", "i": "ي", "j": "ج", "k": "ك",
    "l": "ل", "m": "م", "n": "ن", "o": "و", "p": "ب", "q": "ق", "r": "ر", "s": "س", "t": "ت", "u": "و", "v": "ف",
    "w": "و", "x": "كس", "y": "ي", "z": "ز", "2": "ا", "3": "ع", "4": "ذ", "5": "خ", "6": "ط", "7": "ح", "8": "ق",
    "9": "ص",
}  # fmt: skip
_LATIN_WORD = re.compile(r"[A-Za-z][A-Za-z0-9']*|[23456789]'?[a-z][A-Za-z0-9']*")
_APOSTROPHE = re.compile("[’`]")
_ARTICLE = re.compile(r"^(?:al|el|il)[-\s]?(?=[a-z0-9]{3})")


def _read(word: str) -> str:
    word = word.lower()
    if word in _SETTLED:
        return _SETTLED[word]
    article = _ARTICLE.match(word)
    if article:
        return "ال" + _read(word[article.end() :])
    letters, place = [], 0
    while place < len(word):
        pair = word[place : place + 2]
        if pair in _PAIRS:
            letters.append(_PAIRS[pair])
            place += 2
        else:
            letters.append(_SINGLES.get(word[place], ""))
            place += 1
    return "".join(letters)


def from_latin(text: str) -> str:
    """Read the Latin-script words of `text` as Arabic; words already in Arabic letters stay as they are."""
    text = _APOSTROPHE.sub("'", text)
    joined = re.sub(r"\b(al|el|il)[\s-]+(?=[A-Za-z0-9])", r"\1", text, flags=re.IGNORECASE)
    return _LATIN_WORD.sub(lambda word: _read(word.group()), joined)
