"""Pages in the console: the list, and one page with what belongs to it."""

from html import unescape

from tests.console.browsing import enter, text_of
from tests.makers import Cast


def test_the_list_says_where_each_page_is(acme: Cast) -> None:
    html = enter(acme.viewer).get("/o/acme/pages/").content.decode()
    assert "Acme status 3 services http://status.acme.test" in text_of(html)


def test_a_page_without_a_proven_address_says_so(acme: Cast) -> None:
    acme.page.hosts.update(verified_at=None, proof="not shown yet")
    assert "no proven address" in enter(acme.viewer).get("/o/acme/pages/").content.decode()


def test_a_page_shows_its_services(acme: Cast) -> None:
    html = enter(acme.viewer).get(f"/o/acme/pages/{acme.page.public_id}/").content.decode()
    assert "Acme checkout Operational" in text_of(html)


def test_what_can_stand_on_ones_own_site_is_there_to_copy(acme: Cast) -> None:
    answer = enter(acme.viewer).get(f"/o/acme/pages/{acme.page.public_id}/embeds/")
    html = answer.content.decode()
    assert unescape('&lt;script src="http://status.acme.test/embed/notice.js" async&gt;') in unescape(html)
    assert acme.cards.public_id in html
    policy = answer["Content-Security-Policy"]
    assert "frame-src http://status.acme.test;" in f"{policy};"
    assert "frame-ancestors 'none'" in policy


def test_a_page_that_is_not_for_everybody_stands_nowhere_else(acme: Cast) -> None:
    type(acme.page).objects.update(audience="members")
    html = enter(acme.viewer).get(f"/o/acme/pages/{acme.page.public_id}/embeds/").content.decode()
    assert "none of it may stand on another site" in html
    assert "notice.js" not in html
