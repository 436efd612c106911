"""One spelling for the many spellings of an Arabic text.

Letters are folded with camel-tools (alef, alef maksura, ta marbuta, diacritics; Unicode compatibility forms).
Added here, because citizens type so: hamza on its seats and alone, tatweel, Persian letters of Iranian and Urdu
keyboards, digits, letters held down, invisible marks.
"""

import re

from camel_tools.utils.dediac import dediac_ar
from camel_tools.utils.normalize import (
    normalize_alef_ar,
    normalize_alef_maksura_ar,
    normalize_teh_marbuta_ar,
    normalize_unicode,
)

from arabic.digits import to_ascii_digits
from arabic.display import strip_marks

# Marks that dediac_ar leaves: honorifics, madda and hamza above or below a letter, marks of recitation.
_MARK = re.compile("[\u0610-\u061a\u0653-\u065f\u06d6-\u06dc\u06df-\u06e8\u06ea-\u06ed]")
_LETTERS = str.maketrans(
    {
        "ؤ": "و",
        "ئ": "ي",
        "ء": "",
        "ـ": "",
        "ک": "ك",
        "ی": "ي",
        "ې": "ي",
        "ە": "ه",
        "ھ": "ه",
        "ہ": "ه",
        "پ": "ب",
        "چ": "ج",
        "ڤ": "ف",
        # Written for the San'ani qaf, which is spoken g.
        "گ": "ق",
    }
)
_HELD_DOWN = re.compile(r"([^\W\d_])\1{2,}")
_SPACES = re.compile(r"\s+")


def fold(text: str) -> str:
    """Normalise letters and digits of a piece of text, leaving its spaces alone."""
    text = _MARK.sub("", dediac_ar(normalize_unicode(strip_marks(text))))
    text = normalize_teh_marbuta_ar(normalize_alef_maksura_ar(normalize_alef_ar(text)))
    return _HELD_DOWN.sub(r"\1", to_ascii_digits(text.translate(_LETTERS)).lower())


def normalise(text: str) -> str:
    """The text in its one spelling: for comparing and searching, never for showing."""
    return _SPACES.sub(" ", fold(text)).strip()
