"""Something of every kind for an organization to have: what the routes of the console lead to."""

from datetime import timedelta

from statuspage.kit import clock
from statuspage.kit.tenancy import scope
from statuspage.organizations import inviting, senders, tokens
from statuspage.organizations.models import Role, Scope
from statuspage.organizations.plan import Channel
from statuspage.pages import ring_links
from subscribers import endpoints, signing_up
from subscribers.choosing import Choice
from subscribers.importing import receiving
from subscribers.models import Person, SignUp, Wish
from subscribers.reaching import Reachable
from subscribers.suppressing import suppress
from tests.makers import Cast, schedule


def log_in_as(person: Person, cast: Cast) -> None:
    """The owner is one of those who are told, and says that another address is theirs."""
    member = cast.organization.members.get(user=cast.owner)
    Person.objects.filter(pk=person.pk).update(member=member)
    to = Reachable.parse(f"another@{cast.organization.slug}.test")
    asking = signing_up.Asking(to=to, choice=Choice(), language="en")
    claimed = signing_up.write_for(cast.organization, asking, wish=Wish.OWN, member=member)
    proof = signing_up.proof_of_token(f"mailed-to-{cast.organization.slug}")
    SignUp.objects.filter(pk=claimed.pk).update(proof=proof)


def make_token(cast: Cast) -> str:
    row, _token = tokens.make(
        cast.organization,
        "HR",
        scopes=[Scope.READ_PEOPLE],
        lasts=timedelta(days=1),
        now=clock.now(),
        by=cast.owner,
    )
    return row.public_id


def invite(cast: Cast) -> str:
    to = f"new@{cast.organization.slug}.test"
    return inviting.invite(cast.organization, to, role=Role.VIEWER, by=cast.owner).public_id


def commander_of(cast: Cast) -> int:
    with scope(organization=cast.organization):
        return cast.organization.members.get(user=cast.commander).pk


def bring_a_file(cast: Cast) -> str:
    bounced = f"bounced@{cast.organization.slug}.test"
    suppress(cast.organization, channel=Channel.EMAIL, normalised=bounced, reason="bounced")
    return receiving.receive(cast.page, "people.csv", [b"email\nann@x.example\n"], by=cast.owner).public_id


def claim_a_sender(cast: Cast) -> None:
    senders.claim(cast.organization, f"status@{cast.organization.slug}.test", by=cast.owner)


def add_endpoint(cast: Cast) -> str:
    ring = cast.organization.rings.get(key="support")
    url = "https://hooks.acme.example/x"
    added = endpoints.add(cast.organization, "Hook", channel=Channel.WEBHOOK, url=url, ring=ring, by=cast.owner)
    return added.endpoint.address.person.public_id


def make_ring_link(cast: Cast) -> str:
    ring = cast.organization.rings.get(key="support")
    return ring_links.make(cast.page, ring=ring, label="For the tests", by=cast.owner).public_id


def plan_work(cast: Cast) -> None:
    begins_at = clock.now() + timedelta(hours=1)
    schedule(cast, cast.checkout, begins_at=begins_at, ends_at=begins_at + timedelta(hours=1))
