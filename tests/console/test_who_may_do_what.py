"""Every console route × verb × identity, and nothing that only reads ever writes."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass

import pytest
from django.apps import apps
from django.db import connection, transaction
from django.test import Client
from django.urls import URLPattern, URLResolver, get_resolver, reverse
from pytest_django.fixtures import Settings

from notifications.channels import registry
from statuspage.kit.tenancy import scope
from statuspage.organizations.models import Ring, User
from statuspage.organizations.plan import Channel
from subscribers import unsubscribing
from subscribers.models import Person
from subscribers.suppressing import fingerprint_of
from tests import kept
from tests.console import belongings
from tests.console.browsing import enter
from tests.makers import Cast, make_cast, make_person, open_incident
from tests.nameserver import Mood, NameServer

pytestmark = pytest.mark.slow

PREFIX = "o/<slug:organization>/"
OURS = ("organizations", "pages", "incidents", "subscribers", "notifications")
READING = ("GET", "HEAD", "OPTIONS")
VERBS = (*READING, "POST", "PUT", "PATCH", "DELETE")
WHO = ("viewer", "responder", "owner")


@dataclass(frozen=True)
class Route:
    """What viewer, responder and owner get for GET and for an empty POST; None: the verb is not allowed.

    `guarded`: whoever may not change it may not even ask with another verb.
    """

    get: tuple[int, int, int] | None
    post: tuple[int, int, int] | None
    guarded: bool = False

    def expected(self, verb: str, who: str) -> int:
        index = WHO.index(who)
        if verb in {"GET", "HEAD"} and self.get:
            return self.get[index]
        if verb == "POST" and self.post:
            return self.post[index]
        gate = (self.post or self.get or (405, 405, 405))[index]
        return 403 if self.guarded and gate == 403 else 405


ALL_200 = (200, 200, 200)
ROUTES = {
    "organization": Route((302, 302, 302), None),
    "incidents": Route(ALL_200, (403, 422, 422)),
    "new_incident": Route((403, 200, 200), None, guarded=True),
    "incident": Route(ALL_200, None),
    "updates": Route((403, 303, 303), (403, 422, 422), guarded=True),
    "severity": Route((403, 303, 303), (403, 422, 422), guarded=True),
    "resolution": Route((403, 303, 303), (403, 422, 422), guarded=True),
    "roles": Route((403, 303, 303), (403, 422, 422), guarded=True),
    "maintenance": Route(ALL_200, (403, 422, 422)),
    "new_maintenance": Route((403, 200, 200), None, guarded=True),
    "beginning": Route((403, 303, 303), (403, 422, 422), guarded=True),
    "window": Route((403, 303, 303), (403, 422, 422), guarded=True),
    "completion": Route((403, 303, 303), (403, 422, 422), guarded=True),
    "cancellation": Route((403, 303, 303), (403, 422, 422), guarded=True),
    "scheduling_preview": Route(None, (403, 200, 200), guarded=True),
    "pond": Route(ALL_200, None),
    "timeline": Route(ALL_200, None),
    "preview": Route(None, (403, 200, 200), guarded=True),
    "opening_preview": Route(None, (403, 200, 200), guarded=True),
    "pages": Route(ALL_200, None),
    "page": Route(ALL_200, None),
    "hosts": Route((403, 403, 200), (403, 403, 422), guarded=True),
    "subdomains": Route(None, (403, 403, 422), guarded=True),
    "host_proof": Route(None, (403, 403, 303), guarded=True),
    "host_main": Route(None, (403, 403, 303), guarded=True),
    "host_removal": Route(None, (403, 403, 303), guarded=True),
    "look": Route((403, 403, 200), (403, 403, 303), guarded=True),
    "look_style": Route((403, 403, 200), None, guarded=True),
    "look_preview": Route(None, (403, 403, 200), guarded=True),
    "page_image": Route(None, (403, 403, 422), guarded=True),
    "page_image_removal": Route(None, (403, 403, 303), guarded=True),
    "texts": Route((403, 403, 200), (403, 403, 422), guarded=True),
    "texts_preview": Route(None, (403, 403, 200), guarded=True),
    "visit": Route(ALL_200, (303, 303, 303)),
    "embeds": Route(ALL_200, None),
    "audience": Route((403, 403, 200), (403, 403, 422), guarded=True),
    "key": Route(None, (403, 403, 303), guarded=True),
    "ring_link": Route(None, (403, 403, 422), guarded=True),
    "revocation": Route(None, (403, 403, 303), guarded=True),
    "services": Route(ALL_200, (403, 403, 422)),
    "new_service": Route((403, 403, 200), None, guarded=True),
    "service": Route((403, 403, 200), (403, 403, 422), guarded=True),
    "service_status": Route(None, (403, 403, 303), guarded=True),
    "service_group": Route((403, 403, 200), (403, 403, 422), guarded=True),
    "archival": Route(None, (403, 403, 303), guarded=True),
    "members": Route(ALL_200, None),
    "member": Route((403, 403, 200), (403, 403, 422), guarded=True),
    "member_removal": Route((403, 403, 200), (403, 403, 303)),
    "invitations": Route((403, 403, 200), (403, 403, 422), guarded=True),
    "invitation_mail": Route((403, 403, 303), (403, 403, 303), guarded=True),
    "invitation_withdrawal": Route((403, 403, 303), (403, 403, 303), guarded=True),
    "own": Route(ALL_200, (404, 404, 303)),
    "own_addresses": Route(None, (422, 422, 422)),
    "own_address_removal": Route(None, (404, 404, 303)),
    "own_code": Route(None, (422, 422, 422)),
    "own_confirmation": Route((404, 404, 200), (404, 404, 303)),
    "own_test": Route(None, (404, 404, 303)),
    "people": Route(ALL_200, (403, 403, 422)),
    "new_person": Route((403, 403, 200), None, guarded=True),
    "person": Route((403, 403, 200), (403, 403, 422), guarded=True),
    "removal": Route(None, (403, 403, 303), guarded=True),
    "endpoints": Route(ALL_200, (403, 403, 422)),
    "new_endpoint": Route((403, 403, 200), None, guarded=True),
    "endpoint": Route((403, 403, 200), (403, 403, 422), guarded=True),
    "endpoint_secret": Route((403, 403, 303), (403, 403, 201), guarded=True),
    "endpoint_test": Route(None, (403, 403, 303), guarded=True),
    "endpoint_pause": Route(None, (403, 403, 303), guarded=True),
    "endpoint_return": Route(None, (403, 403, 303), guarded=True),
    "endpoint_replay": Route(None, (403, 403, 303), guarded=True),
    "endpoint_removal": Route(None, (403, 403, 303), guarded=True),
    "api_tokens": Route((403, 403, 200), (403, 403, 422), guarded=True),
    "api_token_revocation": Route(None, (403, 403, 303), guarded=True),
    "sender": Route((403, 403, 200), (403, 403, 422), guarded=True),
    "sender_look": Route(None, (403, 403, 303), guarded=True),
    "sender_removal": Route(None, (403, 403, 303), guarded=True),
    "subscribers": Route(ALL_200, None),
    "subscriber_numbers": Route(ALL_200, None),
    "suppressions": Route(ALL_200, None),
    "failures": Route(ALL_200, None),
    "sms": Route((403, 403, 200), (403, 403, 422), guarded=True),
    "suppression_end": Route(None, (403, 403, 303), guarded=True),
    "export": Route((403, 403, 303), (403, 403, 200), guarded=True),
    "messages": Route(ALL_200, None),
    "message": Route((403, 403, 200), (403, 403, 422), guarded=True),
    "message_preview": Route(None, (403, 403, 200), guarded=True),
    "message_trial": Route(None, (403, 403, 422), guarded=True),
    "message_removal": Route(None, (403, 403, 303), guarded=True),
    "person_record": Route((403, 403, 303), (403, 403, 200), guarded=True),
    "erasure": Route(None, (403, 403, 303), guarded=True),
    "imports": Route((403, 403, 200), (403, 403, 422), guarded=True),
    "import_file": Route((403, 403, 200), None, guarded=True),
    "import_consent": Route(None, (403, 403, 422), guarded=True),
    "import_removal": Route(None, (403, 403, 303), guarded=True),
    "import_rejected": Route((403, 403, 200), None, guarded=True),
}
OF_MAINTENANCE = {"beginning", "window", "completion", "cancellation"}
OF_SERVICES = {"service", "service_status", "archival"}
OF_LOOKS = {"look", "look_style", "look_preview", "page_image", "page_image_removal", "texts", "texts_preview"}
OF_AUDIENCES = {"visit", "audience", "key", "ring_link", "revocation"}
OF_HOSTS = {"hosts", "subdomains", "host_proof", "host_main", "host_removal"}
OF_PAGES = {"page", "embeds", *OF_LOOKS, *OF_AUDIENCES, *OF_HOSTS}
OF_ENDPOINTS = {name for name in ROUTES if name.partition("_")[0] == "endpoint"}
OF_MESSAGES = {"message", "message_preview", "message_trial", "message_removal"}
OF_MEMBERS = {"member", "member_removal"}
OF_INVITATIONS = {"invitation_mail", "invitation_withdrawal"}
OF_PEOPLE = {"person", "removal", "person_record", "erasure"}
OF_SENDERS = ("sender_look", "sender_removal")
OF_ONESELF = {"own_confirmation", "own_address_removal"}
OF_IMPORTS = {"import_file", "import_consent", "import_removal", "import_rejected"}


@dataclass(frozen=True)
class World:
    acme: Cast
    globex: Cast
    person: Person
    foreign_person: Person
    links: Mapping[str, str]
    """Each organization's ring link."""
    tokens: Mapping[str, str]
    imports: Mapping[str, str]
    """Each organization's file of people."""
    endpoints: Mapping[str, str]
    """Each organization's webhook."""
    invitations: Mapping[str, str]

    def address(self, name: str, *, of: Cast | None = None) -> str:
        """Of the route within Acme; with `of`, for that organization's object."""
        cast = of or self.acme
        person = self.foreign_person if of is self.globex else self.person
        arguments: dict[str, object] = {"organization": "acme", **self._more(name, cast), **self._message(name, cast)}
        if name in OF_SERVICES:
            arguments["public_id"] = cast.checkout.public_id
        elif name in OF_PAGES:
            arguments["public_id"] = cast.page.public_id
            own = {"scheme": "dark", "kind": "logo", "name": f"status.{cast.organization.slug}.test"}
            arguments |= {key: value for key, value in own.items() if f"<str:{key}>" in patterns()[name]}
        elif name in OF_PEOPLE:
            arguments["public_id"] = person.public_id
        elif name == "service_group":
            arguments["public_id"] = cast.checkout.group.public_id if cast.checkout.group else ""
        elif "<int:number>" in patterns()[name]:
            newest = 1 if cast is self.acme else 3  # Globex has three incidents: no number of theirs is one of ours
            arguments["number"] = newest + 1 if name in OF_MAINTENANCE else newest  # the maintenance comes after them
        return reverse(name, kwargs=arguments)

    def _message(self, name: str, cast: Cast) -> dict[str, object]:
        ring = "support" if cast is self.acme else "theirs"
        one = {"kind": "first", "ring": ring, "channel": "email", "language": "en"}
        return dict(one) if name in OF_MESSAGES else {}

    def _more(self, name: str, cast: Cast) -> dict[str, object]:
        slug = cast.organization.slug
        if name in OF_ONESELF:
            return {"token": self._own_token(name, cast)}
        ids = {
            "api_token_revocation": self.tokens,
            **dict.fromkeys(OF_IMPORTS, self.imports),
            **dict.fromkeys(OF_INVITATIONS, self.invitations),
            **dict.fromkeys(OF_ENDPOINTS, self.endpoints),
        }
        if name in ids:
            return {"public_id": ids[name][slug], **({"broadcast": 1} if name == "endpoint_replay" else {})}
        others: dict[str, dict[str, object]] = {
            "suppression_end": {"fingerprint": fingerprint_of(Channel.EMAIL, f"bounced@{slug}.test").hex()},
            "revocation": {"link_id": self.links[slug]},
            **{key: {"member_id": belongings.commander_of(cast)} for key in OF_MEMBERS},
            **{key: {"domain": f"{slug}.test"} for key in OF_SENDERS},
        }
        return others.get(name, {})

    def _own_token(self, name: str, cast: Cast) -> str:
        if name == "own_confirmation":
            return f"mailed-to-{cast.organization.slug}"
        person = self.foreign_person if cast is self.globex else self.person
        with scope(organization=cast.organization):
            return unsubscribing.token_of(person.addresses.get())


