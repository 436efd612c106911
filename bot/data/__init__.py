"""The lint of training data: what would teach the assistant two things at once, the wrong thing, or a person's number.

reading, blocks  Rasa's YAML with the line of every sentence   sentence    its form: length, brackets, entities
script, words    Arabic where it should be, odd characters    personal    telephones, identity numbers, cards, e-mail
corpus           the same sentence twice, or nearly            likeness, difference    how alike two sentences are
faults           every fault: severity and words               checks      all of it, over files or one new sentence
project          intents and services of this project          cli         `python -m bot data check`

Nothing here imports Rasa or touches a database (but `project`, for the command), so that the console can call it while
somebody types: `index` once, then `check_example` for each sentence.
"""

from bot.data.checks import check, check_example, index
from bot.data.corpus import Corpus
from bot.data.faults import TEXTS, Fault, Severity
from bot.data.reading import Example

__all__ = ["TEXTS", "Corpus", "Example", "Fault", "Severity", "check", "check_example", "index"]
