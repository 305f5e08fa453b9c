"""Every console route × verb × identity, and nothing that only reads ever writes."""

from collections.abc import Iterator

import pytest
from django.apps import apps
from django.db import connection, transaction
from django.test import Client
from pytest_django.fixtures import Settings

from notifications.channels import registry
from statuspage.organizations.models import User
from tests import kept
from tests.console.browsing import enter
from tests.console.routes import ROUTES, WHO, patterns
from tests.console.worlds import World, make_world
from tests.nameserver import Mood, NameServer

pytestmark = pytest.mark.slow

OURS = ("organizations", "pages", "incidents", "subscribers", "notifications")
READING = ("GET", "HEAD", "OPTIONS")
VERBS = (*READING, "POST", "PUT", "PATCH", "DELETE")


@pytest.fixture
def world(db: None, settings: Settings) -> Iterator[World]:
    """Nothing is in scope afterwards: what a view needs, it has to bring. The name server refuses, and at once."""
    with NameServer() as server:
        server.mood = Mood.REFUSING
        settings.NAMESERVERS = [server.address]
        yield kept.once("two organizations that have something of everything", make_world)
    registry.forget()


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
    for who in WHO:
        yield who, getattr(world.acme.cast, who)


def test_every_route_is_in_the_matrix() -> None:
    assert patterns().keys() == ROUTES.keys()


def test_members_may_do_what_their_role_allows(world: World) -> None:
    for who, user in members(world):
        client = enter(user)
        for name, route in ROUTES.items():
            address = world.acme.address(name)
            for verb in VERBS:
                assert answer(client, verb, address) == route.expected(verb, who), f"{verb} {name}, {who}"


def test_nobody_else_learns_that_it_exists(world: World) -> None:
    anonymous, outsider = enter(), enter(world.globex.cast.owner)
    for name in ROUTES:
        address = world.acme.address(name)
        for verb in VERBS:
            assert answer(anonymous, verb, address) == 302, f"{verb} {name} as nobody"
            assert answer(outsider, verb, address) == 404, f"{verb} {name} as the neighbour's owner"


def test_the_neighbours_things_do_not_exist_here(world: World) -> None:
    client = enter(world.acme.cast.owner)
    for name in (name for name in ROUTES if "<" in patterns()[name]):
        address = world.globex.address(name)
        assert address != world.acme.address(name)
        for verb in [verb for verb, allowed in (("GET", ROUTES[name].get), ("POST", ROUTES[name].post)) if allowed]:
            assert answer(client, verb, address) == 404, f"{verb} {name}"


def test_reading_never_writes(world: World) -> None:
    client = enter(world.acme.cast.owner)
    for name in ROUTES:
        before = everything()
        for verb in READING:
            client.generic(verb, world.acme.address(name))  # not taken back: what it wrote would be seen
        assert everything() == before, name


def test_a_post_without_its_token_is_refused(world: World) -> None:
    answer = enter(world.acme.cast.owner, csrf=True).post(world.acme.address("updates"), {"body": "forged"})
    assert answer.status_code == 403
    assert "send it again" in answer.content.decode()
