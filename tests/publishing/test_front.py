"""Published files over WSGI: as a web server would serve them, and nothing that is not published."""

import gzip
import os
import re
import subprocess
import sys
from email.utils import formatdate
from pathlib import Path

import pytest
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st

from statuspage import public_urls
from statuspage.front import ASK_AGAIN, TO_THE_APPLICATION, TYPES, Front
from statuspage.pages.store import Store
from tests.makers import Cast
from tests.publishing.serving import HOST, INDEX, LATER, NEIGHBOUR, PAGE, SECRET, ask, documents
from tooling import ROOT


@pytest.mark.parametrize(
    ("path", "body", "content_type"),
    [
        ("/", INDEX, "text/html; charset=utf-8"),
        ("/incidents/inc000000001", b"An incident", "text/html; charset=utf-8"),
        ("/api/v2/summary.json", b"{}", "application/json; charset=utf-8"),
        ("/assets/page.0123456789ab.css", b"a{}", "text/css; charset=utf-8"),
        ("/robots.txt", b"Allow", "text/plain; charset=utf-8"),
        ("/.well-known/security.txt", b"Contact: mailto:security@acme.test", "text/plain; charset=utf-8"),
        ("/heartbeat.json", b'{"at": 1}', "application/json; charset=utf-8"),
        *((f"/all/types{suffix}", suffix.encode(), name) for suffix, name in TYPES.items()),
    ],
)
def test_a_document_is_served_with_its_type(front: Front, path: str, body: bytes, content_type: str) -> None:
    answer = ask(front, path)
    assert (answer.status, answer.body, answer.headers["Content-Type"]) == (200, body, content_type)
    assert answer.headers["Content-Length"] == str(len(body))


@pytest.mark.parametrize("host", [HOST, HOST.upper(), f"{HOST}:8000"])
def test_the_page_is_found_however_its_host_is_written(front: Front, host: str) -> None:
    assert ask(front, host=host).body == INDEX


def test_the_gzipped_twin_goes_to_who_accepts_it(front: Front) -> None:
    answer = ask(front, accept_encoding="br, gzip;q=0.8")
    assert gzip.decompress(answer.body) == INDEX
    assert (answer.headers["Content-Encoding"], answer.headers["Vary"]) == ("gzip", "Accept-Encoding")
    assert ask(front, accept_encoding="gzip;q=0, identity").body == INDEX
    assert ask(front).headers["Vary"] == "Accept-Encoding"


def test_head_has_the_headers_of_get_and_no_body(front: Front) -> None:
    head, get = ask(front, method="HEAD"), ask(front)
    assert (head.status, head.headers, head.body) == (200, get.headers, b"")


@pytest.mark.parametrize("encoding", ["", "gzip"])
def test_who_has_this_version_is_told_so_in_a_304(front: Front, root: Path, encoding: str) -> None:
    first = ask(front, accept_encoding=encoding)
    tag, date = first.headers["ETag"], first.headers["Last-Modified"]
    for condition in (
        {"if_none_match": tag},
        {"if_none_match": f'"other", W/{tag}'},
        {"if_none_match": "*"},
        {"if_modified_since": date},
    ):
        again = ask(front, accept_encoding=encoding, **condition)
        assert (again.status, again.body, again.headers["ETag"]) == (304, b"", tag)
    Store(root).put(PAGE, documents(LATER), hosts=[HOST])
    for condition in (
        {"if_none_match": tag},
        {"if_modified_since": date},
        {"if_none_match": tag, "if_modified_since": date},
    ):
        assert ask(front, accept_encoding=encoding, **condition).status == 200


@pytest.mark.parametrize("since", ["", "yesterday", "Mon, 99 Foo 2026 00:00:00 GMT", formatdate(0, usegmt=True)])
def test_a_condition_that_says_nothing_is_answered_in_full(front: Front, since: str) -> None:
    assert ask(front, if_modified_since=since).status == 200


