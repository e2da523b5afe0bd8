"""What a harvest of the mock portal needs: mingzhang.toml and a portal file a site.

Ports are ephemeral, so all of it is written when the portal runs.
"""

from __future__ import annotations

from pathlib import Path
from typing import Final

from tests.portal.server import Portal

REGISTER: Final = Path(__file__).parent / "register"
SLUGS: Final = {"A": "jiangcheng", "C": "qinglu"}
STARTS: Final = {"A": "/zwgk_12/fdzdgknr/czxx/bmyjs/", "C": "/qlq/c104524/list.shtml"}

_SETTINGS: Final = """\
# Written for a trial against the mock portal.

[archive]
path = "archive"
register = ["{register}"]

[harvest]
contact = "https://mingzhang.invalid/demo"
portals = [{portals}]
portal_folders = ["portals"]

[digest]
folder = "digests"
"""
_PORTAL: Final = """\
slug = "{slug}"
name = "{name}"
division = "{division}"
family = "{family}"
verified = true
allow_private = true # a portal for trials, on this machine
delay = {delay}

[[entries]]
url = "{url}"
"""


def write(folder: Path, portal: Portal, sites: str = "AC", delay: float = 0.1) -> Path:
    """Write settings and portal files into an existing folder; the settings' path is returned."""
    portals = folder / "portals"
    portals.mkdir(exist_ok=True)
    for letter in sites:
        manifest = portal.sites[letter].manifest
        text = _PORTAL.format(
            slug=SLUGS[letter],
            name=manifest.district,
            division=manifest.division,
            family=manifest.family,
            delay=delay,
            url=portal.url(letter, STARTS[letter]),
        )
        (portals / f"{SLUGS[letter]}.toml").write_text(text, encoding="utf-8")
    settings = folder / "mingzhang.toml"
    names = ", ".join(f'"{SLUGS[letter]}"' for letter in sites)
    settings.write_text(
        _SETTINGS.format(register=REGISTER.as_posix(), portals=names), encoding="utf-8"
    )
    return settings
