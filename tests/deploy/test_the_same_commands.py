"""An afternoon with docker-compose.yml, without containers: first start, first incident, the end of everything.

The commands are read from the file and run as they stand there, behind a real nginx with the configuration of
deploy/, on a PostgreSQL and a Valkey of their own, with a real mail server at the end of the wire.
"""

import re
import shutil
import tempfile
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

from benchmarks.pages.outage import addresses
from statuspage.demo.sinks import SmtpSink
from tests.deploy.browsing import Browser, Page
from tests.deploy.composing import Service
from tests.deploy.installation import CONSOLE, OWNER, PAGE, Installation, wait_until
from tooling import servers
from tooling.servers import answers

pytestmark = pytest.mark.slow

ON_CALL = "otto@acme.test"
WORDS = "Card payments fail. We are finding out why."
MORE = "It is the gateway. We are rolling back."


@pytest.fixture
def here(monkeypatch: pytest.MonkeyPatch) -> Iterator[Installation]:
    """A folder that the servers' account can walk to, which pytest's own is not; without the suite's servers."""
    monkeypatch.delenv("DATABASE_URL", raising=False)
    monkeypatch.delenv("REDIS_URL", raising=False)
    folder = Path(tempfile.mkdtemp(prefix="ripple-deploy-"))
    folder.chmod(0o755)
    yield Installation(folder)
    servers.forget(folder)
    shutil.rmtree(folder)


def test_the_commands_that_compose_names_run_a_status_page_that_outlives_them(here: Installation) -> None:
    with SmtpSink(ledger=here.folder / "mail.jsonl") as smtp:
        here.fill_in(RIPPLE_SMTP_URL=f"smtp://127.0.0.1:{smtp.port}")
        with here.front():
            with servers.running(here.folder, is_lasting=False) as started:
                here.fill_in(RIPPLE_SMTP_URL=f"smtp://127.0.0.1:{smtp.port}", **started.environment)
                with ThreadPoolExecutor() as pool:
                    checked, password = pool.submit(nothing_to_warn_of, here), first_start(here)
                checked.result()
                with here.application() as crew:
                    an_incident(here, Browser(here.certificates.glob("*/fullchain.pem")), password, smtp)
                    everything_is_well(here)
                    assert crew.stop() == dict.fromkeys((each.name for each in here.lasting), 0), here.logs()
                processes = [running.process for running in started.running]
            assert all(process.poll() is not None for process in processes), "PostgreSQL and Valkey are gone"
            every_page_is_read(here)


def first_start(here: Installation) -> str:
    """Returns the password that the first owner is given."""
    prepare = here.services["prepare"]
    done = here.run(prepare.command, environment=here.environment(prepare))
    assert done.returncode == 0, done.stderr
    found = re.search(rf"Log in as {OWNER} with (\S+)\.$", done.stdout, re.MULTILINE)
    assert found, done.stdout
    return found[1]


def nothing_to_warn_of(here: Installation) -> None:
    """Django's own list of what a public installation must have."""
    checking = "python manage.py check --deploy --fail-level WARNING"
    done = here.run(checking, environment=here.environment(here.services["web"]))
    assert done.returncode == 0, done.stderr
    assert "no issues (0 silenced)" in done.stdout


def an_incident(here: Installation, browser: Browser, password: str, smtp: SmtpSink) -> None:
    """As a new owner does it: sign in, name a service and who is on call, declare, post."""
    console, slug = here.console, f"{here.console}/o/acme"
    entered = browser.submit(f"{console}/", "/accounts/login/", login=OWNER, password=password)
    assert entered.address.startswith(slug), entered.text
    assert browser.get(f"{console}/accounts/password/change/").status == 200
    saved(browser.submit(f"{slug}/services/new", "/o/acme/services/", name="Checkout"))
    saved(browser.submit(f"{slug}/people/new?ring=on_call", "/o/acme/people/", name="Otto", addresses=ON_CALL))
    words = {"title": "Gateway down", "public_title": "Trouble with payments", "severity": "sev1", "body": WORDS}
    room = saved(browser.submit(f"{slug}/incidents/new?template=blank", "/o/acme/incidents/", **words))
    saved(browser.submit(room.address, f"{room.address.removeprefix(console)}updates/", body=MORE))
    visitor = Browser(here.certificates.glob("*/fullchain.pem"))
    wait_until(lambda: MORE in visitor.get(f"{here.page}/").text, otherwise=here.logs)
    wait_until(lambda: [MORE for caught in mail(smtp) if MORE in caught], otherwise=here.logs)


def saved(page: Page) -> Page:
    """Where one is led once what was typed is kept; a form shown again would have its own address and a 422."""
    assert page.status == 200, page.text
    return page


def mail(smtp: SmtpSink) -> list[str]:
    return [caught.text for caught in smtp.messages() if caught.to == ON_CALL]


def everything_is_well(here: Installation) -> None:
    """As compose asks each of them."""

    def becomes_well(service: Service) -> None:
        wait_until(lambda: here.is_well(service), otherwise=lambda: f"{service.name} is not well.\n{here.logs()}")

    with ThreadPoolExecutor() as pool:
        list(pool.map(becomes_well, here.lasting))


def every_page_is_read(here: Installation) -> None:
    """Nothing runs but nginx."""
    assert not answers(here.port)
    browser = Browser(here.certificates.glob("*/fullchain.pem"))
    (folder,) = (here.published / "pages").iterdir()
    paths = addresses(folder)
    assert len(paths) > 20
    for path in paths:
        page = browser.get(here.page + path)
        assert (page.status, bool(page.body)) == (200, True), path
    assert MORE in browser.get(f"{here.page}/").text
    console = browser.get(f"{here.console}/")
    assert (console.status, "Published pages are not affected" in console.text) == (503, True)
    assert here.is_well(here.services["front"])
    assert {path.name for path in here.certificates.iterdir()} == {CONSOLE, PAGE}