def test_every_answer_has_strict_headers_and_no_cookie(front: Front) -> None:
    for path in ("/", "/nothing", "/api/v2/summary.json"):
        headers = ask(front, path).headers
        assert headers["Content-Security-Policy"].startswith("default-src 'none'; style-src 'self'; script-src 'self';")
        assert headers["X-Content-Type-Options"] == "nosniff"
        assert "Referrer-Policy" in headers
        assert "Set-Cookie" not in headers
        assert "Strict-Transport-Security" not in headers


def test_under_tls_browsers_are_told_to_stay_there(root: Path) -> None:
    assert "Strict-Transport-Security" in ask(Front(published=root, is_tls=True)).headers


def test_browsers_ask_again_for_pages_and_keep_styles(front: Front) -> None:
    assert ask(front).headers["Cache-Control"] == ASK_AGAIN
    assert "immutable" in ask(front, "/assets/page.0123456789ab.css").headers["Cache-Control"]


def test_data_may_be_read_from_any_site_and_html_may_not(front: Front) -> None:
    for path in ("/api/v2/summary.json", "/heartbeat.json", "/all/types.atom", "/all/types.ics"):
        assert ask(front, path).headers["Access-Control-Allow-Origin"] == "*"
    assert "Access-Control-Allow-Origin" not in ask(front).headers


def test_only_what_is_made_for_it_may_stand_in_somebody_elses_page(front: Front) -> None:
    for path in ("/embed/frame", "/de/embed/frame", "/embed/status"):
        assert ask(front, path).headers["Content-Security-Policy"].endswith("frame-ancestors *")
    for path in ("/", "/nothing/embed/frame", "/embed/framed"):
        assert ask(front, path).headers["Content-Security-Policy"].endswith("frame-ancestors 'none'")


def test_scripts_for_other_sites_may_be_loaded_where_that_is_asked(front: Front) -> None:
    for path in ("/embed/notice.js", "/all/types.json", "/all/types.svg"):
        assert ask(front, path).headers["Cross-Origin-Resource-Policy"] == "cross-origin"
    for path in ("/", "/embed/frame", "/all/types.js", "/nothing.json"):
        assert "Cross-Origin-Resource-Policy" not in ask(front, path).headers


def test_whoever_may_see_more_is_answered_by_the_application(transactional_db: None, front: Front, acme: Cast) -> None:
    for name in ("ripple_view", "__Host-ripple_view"):
        answer = ask(front, cookie=f"theme=dark; {name}=x")
        assert (answer.status, answer.body == INDEX) == (404, False), (
            "a worthless cookie, and Django finds no files here"
        )
    for path in ("/heartbeat.json", "/assets/page.0123456789ab.css"):
        assert ask(front, path, cookie="ripple_view=x").status == 200
    for cookie in ("my_ripple_view=x", "ripple_views=x", "a=ripple_view"):
        assert ask(front, cookie=cookie).body == INDEX


@pytest.mark.parametrize(
    "path",
    [
        "/nothing",
        "/api/v3/summary.json",
        "/index.html.gz",
        "/404",
        "/404.html",
        "/.manifest",
        "/../secret.html",
        "/..%2fsecret.html",
        "/incidents/../index.html",
        "//etc/passwd",
        "/.index.html",
        "/index.html\0",
        "/incidents",
        "/incidents/",
        "/\xc3\xbc",
        "/A",
    ],
)
def test_an_unknown_address_is_answered_with_the_pages_own_404(front: Front, path: str) -> None:
    answer = ask(front, path)
    assert (answer.status, answer.body) == (404, b"Nothing here")


@pytest.mark.parametrize("method", ["POST", "PUT", "DELETE", "OPTIONS", "NONSENSE"])
def test_files_can_only_be_read(front: Front, method: str) -> None:
    answer = ask(front, method=method)
    assert (answer.status, answer.headers["Allow"]) == (405, "GET, HEAD")


def test_everything_the_application_answers_on_a_pages_host_is_let_through() -> None:
    """But for the last route, which draws the page itself where there is no file of it for this visitor."""
    *routes, shown = [f"/{pattern.pattern}" for pattern in public_urls.urlpatterns]
    assert shown == "/"
    assert all(route.startswith(TO_THE_APPLICATION) for route in routes)


