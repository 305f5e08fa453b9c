"""Two organizations that have something of everything, and the addresses at which Acme's console would show it."""

import re
from collections.abc import Mapping
from dataclasses import dataclass

from django.urls import reverse

from statuspage.kit.tenancy import scope
from statuspage.organizations.models import Ring
from statuspage.organizations.plan import Channel
from subscribers import unsubscribing
from subscribers.suppressing import fingerprint_of
from tests.console import belongings
from tests.console.routes import patterns
from tests.makers import Cast, make_cast, make_person, open_incident

OF_MAINTENANCE = {"beginning", "window", "completion", "cancellation"}


@dataclass(frozen=True)
class Side:
    """An organization and what it has.

    `ids` are public ids, by how the addresses begin that lead to them; `values` is all else that stands in addresses.
    """

    cast: Cast
    incident: int
    ids: Mapping[str, str]
    values: Mapping[str, object]

    def address(self, name: str) -> str:
        """Of a route in Acme's console, with what is this organization's."""
        path = patterns()[name]
        values = {
            **self.values,
            "public_id": self.ids[max((place for place in self.ids if path.startswith(place)), key=len, default="")],
            "number": self.incident + 1 if name in OF_MAINTENANCE else self.incident,  # it comes after them
            "token": self.values["proof" if name == "own_confirmation" else "own_address"],
            "kind": "logo" if path.startswith("pages/") else "first",
        }
        wanted = re.findall(r"<\w+:(\w+)>", path)
        return reverse(name, kwargs={"organization": "acme", **{key: values[key] for key in wanted}})


@dataclass(frozen=True)
class World:
    acme: Side
    globex: Side


def make_world() -> World:
    """Globex has more incidents and a ring more: no number and no ring of theirs is one of Acme's."""
    acme, globex = make_cast("Acme"), make_cast("Globex")
    with scope(organization=globex.organization):
        Ring.objects.create(organization=globex.organization, key="theirs", name="Theirs")
    return World(make_side(acme, incidents=1, ring="support"), make_side(globex, incidents=3, ring="theirs"))


def make_side(cast: Cast, *, incidents: int, ring: str) -> Side:
    slug = cast.organization.slug
    with scope(organization=cast.organization):
        for number in range(incidents):
            open_incident(cast, body=f"Some payments fail, {number}.")
        belongings.plan_work(cast)
        person = make_person(cast.organization, f"otto@{slug}.test", ring="on_call")
        belongings.log_in_as(person, cast)
        belongings.claim_a_sender(cast)
        ids = {
            "": "",
            "pages/": cast.page.public_id,
            "services/": cast.checkout.public_id,
            "services/groups/": cast.checkout.group.public_id if cast.checkout.group else "",
            "people/": person.public_id,
            "people/imports/": belongings.bring_a_file(cast),
            "endpoints/": belongings.add_endpoint(cast),
            "tokens/": belongings.make_token(cast),
            "members/invitations/": belongings.invite(cast),
        }
        values = {
            "link_id": belongings.make_ring_link(cast),
            "member_id": belongings.commander_of(cast),
            "proof": f"mailed-to-{slug}",
            "own_address": unsubscribing.token_of(person.addresses.get()),
            "fingerprint": fingerprint_of(Channel.EMAIL, f"bounced@{slug}.test").hex(),
            "domain": f"{slug}.test",
            "name": f"status.{slug}.test",
            "broadcast": 1,
            "scheme": "dark",
            "ring": ring,
            "channel": "email",
            "language": "en",
        }
        return Side(cast, incidents, ids, values)