@pytest.fixture
def world(db: None, settings: Settings) -> Iterator[World]:
    """Nothing is in scope afterwards: what a view needs, it has to bring. The name server refuses, and at once."""
    with NameServer() as server:
        server.mood = Mood.REFUSING
        settings.NAMESERVERS = [server.address]
        yield kept.once("two organizations that have something of everything", make_world)
    registry.forget()


def make_world() -> World:
    acme, globex = make_cast("Acme"), make_cast("Globex")
    with scope(organization=acme.organization):
        open_incident(acme, body="Some payments fail.")
        belongings.plan_work(acme)
        person = make_person(acme.organization, "otto@acme.test", ring="on_call")
        belongings.log_in_as(person, acme)
        links, imports = {"acme": belongings.make_ring_link(acme)}, {"acme": belongings.bring_a_file(acme)}
        programs = {"acme": belongings.make_token(acme)}
        hooks = {"acme": belongings.add_endpoint(acme)}
        invited = {"acme": belongings.invite(acme)}
        belongings.claim_a_sender(acme)
    with scope(organization=globex.organization):
        for body in ("Something fails at Globex.", "Something fails again."):
            open_incident(globex, body=body)
        open_incident(globex, body="And something else.")
        belongings.plan_work(globex)
        foreign = make_person(globex.organization, "gina@globex.test", ring="on_call")
        belongings.log_in_as(foreign, globex)
        links["globex"], imports["globex"] = belongings.make_ring_link(globex), belongings.bring_a_file(globex)
        programs["globex"] = belongings.make_token(globex)
        hooks["globex"] = belongings.add_endpoint(globex)
        invited["globex"] = belongings.invite(globex)
        Ring.objects.create(organization=globex.organization, key="theirs", name="Theirs")
        belongings.claim_a_sender(globex)
    return World(acme, globex, person, foreign, links, programs, imports, hooks, invited)