def test_the_application_is_asked_for_its_own_addresses_and_for_other_hosts(
    transactional_db: None, front: Front, acme: Cast
) -> None:
    assert ask(front, "/u/not-a-token").body.count(b"There is nothing at this address") == 1
    nobody = ask(front, host="nobody.example")
    assert (nobody.status, nobody.body) == (421, b"There is no status page at this address.\n")


def test_a_verified_host_that_is_not_published_yet_says_nothing_of_the_console(
    transactional_db: None, front: Front, root: Path, acme: Cast
) -> None:
    (root / "hosts" / HOST).unlink()
    answer = ask(front)
    assert (answer.status, b"There is nothing at this address" in answer.body) == (404, True)


WITHOUT_DJANGO = """
import io
import sys
from statuspage.wsgi import application

def ask(host, **more):
    told = []
    body = b"".join(application(
        {"HTTP_HOST": host, "PATH_INFO": "/", "REQUEST_METHOD": "GET", "wsgi.input": io.BytesIO(), **more},
        lambda status, headers: told.append(status)
    ))
    print(told[0], body.decode()[:30])

ask("status.acme.test")
assert "statuspage.settings" not in sys.modules
ask("console.example")
ask("status.acme.test")
ask("status.acme.test", HTTP_COOKIE="ripple_view=x")
"""


@pytest.mark.parametrize(
    ("broken", "told"),
    [
        ({"RIPPLE_SECRET_KEY": ""}, "503 Service Unavailable The status console cannot be r"),
        ({"DJANGO_SETTINGS_MODULE": "no.such.settings"}, "503 Service Unavailable The status console cannot be r"),
        ({}, "503 Service Unavailable The database is away"),
    ],
)
def test_pages_are_served_when_django_cannot_start_or_has_no_database(
    tmp_path: Path, broken: dict[str, str], told: str
) -> None:
    """Those who may see more see, meanwhile, what everybody sees."""
    Store(tmp_path / "published").put(PAGE, documents(), hosts=[HOST])
    environment = {
        **os.environ,
        "RIPPLE_DATA_DIR": str(tmp_path),
        "DATABASE_URL": "postgres://nobody@127.0.0.1:1/none",
        "RIPPLE_DEBUG": "0",
        **broken,
    }
    done = subprocess.run(
        [sys.executable, "-c", WITHOUT_DJANGO], cwd=ROOT, env=environment, capture_output=True, text=True, check=False
    )
    lines, public = done.stdout.splitlines(), f"200 OK {INDEX.decode()}"
    assert (lines[0], lines[2:]) == (public, [public, public]), done.stderr
    assert lines[1].startswith(told)


NASTY = [
    *"..//\\\0:@-_~?#* ",
    "..",
    "../..",
    "//",
    "\r\n",
    "%2e%2e",
    "%00",
    "[::1]",
    "localhost",
    "\xff\xfe",
    "ü",
    "xn--",
]
NASTY += [HOST, PAGE, NEIGHBOUR, "hosts", "pages", "secret.html", "index.html", ".gz"]
pieces = st.lists(st.sampled_from(NASTY) | st.text(max_size=4), max_size=6).map("".join)
# A WSGI server hands over bytes decoded as Latin-1 (PEP 3333).
wire = pieces.map(lambda text: text.encode(errors="replace").decode("latin-1"))


@settings(max_examples=400, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(host=st.just(HOST) | wire, path=wire.map(lambda text: f"/{text}"))
@example(host=f"../pages/{NEIGHBOUR}", path="/")
@example(host=HOST, path=f"/../{NEIGHBOUR}/index.html")
@example(host="..", path="/secret.html")
def test_no_host_and_no_path_reaches_another_folder_or_breaks_anything(
    transactional_db: None, front: Front, acme: Cast, host: str, path: str
) -> None:
    answer = ask(front, path, host=host)
    assert answer.status < 500
    assert SECRET not in answer.body
    assert not re.search(rb"Traceback|/tmp/", answer.body)
