"""`python -m tests.portal`: serve the mock portal until Ctrl-C."""

from __future__ import annotations

import threading

import click

from tests.portal import Portal


def main() -> None:
    """Print the addresses and serve."""
    with Portal() as portal:
        for letter, site in portal.sites.items():
            click.echo(f"{letter}  {site.manifest.name}  {portal.url(letter, '/')}")
        click.echo(f"control  {portal.control_url}  (POST /tick, /fault, /reset; GET /, /log)")
        try:
            threading.Event().wait()
        except KeyboardInterrupt:
            click.echo()


if __name__ == "__main__":
    main()
