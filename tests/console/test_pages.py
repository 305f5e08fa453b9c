"""Pages in the console: the list, and one page with what belongs to it."""

from tests.console.browsing import enter, text_of
from tests.makers import Cast


def test_the_list_says_where_each_page_is(acme: Cast) -> None:
    html = enter(acme.viewer).get("/o/acme/pages/").content.decode()
    assert "Acme status 3 services http://status.acme.test" in text_of(html)


def test_a_page_without_a_proven_address_says_so(acme: Cast) -> None:
    acme.page.hosts.update(verified_at=None)
    assert "no proven address" in enter(acme.viewer).get("/o/acme/pages/").content.decode()


def test_a_page_shows_its_services(acme: Cast) -> None:
    html = enter(acme.viewer).get(f"/o/acme/pages/{acme.page.public_id}/").content.decode()
    assert "Acme checkout Operational" in text_of(html)
