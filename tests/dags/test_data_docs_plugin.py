"""The Data Docs plugin: in the menu, for logged-in users only, and nothing beside the site's own files."""

from __future__ import annotations

import importlib.util
from pathlib import Path
from types import ModuleType

import pytest
from airflow.api_fastapi.core_api.security import get_user
from fastapi.testclient import TestClient

from expectations.data_docs import write_front
from infra.data_docs.app import data_docs_app
from infra.local.airflow_environment import PLUGINS_FOLDER


@pytest.fixture
def site(tmp_path: Path) -> Path:
    (tmp_path / "secret.env").write_text("PASSWORD=x", encoding="utf-8")
    folder = tmp_path / "data_docs"
    write_front(folder)
    (folder / ".draft").write_text("half", encoding="utf-8")
    return folder


def client(site: Path, *, logged_in: bool) -> TestClient:
    app = data_docs_app(site)
    if logged_in:
        app.dependency_overrides[get_user] = lambda: None
    return TestClient(app, follow_redirects=False)


def test_whoever_is_not_logged_in_is_sent_to_the_login(site: Path) -> None:
    for path in ("/", "/index.html", "/style.css", "/nothing.html"):
        answer = client(site, logged_in=False).get(path)
        assert answer.status_code == 303, path
        assert answer.headers["location"].startswith("/api/v2/auth/login?next=")
        assert "Data Docs" not in answer.text


def test_a_logged_in_user_reads_pages_that_may_run_no_script(site: Path) -> None:
    for path in ("/", "/index.html"):
        answer = client(site, logged_in=True).get(path)
        assert (answer.status_code, "Chất lượng dữ liệu" in answer.text) == (200, True)
        assert "default-src 'none'" in answer.headers["content-security-policy"]
        assert "script-src" not in answer.headers["content-security-policy"]


@pytest.mark.parametrize(
    "path", ["../secret.env", "%2e%2e/secret.env", "..%2fsecret.env", ".draft", "nothing.html", "//etc/passwd"]
)
def test_nothing_but_the_site_is_served(site: Path, path: str) -> None:
    answer = client(site, logged_in=True).get(f"/{path}")
    assert answer.status_code == 404
    assert "PASSWORD" not in answer.text


def test_a_site_that_is_not_there_yet_has_a_front_page(tmp_path: Path) -> None:
    answer = client(tmp_path / "not_yet", logged_in=True).get("/")
    assert (answer.status_code, "No check yet" in answer.text) == (200, True)


def test_the_plugin_is_in_the_menu_and_serves_where_it_points() -> None:
    plugin = load(PLUGINS_FOLDER / "data_docs.py").DataDocsPlugin
    (app,), (view,) = plugin.fastapi_apps, plugin.external_views
    assert view["destination"] == "nav"
    assert view["url_route"], "Airflow leaves out views without one"
    assert view["href"].startswith(app["url_prefix"] + "/")


def load(path: Path) -> ModuleType:
    spec = importlib.util.spec_from_file_location(path.stem, path)
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module
