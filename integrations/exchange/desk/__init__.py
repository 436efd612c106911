"""Where a citizen asks for an application: what a message brings, who may ask how often, and the question itself.

`spoken.hear` takes number and proof out of a message; `visit` keeps the proof out of Rasa's sight until the action asks
`Desk.ask`; `attempts` counts wrong proofs.
"""

from integrations.exchange.desk.attempts import Attempts
from integrations.exchange.desk.desk import Desk, share, shared
from integrations.exchange.desk.opening import open_desk
from integrations.exchange.desk.spoken import Spoken, hear
from integrations.exchange.desk.visit import Visit, visiting, visitor

__all__ = [
    "Attempts",
    "Desk",
    "Spoken",
    "Visit",
    "hear",
    "open_desk",
    "share",
    "shared",
    "visiting",
    "visitor",
]
