"""How long a certificate is still good: the one thing about an exchange that surely stops working by itself."""

from __future__ import annotations

from datetime import datetime, timedelta, timezone
from pathlib import Path

from cryptography import x509


def days_left(certificate: Path) -> float:
    """Days until the last day of the first certificate in a PEM file; negative when it is over.

    Raises:
        ValueError: there is none in it. OSError: it cannot be read.
    """
    found = x509.load_pem_x509_certificate(certificate.read_bytes())
    return (found.not_valid_after_utc - datetime.now(timezone.utc)) / timedelta(days=1)
