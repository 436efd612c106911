"""Facts of the catalogue in plain Arabic, longer for screens and shorter for SMS."""

from actions.rendering.answers import render

__all__ = ["render"]
