"""Certificates for trials and tests: an authority, a server and a client, and an expired pair of each. Never real ones.

The keys are made anew in each folder, readable by their owner only, and no authority outlives 60 days.
"""

from __future__ import annotations

import ipaddress
import os
from dataclasses import dataclass
from datetime import datetime, timedelta, timezone
from pathlib import Path

from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import ExtendedKeyUsageOID, NameOID

_LIFE = timedelta(days=60)
_EXPIRED = timedelta(days=70)


@dataclass(frozen=True)
class Certificates:
    """A folder of certificates; each name has its certificate NAME.pem and, but for the authority, its key NAME.key."""

    folder: Path

    @property
    def ca(self) -> Path:
        """The authority's certificate."""
        return self.folder / "ca.pem"

    def pair(self, name: str) -> tuple[Path, Path]:
        """Certificate and key of server, client, expired-server, expired-client or stranger (another authority's)."""
        return self.folder / f"{name}.pem", self.folder / f"{name}.key"


def make_certificates(folder: Path) -> Certificates:
    """Make all of them in a folder, in place of those that are there.

    Raises:
        OSError: the folder cannot be written.
    """
    folder.mkdir(parents=True, exist_ok=True)
    made = Certificates(folder)
    authority = _Authority("Dalil trial authority")
    made.ca.write_bytes(authority.certificate.public_bytes(serialization.Encoding.PEM))
    for name, server, expired in (
        ("server", True, False),
        ("client", False, False),
        ("expired-server", True, True),
        ("expired-client", False, True),
    ):
        authority.issue(made.pair(name), name, server=server, expired=expired)
    _Authority("Somebody else's authority").issue(made.pair("stranger"), "stranger", server=False, expired=False)
    return made


class _Authority:
    """Its key lives as long as this object and is written nowhere."""

    def __init__(self, name: str) -> None:
        self._key = ec.generate_private_key(ec.SECP256R1())
        self._name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, name)])
        builder = _builder(self._name, self._name, self._key.public_key(), expired=False)
        usage = x509.KeyUsage(False, False, False, False, False, True, True, False, False)
        builder = builder.add_extension(x509.BasicConstraints(ca=True, path_length=0), critical=True)
        self.certificate = builder.add_extension(usage, critical=True).sign(self._key, hashes.SHA256())

    def issue(self, pair: tuple[Path, Path], name: str, *, server: bool, expired: bool) -> None:
        key = ec.generate_private_key(ec.SECP256R1())
        subject = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, name)])
        use = ExtendedKeyUsageOID.SERVER_AUTH if server else ExtendedKeyUsageOID.CLIENT_AUTH
        builder = _builder(subject, self._name, key.public_key(), expired=expired)
        builder = builder.add_extension(x509.ExtendedKeyUsage([use]), critical=False)
        builder = builder.add_extension(x509.BasicConstraints(ca=False, path_length=None), critical=True)
        authority_key = x509.AuthorityKeyIdentifier.from_issuer_public_key(self._key.public_key())
        builder = builder.add_extension(authority_key, critical=False)
        if server:
            names = [x509.DNSName("localhost"), x509.IPAddress(ipaddress.ip_address("127.0.0.1"))]
            builder = builder.add_extension(x509.SubjectAlternativeName(names), critical=False)
        certificate, key_file = pair
        certificate.write_bytes(
            builder.sign(self._key, hashes.SHA256()).public_bytes(serialization.Encoding.PEM)
            + self.certificate.public_bytes(serialization.Encoding.PEM)
        )
        _write_key(key_file, key)


def _builder(
    subject: x509.Name, issuer: x509.Name, key: ec.EllipticCurvePublicKey, *, expired: bool
) -> x509.CertificateBuilder:
    # A day back: a trial must not fail on two clocks that differ.
    start = datetime.now(timezone.utc) - (_EXPIRED if expired else timedelta(days=1))
    return (
        x509.CertificateBuilder()
        .subject_name(subject)
        .issuer_name(issuer)
        .public_key(key)
        .serial_number(x509.random_serial_number())
        .not_valid_before(start)
        .not_valid_after(start + _LIFE)
        .add_extension(x509.SubjectKeyIdentifier.from_public_key(key), critical=False)
    )


def _write_key(file: Path, key: ec.EllipticCurvePrivateKey) -> None:
    text = key.private_bytes(
        serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
    )
    file.unlink(missing_ok=True)
    with os.fdopen(os.open(file, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "wb") as written:
        written.write(text)
