"""A page whose last address is lost: nobody finds it, and nothing else breaks."""

from statuspage.kit import clock
from statuspage.kit.tenancy import scope
from statuspage.pages.models import Page
from tests.engine import Engine
from tests.makers import Cast, make_person, open_incident, outage, resolve, subscribe
from tests.publishing.conftest import Published
from tests.timeline import Timeline


def lose_every_address(page: Page) -> None:
    now = clock.now()
    page.hosts.update(proof="it was", missed_at=now, lost_at=now)
    Page.objects.filter(pk=page.pk).touch()


def test_it_is_written_and_led_to_by_no_host(acme: Cast, published: Published) -> None:
    published.publish(acme.page)
    lose_every_address(acme.page)
    open_incident(acme, body="Some payments fail.", services=outage(acme.checkout))
    published.publish(acme.page)
    assert list((published.root / "hosts").iterdir()) == []
    assert "Trouble with payments" in published.text(acme.page)
    assert published.json(acme.page)["page"]["url"] == ""


def test_subscribers_hear_of_incidents_all_the_same(acme: Cast, engine: Engine, timeline: Timeline) -> None:
    with scope(organization=acme.organization):
        subscribe(make_person(acme.organization, "carla@customer.test", confirmed_at=clock.now()), acme.page)
        lose_every_address(acme.page)
        incident = open_incident(acme, body="Some payments fail.", services=outage(acme.checkout))
        timeline.on(minutes=30)
        resolve(acme, incident)
        timeline.on(minutes=5)
    told = engine.to("carla@customer.test")
    assert [caught.subject for caught in told] == [
        "[Acme] Investigating: Trouble with payments",
        "[Acme] Resolved: Trouble with payments",
    ]
    for caught in told:
        assert "/incidents/" not in caught.text
        assert "/u/" not in caught.text
        assert "it may hold words that are not public" not in caught.text
        assert "you subscribed to Acme's status page" in caught.text
