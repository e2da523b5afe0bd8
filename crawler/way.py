"""The way an answer came: what it was led through, and the name on the server's certificate."""

from __future__ import annotations

from scrapy.http import Response

__all__ = ["redirects", "tls_name"]


def redirects(response: Response) -> tuple[str, ...]:
    """The addresses that led to the final one, in order, each after the status that sent on.

    Such as "302 https://www.example.gov.cn/download?id=1".
    """
    if response.request is None:
        return ()
    urls = response.request.meta.get("redirect_urls", ())
    reasons = response.request.meta.get("redirect_reasons", ())
    return tuple(f"{reason} {url}" for reason, url in zip(reasons, urls, strict=False))


def tls_name(response: Response) -> str:
    """The names on the certificate of the server that answered; "" without TLS."""
    if response.certificate is None:
        return ""
    from cryptography import x509

    certificate = response.certificate.original.to_cryptography()
    try:
        found = certificate.extensions.get_extension_for_class(x509.SubjectAlternativeName)
        names = found.value.get_values_for_type(x509.DNSName)
    except x509.ExtensionNotFound:
        names = []
    if not names:
        subject = certificate.subject.get_attributes_for_oid(x509.NameOID.COMMON_NAME)
        names = [str(attribute.value) for attribute in subject]
    return " ".join(names)
