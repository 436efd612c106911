"""Rasa in this process as the assistant's processes have it, a trained model, and the sample catalogue."""

from __future__ import annotations

from bot import quiet, slim

# Before anything imports rasa.
quiet.install()
slim.install(serving=True)
