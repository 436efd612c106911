"""How mixed text is shown: invisible marks out of what came in, isolation into what goes out.

Unicode Bidirectional Algorithm, https://www.unicode.org/reports/tr9/ (isolates: U+2068 FSI, U+2069 PDI).
"""

import re

FIRST_STRONG_ISOLATE, POP_ISOLATE = "\u2068", "\u2069"

# Zero-width characters, bidirectional marks, embeddings, overrides and isolates, the byte order mark, soft hyphen;
# as the inside of a regular expression's character class.
INVISIBLE = "\u00ad\u061c\u180e\u200b-\u200f\u202a-\u202e\u2060-\u2064\u2066-\u206f\ufeff"
_INVISIBLE = re.compile(f"[{INVISIBLE}]")
_FOREIGN_RUN = re.compile(r"[A-Za-z0-9][A-Za-z0-9@./:_+\-,%?=&#~]*[A-Za-z0-9%]")


def strip_marks(text: str) -> str:
    """Remove characters that have no width: they hide differences and can reverse what a reader sees."""
    return _INVISIBLE.sub("", text)


def isolate(text: str) -> str:
    """Wrap runs of Latin letters and digits (references, addresses, 3,500) so that they read right inside Arabic."""
    return _FOREIGN_RUN.sub(lambda run: f"{FIRST_STRONG_ISOLATE}{run.group()}{POP_ISOLATE}", text)
