"""What the person who started Dalil reads when it is ready: where to open it and what to ask."""

from __future__ import annotations

from launcher.plan import OPERATORS_HOST, reachable
from settings import Settings

QUESTIONS = (
    "كم رسوم توثيق عقد الزواج؟",
    "ما الوثائق المطلوبة لاستخراج البطاقة الشخصية؟",
    "وين أروح أستخرج شهادة ميلاد؟",
)
STATUS = "حالة PSP-2026-000104 1104"
"""A simulated application and its proof (integrations/exchange/simulator/sample.yml)."""


def welcome(settings: Settings, seconds: float) -> list[str]:
    """The lines to print; `seconds` is how long the start took."""
    host = reachable(settings.gateway_host)
    base = f"http://{f'[{host}]' if ':' in host else host}:{settings.gateway_port}"
    addresses = _addresses(settings, base)
    width = max(len(label) for label, _ in addresses)
    return [
        f"ready after {seconds:.0f} s",
        *(f"  {label.ljust(width)}  {address}" for label, address in addresses),
        "ask, for example:",
        *QUESTIONS,
        *([STATUS] if settings.mode == "development" and settings.exchange_agencies is None else []),
        "Ctrl-C stops everything",
    ]


def _addresses(settings: Settings, base: str) -> list[tuple[str, str]]:
    if settings.mode == "production":
        return [("Web chat", settings.public_url), ("Staff console", settings.console_url)]
    found = [("Web chat", base + "/")] if settings.web_enabled else []
    found.append(("Staff console", settings.console_url))
    if settings.sms_enabled and settings.sms_providers is None:
        found.append(("SMS handset (simulated)", base + "/simulator/handset"))
    if settings.sms_enabled:
        found.append(("SMS, for operators", f"http://{OPERATORS_HOST}:{settings.operator_port}/"))
    if settings.telegram_mode == "off":
        found.append(("Telegram (simulated)", base + "/simulator/telegram"))
    return found
