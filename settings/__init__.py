"""Every setting of every process, read once from the environment (`DALIL_*`) and `.env`, checked at start."""

from settings.model import Settings, SettingsError, load_settings

__all__ = ["Settings", "SettingsError", "load_settings"]
