"""What the pages to try SMS and Telegram by hand share. Mounted in development mode only."""

from channels.simulation.pages import Pages

__all__ = ["Pages"]
