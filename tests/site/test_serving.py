"""`mingzhang serve`: the files of the site, on loopback, and nothing else."""

from __future__ import annotations

import http.client
import threading
from collections.abc import Iterator
from pathlib import Path

import pytest
from click.testing import CliRunner

from crawler.cli import mingzhang
from diffing.site.serving import server
from diffing.site.state import FOLDER


@pytest.fixture
def served(tmp_path: Path) -> Iterator[tuple[Path, int]]:
    folder = tmp_path / "site"
    (folder / FOLDER).mkdir(parents=True)
    (folder / FOLDER / "state.sqlite").write_text("kept")
    (folder / "index.html").write_text("<!DOCTYPE html><title>明账</title>")
    (folder / "d").mkdir()
    (tmp_path / "secret.txt").write_text("secret")
    with server(folder, 0) as found:
        thread = threading.Thread(target=found.serve_forever, kwargs={"poll_interval": 0.01})
        thread.start()
        yield folder, found.server_address[1]
        found.shutdown()
        thread.join()


def asked(port: int, path: str, host: str | None = None, method: str = "GET") -> tuple[int, str]:
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=10)
    try:
        headers = {} if host is None else {"Host": host}
        connection.request(method, path, headers=headers)
        answer = connection.getresponse()
        return answer.status, answer.read().decode()
    finally:
        connection.close()


def test_it_serves_the_site(served: tuple[Path, int]) -> None:
    assert asked(served[1], "/") == (200, "<!DOCTYPE html><title>明账</title>")


@pytest.mark.parametrize(
    "path",
    [
        "/../secret.txt",
        "/%2e%2e/secret.txt",
        "/..%2fsecret.txt",
        "//etc/passwd",
        f"/{FOLDER}/state.sqlite",
        f"/d/../{FOLDER}/state.sqlite",
        "/out/secret.txt",
        "/d/",
        "/none.html",
    ],
)
def test_nothing_but_files_of_the_site_can_be_had(served: tuple[Path, int], path: str) -> None:
    folder, port = served
    (folder / "out").symlink_to(folder.parent)
    status, body = asked(port, path)
    assert status == 404
    assert "secret" not in body


def test_a_name_that_leads_here_from_elsewhere_is_turned_away(served: tuple[Path, int]) -> None:
    port = served[1]
    assert asked(port, "/", host=f"evil.example:{port}")[0] == 403
    assert asked(port, "/", host=f"localhost:{port}")[0] == 200


def test_nothing_can_be_written(served: tuple[Path, int]) -> None:
    assert asked(served[1], "/index.html", method="PUT")[0] == 501


def test_it_listens_on_this_machine_only(tmp_path: Path) -> None:
    with server(tmp_path, 0) as found:
        assert found.server_address[0] == "127.0.0.1"


def test_a_folder_without_a_site_is_refused_with_what_to_do(tmp_path: Path) -> None:
    result = CliRunner().invoke(mingzhang, ["serve", str(tmp_path)])
    assert result.exit_code == 2
    assert "mingzhang site build" in result.output


def test_a_port_that_is_taken_is_said_with_what_to_do(tmp_path: Path) -> None:
    (tmp_path / FOLDER).mkdir()
    with server(tmp_path, 0) as taken:
        port = str(taken.server_address[1])
        found = CliRunner().invoke(mingzhang, ["serve", str(tmp_path), "--port", port])
    assert found.exit_code == 1
    assert f"port {port} cannot be used" in found.output
    assert "--port" in found.output
    assert "Errno" not in found.output