def patterns() -> dict[str, str]:
    """The console's routes, by name."""
    found = {}
    for resolver in get_resolver().url_patterns:
        if isinstance(resolver, URLResolver) and str(resolver.pattern) == PREFIX:
            for pattern in resolver.url_patterns:
                assert isinstance(pattern, URLPattern)
                found[str(pattern.name)] = str(pattern.pattern)
    return found


def everything() -> dict[str, object]:
    """How many rows there are, and how often pages were touched."""
    tables = [model._meta.db_table for label in OURS for model in apps.get_app_config(label).get_models()]
    counts = " UNION ALL ".join(f"SELECT '{table}', count(*) FROM {table}" for table in tables)
    with connection.cursor() as cursor:  # one question, asked for every route, and not fifty
        cursor.execute(f"{counts} UNION ALL SELECT 'revisions', sum(revision) FROM pages_page")
        return dict(cursor.fetchall())


def answer(client: Client, verb: str, address: str) -> int:
    """The status of one request, whose changes are taken back."""
    with transaction.atomic():
        status = client.generic(verb, address).status_code
        transaction.set_rollback(True)
    return status


def members(world: World) -> Iterator[tuple[str, User]]:
    yield from (("viewer", world.acme.viewer), ("responder", world.acme.responder), ("owner", world.acme.owner))


