"""Where errors of the site are reported, as its operator has set it."""

from __future__ import annotations

from pathlib import Path

import pytest
from msgspec import structs

from archive.settings import Settings, SettingsError
from diffing.site.settings import SiteSettings
from tests.diffing.archived import identity

from .built import Site, budget, placed, text_of

MAIL = "o'brien+errors@example.org"
WEB = 'https://example.org/report?a=<b>&c="d"'


def filled(root: Path, lang: str = "zh") -> Site:
    """A site of one document."""
    site = Site(root, lang=lang)
    site.filing.commit(placed(budget()), identity(2024))
    site.build()
    return site


def with_contact(site: Site, contact: str) -> Site:
    site.settings = structs.replace(site.settings, contact=contact)
    site.build()
    return site


@pytest.mark.parametrize(
    ("contact", "href"), [(MAIL, "mailto:o%27brien%2Berrors@example.org"), (WEB, WEB)]
)
def test_where_errors_are_reported_stands_on_every_page(
    tmp_path: Path, contact: str, href: str
) -> None:
    site = filled(tmp_path)
    for path, page in site.pages().items():
        assert "请告知" not in text_of(page), path

    with_contact(site, contact)

    for path, page in site.pages().items():
        (link,) = page.xpath("//footer[@class='foot']//p[contains(., '请告知')]/a")
        assert (text_of(link), link.get("href")) == (contact, href), path
    (section,) = site.page("about.html").xpath("//section[@id='contact']")
    assert section.xpath(".//a/@href") == [href]
    assert site.build().written == 0

    with_contact(site, "")
    assert site.page("about.html").xpath("//section[@id='contact']") == []


def test_an_english_site_says_it_in_english(tmp_path: Path) -> None:
    site = with_contact(filled(tmp_path, "en"), MAIL)
    (foot,) = site.page("index.html").xpath("//footer/p[2]")
    assert text_of(foot) == f"Report errors of this site to {MAIL}"
    assert text_of(site.page("about.html").xpath("//section[@id='contact']/h2")[0]) == (
        "Report an error"
    )


@pytest.mark.parametrize(
    "contact",
    ["javascript:alert(1)", "http://example.org", "https://", "errors@localhost", " ", "a b@c.org"],
)
def test_a_contact_that_leads_nowhere_is_refused_with_what_to_write(contact: str) -> None:
    settings = Settings(Path("/desk/mingzhang.toml"), {"site": {"contact": contact}})
    with pytest.raises(SettingsError) as error:
        settings.section("site", SiteSettings)
    assert str(error.value) == (
        f"/desk/mingzhang.toml: [site]: contact: {contact!r} is neither an e-mail address nor an"
        ' https address; write one such as "errors@example.org" or "https://example.org/contact"'
    )
