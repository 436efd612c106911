"""Digits: Arabic-Indic and Persian ones are read as ASCII."""

_TO_ASCII = {ord(digit): str(value) for digits in ("٠١٢٣٤٥٦٧٨٩", "۰۱۲۳۴۵۶۷۸۹") for value, digit in enumerate(digits)}


def to_ascii_digits(text: str) -> str:
    """Replace Arabic-Indic (٠) and Persian (۰) digits by ASCII ones; nothing else changes."""
    return text.translate(_TO_ASCII)
