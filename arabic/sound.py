"""Words by how they sound: one code for the spellings of a word in Arabic or Latin letters.

San'anis write ض as ظ, citizens of Ta'izz and Aden ذ as د, everybody leaves long vowels out or puts them in, and Arabic
in Latin letters has no vowels to rely on. What stays is the order of the consonants, in classes of letters that are
taken for one another: "rosoom", "rusum" and رسوم are all رسم; ظهر and ضهر are one word.
"""

from functools import lru_cache

_CLASSES = ("ب پ", "ت ط", "ث س ص", "ج", "ح ه", "خ", "د ذ ض ظ", "ر", "ز", "ش", "غ", "ف ڤ", "ق گ", "ك", "ل", "م", "ن")
_CLASS = {letter: letters[0] for letters in _CLASSES for letter in letters.split()}


@lru_cache(maxsize=65_536)
def sound(word: str) -> str:
    """The consonant classes of one normalised word, repeated ones once; "" for a word of vowels only.

    A final ه is dropped (ta marbuta), digits stay as they are.
    """
    letters: list[str] = []
    for letter in word.removesuffix("ه") if len(word) > 3 else word:
        heard = letter if letter.isdigit() else _CLASS.get(letter, "")
        if heard and (not letters or letters[-1] != heard):
            letters.append(heard)
    return "".join(letters)
