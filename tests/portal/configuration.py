"""What a harvest of the mock portal needs: mingzhang.toml and a portal file a site.

Ports are ephemeral, so all of it is written when the portal runs.
"""

from __future__ import annotations

from pathlib import Path
from typing import Final

from tests.portal.server import Portal

REGISTER: Final = Path(__file__).parent / "register"
SLUGS: Final = {
    "A": "jiangcheng",
    "B": "donghu",
    "C": "qinglu",
    "D": "laocheng",
    "E": "pingtai",
}
STARTS: Final = {
    "A": ("/zwgk_12/fdzdgknr/czxx/bmyjs/",),
    "B": ("/col/col5301/index.html?number=N00005",),
    "C": ("/qlq/c104524/list.shtml",),
    "D": ("/class.asp?class=1150",),
    "E": tuple(f"/gkmlpt/index#{category}" for category in (101, 102, 103, 104)),
}
# The platform shows four districts, a category each.
DIVISIONS: Final = {"#101": "990101", "#102": "990102", "#103": "990103", "#104": "990104"}

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
timeout = {timeout}
"""
_ENTRY: Final = """
[[entries]]
url = "{url}"
"""


def write(
    folder: Path, portal: Portal, sites: str = "AC", delay: float = 0.1, timeout: float = 60
) -> Path:
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
            timeout=timeout,
        )
        for start in STARTS[letter]:
            text += _ENTRY.format(url=portal.url(letter, start))
            if own := DIVISIONS.get(start[-4:]):
                text += f'division = "{own}"\n'
        (portals / f"{SLUGS[letter]}.toml").write_text(text, encoding="utf-8")
    settings = folder / "mingzhang.toml"
    names = ", ".join(f'"{SLUGS[letter]}"' for letter in sites)
    settings.write_text(
        _SETTINGS.format(register=REGISTER.as_posix(), portals=names), encoding="utf-8"
    )
    return settings
