from tests.makers import Cast, open_incident, outage
from tests.publishing.conftest import Published


def test_first(acme: Cast, published: Published) -> None:
    open_incident(acme, body="Cards fail.", services=outage(acme.cards))
    published.publish(acme.page)
    print(published.names(acme.page))
    print(published.text(acme.page))
    print(published.text(acme.page, "api/v2/summary.json"))
