"""Whom to tell when an application changes: who follows what, what the agencies' feeds say, and what is to be told.

`Followings` is the list (tables.py, kept.py), `FeedReader` asks each agency once for all of them. Telling is the
assistant's business (bot/telling.py): it has the words.
"""

from integrations.exchange.followings.follower import Follower
from integrations.exchange.followings.kept import Followings, News
from integrations.exchange.followings.reading import FeedReader
from integrations.exchange.followings.waits import Waiting

__all__ = ["FeedReader", "Follower", "Followings", "News", "Waiting"]