def test_every_route_is_in_the_matrix() -> None:
    assert patterns().keys() == ROUTES.keys()


def test_members_may_do_what_their_role_allows(world: World) -> None:
    for who, user in members(world):
        client = enter(user)
        for name, route in ROUTES.items():
            for verb in VERBS:
                assert answer(client, verb, world.address(name)) == route.expected(verb, who), f"{verb} {name}, {who}"


def test_nobody_else_learns_that_it_exists(world: World) -> None:
    anonymous, outsider = enter(), enter(world.globex.owner)
    for name in ROUTES:
        for verb in VERBS:
            assert answer(anonymous, verb, world.address(name)) == 302, f"{verb} {name} as nobody"
            assert answer(outsider, verb, world.address(name)) == 404, f"{verb} {name} as the neighbour's owner"


def test_the_neighbours_things_do_not_exist_here(world: World) -> None:
    client = enter(world.acme.owner)
    for name in (name for name in ROUTES if "<" in patterns()[name]):
        address = world.address(name, of=world.globex)
        for verb in [verb for verb, allowed in (("GET", ROUTES[name].get), ("POST", ROUTES[name].post)) if allowed]:
            assert answer(client, verb, address) == 404, f"{verb} {name}"


def test_reading_never_writes(world: World) -> None:
    client = enter(world.acme.owner)
    for name in ROUTES:
        before = everything()
        for verb in READING:
            client.generic(verb, world.address(name))  # not taken back: what it wrote would be seen
        assert everything() == before, name


def test_a_post_without_its_token_is_refused(world: World) -> None:
    answer = enter(world.acme.owner, csrf=True).post(world.address("updates"), {"body": "forged"})
    assert answer.status_code == 403
    assert "send it again" in answer.content.decode()
