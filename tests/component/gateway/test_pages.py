"""What the gateway's pages tell is done as it stands there: granted, pasted into a shell, answered."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from uuid import uuid4

import pytest
from sqlalchemy import Engine

from infra.settings import Settings
from tests.component.gateway.running import HTTP, Gateway, gateway_process
from tests.gateway_pages import blocks, granted, links
from tests.granted_clients import grant_client
from tests.waiting import wait_until

ROOT = Path(__file__).parents[3]
PUSHED = ("shopee", "lazada", "tiktok-shop", "sendo")


@pytest.fixture(scope="module")
def pages(servers: Settings, engine: Engine, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Gateway]:
    """A gateway whose marketplaces.toml is put together from its own pages."""
    folder = tmp_path_factory.mktemp("pages")
    with gateway_process(servers, engine, folder) as gateway:
        told = [before for name in PUSHED for before in blocks(page(gateway, f"/docs/webhooks/{name}"), "before")]
        settings = folder / "marketplaces.toml"
        settings.write_text("\n".join(told), encoding="utf-8")
        settings.chmod(0o600)
        gateway.stop()
        gateway.start(HAGIANG_MARKETPLACES=str(settings))
        wait_until(gateway.reaches_kafka)
        yield gateway


def page(gateway: Gateway, path: str) -> str:
    answer = HTTP.get(f"{gateway.url}{path}")
    assert answer.status_code == 200, path
    return answer.text


def paste(lines: str, folder: Path, **environ: str) -> str:
    """What a shell prints that is given the lines."""
    tools = f"{Path(sys.executable).parent}:{os.environ['PATH']}"
    done = subprocess.run(
        ["bash", "-euo", "pipefail", "-c", lines],
        cwd=folder,
        env={**os.environ, "PATH": tools, **environ},
        capture_output=True,
        text=True,
        timeout=60,
    )
    assert done.returncode == 0, done.stderr
    return done.stdout


def test_every_curl_line_is_taken_with_what_its_page_lets_the_operator_grant(
    pages: Gateway, engine: Engine, tmp_path: Path
) -> None:
    found = [each for each in links(page(pages, "/docs")) if each.startswith("/docs/") and "/webhooks/" not in each]
    asked = {path: page(pages, path) for path in found if path != "/docs/problems"}
    keys = {}
    for path, text in asked.items():
        (line,) = blocks(text, "before")
        wish = granted(line)
        keys[path] = grant_client(engine, f"page-{uuid4().hex[:10]}", wish.events, wish.sources)
    pasted = 0
    for path, text in asked.items():
        wait_until(lambda path=path: knows(pages, keys[path]))
        for lines in blocks(text, "shell"):
            told = json.loads(paste(lines, tmp_path, GATEWAY_URL=pages.url, HAGIANG_API_KEY=keys[path]))
            assert told.get("accepted"), (path, lines, told)
            assert len(told["records"]) == told["accepted"]
            pasted += 1
    assert len(asked) > 20
    assert pasted > 4 * 20


def knows(gateway: Gateway, key: str) -> bool:
    """Whether the gateway has heard of the client; a body that is no JSON comes after the key."""
    told = {"authorization": f"Bearer {key}", "content-type": "application/json"}
    return HTTP.post(f"{gateway.url}/dossier-sync", content=b"{", headers=told).status_code != 401


@pytest.mark.parametrize("name", PUSHED)
def test_a_push_signed_by_hand_is_taken(pages: Gateway, tmp_path: Path, name: str) -> None:
    (lines,) = blocks(page(pages, f"/docs/webhooks/{name}"), "shell")
    before = pages.log.read_text(encoding="utf-8").count("push_accepted")
    answer = paste(lines, tmp_path, GATEWAY_URL=pages.url)
    assert answer.startswith("HTTP/1.1 200"), answer
    assert pages.log.read_text(encoding="utf-8").count("push_accepted") == before + 1
    forged = lines.replace("'secret-of-the-app'", "x").replace("'key-in-the-address'", "x")
    assert paste(forged, tmp_path, GATEWAY_URL=pages.url).startswith("HTTP/1.1 401")


def test_the_operators_line_and_the_developers_lines_work_one_after_the_other(
    pages: Gateway, servers: Settings, tmp_path: Path
) -> None:
    text, name = page(pages, "/docs/edxml"), f"so-{uuid4().hex[:10]}"
    (grant,) = blocks(text, "before")
    paste(grant.replace("my-agency", name), tmp_path, HAGIANG_HOME=str(servers.home))
    key = paste(f'set -a; . ./{name}.env; set +a; printf %s "$HAGIANG_API_KEY"', tmp_path)
    wait_until(lambda: knows(pages, key))
    for lines in blocks(text, "shell"):
        assert json.loads(paste(lines, tmp_path, GATEWAY_URL=pages.url, HAGIANG_API_KEY=key))["accepted"] == 1


@pytest.mark.parametrize("part", ["edxml", "dossier_sync", "partners"])
def test_the_lines_of_a_parts_readme_work(pages: Gateway, servers: Settings, tmp_path: Path, part: str) -> None:
    (tmp_path / "producers").symlink_to(ROOT / "producers")
    text = (ROOT / "producers" / part / "README.md").read_text(encoding="utf-8")
    lines = next(each for each in text.split("```\n") if each.startswith("hagiang access grant"))
    grant, read, post = lines.partition("set -a; ")
    name, ours = grant.split()[3], f"so-{uuid4().hex[:10]}"
    paste(grant.replace(name, ours), tmp_path, HAGIANG_HOME=str(servers.home))
    told = f"{read}{post}".replace(name, ours).replace("set +a\n", f"set +a; GATEWAY_URL={pages.url}\n")
    key = paste(told.partition("\n")[0] + '; printf %s "$HAGIANG_API_KEY"', tmp_path)
    wait_until(lambda: knows(pages, key))
    assert json.loads(paste(told, tmp_path))["accepted"] >= 1


def test_a_running_gateway_tells_what_the_warehouse_judges(pages: Gateway) -> None:
    text = page(pages, "/docs/government.dossier_status_changed")
    assert "<code>agency_code_ref</code>" in text
    assert "<code>status_transition</code>" in text


def test_head_tells_the_length_and_sends_no_body(pages: Gateway, tmp_path: Path) -> None:
    for path in ("/docs", "/docs/edxml", "/openapi.json"):
        whole = HTTP.get(f"{pages.url}{path}")
        told = paste(f'curl -sS -I "$GATEWAY_URL{path}"', tmp_path, GATEWAY_URL=pages.url)
        assert told.startswith("HTTP/1.1 200")
        assert f"content-length: {len(whole.content)}" in told.lower()
