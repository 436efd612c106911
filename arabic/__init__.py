"""Arabic text: pure functions that give one meaning of "the same text" to NLU, search, keywords and lint.

normalise  one spelling for all spellings of a text      digits   any digits to ASCII
words      tokens with their place in the original        stem     article, prepositions, suffixes, plurals
latin      Arabic typed in Latin letters                  sound    words by how they sound
display    isolation of Latin and digits, invisible marks
"""

from arabic.digits import to_ascii_digits
from arabic.display import isolate, strip_marks
from arabic.latin import from_latin
from arabic.normalise import normalise
from arabic.sound import sound
from arabic.stem import stem, stems
from arabic.words import Word, tokenise, words

__all__ = [
    "Word",
    "from_latin",
    "isolate",
    "normalise",
    "sound",
    "stem",
    "stems",
    "strip_marks",
    "to_ascii_digits",
    "tokenise",
    "words",
]
