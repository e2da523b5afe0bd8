from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec
from OpenSSL.crypto import X509
from scrapy import Request
from scrapy.http import Response
from twisted.internet.ssl import Certificate

from crawler.way import redirects, tls_name

FINAL = "https://www.example.gov.cn/attach/0/a.pdf"


def certificate(*names: str) -> Any:
    key = ec.generate_private_key(ec.SECP256R1())
    subject = x509.Name([x509.NameAttribute(x509.NameOID.COMMON_NAME, "common.example.gov.cn")])
    begin = datetime(2026, 1, 1, tzinfo=UTC)
    builder = (
        x509.CertificateBuilder()
        .subject_name(subject)
        .issuer_name(subject)
        .public_key(key.public_key())
        .serial_number(1)
        .not_valid_before(begin)
        .not_valid_after(begin + timedelta(days=1))
    )
    if names:
        alternative = x509.SubjectAlternativeName([x509.DNSName(name) for name in names])
        builder = builder.add_extension(alternative, critical=False)
    return Certificate(X509.from_cryptography(builder.sign(key, hashes.SHA256())))


def test_the_way_through_redirects_is_told_in_order() -> None:
    meta = {
        "redirect_urls": ["http://www.example.gov.cn/d?1", "https://www.example.gov.cn/d?1"],
        "redirect_reasons": [301, 302],
    }
    response = Response(FINAL, request=Request(FINAL, meta=meta))
    assert redirects(response) == (
        "301 http://www.example.gov.cn/d?1",
        "302 https://www.example.gov.cn/d?1",
    )
    assert redirects(Response(FINAL, request=Request(FINAL))) == ()
    assert redirects(Response(FINAL)) == ()


@pytest.mark.parametrize(
    ("names", "told"),
    [
        (("example.gov.cn", "*.example.gov.cn"), "example.gov.cn *.example.gov.cn"),
        ((), "common.example.gov.cn"),
    ],
)
def test_the_names_on_the_certificate_are_told(names: tuple[str, ...], told: str) -> None:
    assert tls_name(Response(FINAL, certificate=certificate(*names))) == told
    assert tls_name(Response(FINAL)) == ""
