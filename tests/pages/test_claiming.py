"""Subdomains, domains of an owner's own, and which address is the main one."""

from datetime import datetime, timedelta

import pytest
from django.core.exceptions import ValidationError
from pytest_django.fixtures import Settings

from statuspage.kit import clock
from statuspage.kit.names import Resolver
from statuspage.kit.proofs import LOCKED_FOR, State
from statuspage.kit.tenancy import across_organizations, scope
from statuspage.organizations.models import AuditEntry
from statuspage.organizations.proving import Outcome
from statuspage.pages import claiming, proving
from statuspage.pages.models import Host, Page
from tests.makers import Cast, make_page
from tests.nameserver import NameServer

NAME = "help.acme.com"
DAY = timedelta(days=1)


@pytest.fixture(autouse=True)
def _pages_domain(settings: Settings) -> None:
    settings.PAGES_DOMAIN = "pages.test"


@pytest.fixture
def now(db: None) -> datetime:
    return clock.now()


def give(cast: Cast, label: str, *, now: datetime) -> Host:
    with scope(organization=cast.organization):
        return claiming.give_subdomain(cast.page, label, now=now, by=cast.owner)


def claim(cast: Cast, typed: str = NAME) -> Host:
    with scope(organization=cast.organization):
        return claiming.claim(cast.page, typed, by=cast.owner)


def prove(host: Host, server: NameServer) -> None:
    """Its owner creates the record."""
    server.say(host.record_name, "v=spf1 -all", host.record_value)


def revision(page: Page) -> int:
    page.refresh_from_db()
    return page.revision


def url(page: Page) -> str:
    return Page.objects.prefetch_related("hosts").get(pk=page.pk).url


def verbs() -> list[str]:
    return list(AuditEntry.objects.filter(target__startswith="host ").order_by("id").values_list("verb", flat=True))


def test_a_subdomain_is_served_at_once(acme: Cast, now: datetime) -> None:
    before = revision(acme.page)
    host = give(acme, "Acme", now=now)
    assert (host.name, host.is_served, host.state, host.is_canonical) == ("acme.pages.test", True, State.GIVEN, False)
    assert revision(acme.page) == before + 1
    assert verbs() == ["took"]
    assert give(acme, "acme", now=now) == host, "asking twice changes nothing"
    assert revision(acme.page) == before + 1


def test_a_subdomain_somebody_has_is_taken_and_nobody_is_told_by_whom(
    acme: Cast, neighbour: Cast, now: datetime
) -> None:
    give(neighbour, "flow", now=now)
    with pytest.raises(ValidationError) as refusal:
        give(acme, "flow", now=now)
    assert refusal.value.message_dict == {"label": ["flow.pages.test is taken. Choose another."]}


@pytest.mark.parametrize("label", ["www", "console", "mail", "", "a.b", "-", "xn--bcher-kva"])
def test_some_subdomains_are_refused_with_a_reason(acme: Cast, now: datetime, label: str) -> None:
    with pytest.raises(ValidationError, match=r"not given away|letters a to z"):
        give(acme, label, now=now)
    assert acme.page.hosts.count() == 1


def test_a_subdomain_given_up_is_kept_for_its_owner_before_it_is_free(
    acme: Cast, neighbour: Cast, now: datetime, resolver: Resolver
) -> None:
    host = give(acme, "flow", now=now)
    before = revision(acme.page)
    claiming.release(host, now=now, by=acme.owner)
    assert revision(acme.page) == before + 1
    with pytest.raises(ValidationError, match="is taken"):
        give(neighbour, "flow", now=now + LOCKED_FOR - DAY)
    assert give(acme, "flow", now=now).is_served, "whoever had it may have it back"
    claiming.release(host, now=now, by=acme.owner)
    claiming.release(host, now=now + DAY, by=acme.owner)
    assert verbs() == ["took", "gave up", "took", "gave up"], "giving up twice is once"
    proving.recheck(resolver=resolver, now=now + LOCKED_FOR)
    assert give(neighbour, "flow", now=now + LOCKED_FOR).is_served


def test_a_subdomain_given_up_may_go_to_another_page_of_its_owner(acme: Cast, now: datetime) -> None:
    other = make_page(acme.organization, "eu.acme.test", services=[])
    host = give(acme, "flow", now=now)
    with pytest.raises(ValidationError, match="an address of Acme status already"):
        claiming.give_subdomain(other, "flow", now=now, by=acme.owner)
    claiming.release(host, now=now, by=acme.owner)
    assert claiming.give_subdomain(other, "flow", now=now, by=acme.owner).page == other


def test_a_claim_is_nothing_until_it_is_proven(
    acme: Cast, now: datetime, server: NameServer, resolver: Resolver
) -> None:
    before = revision(acme.page)
    host = claim(acme, "https://Help.ACME.com/")
    assert (host.name, host.is_served, host.state) == (NAME, False, State.WAITING)
    assert proving.check(host, resolver=resolver, now=now) is Outcome.MISSING
    assert revision(acme.page) == before
    prove(host, server)
    assert proving.check(host, resolver=resolver, now=now) is Outcome.PROVEN
    host.refresh_from_db()
    assert (host.is_served, host.state, host.checked_at) == (True, State.PROVEN, now)
    assert revision(acme.page) == before + 1
    assert url(acme.page) == "http://status.acme.test", "links stay where they were until the owner says otherwise"
    assert verbs() == ["claimed", "proved"]
    assert claim(acme) == host
    assert server.asked == [f"_ripple.{NAME}"] * 2


def test_claiming_somebodys_domain_takes_nothing_from_them(
    acme: Cast, neighbour: Cast, now: datetime, server: NameServer, resolver: Resolver
) -> None:
    squatter, owner = claim(neighbour), claim(acme)
    prove(owner, server)
    assert squatter.record_value != owner.record_value
    with scope(organization=neighbour.organization):
        assert proving.check(squatter, resolver=resolver, now=now) is Outcome.MISSING
    assert proving.check(owner, resolver=resolver, now=now) is Outcome.PROVEN


def test_who_comes_second_is_told_so_and_nothing_of_the_first(
    acme: Cast, neighbour: Cast, now: datetime, server: NameServer, resolver: Resolver
) -> None:
    first, second = claim(neighbour), claim(acme)
    server.say(first.record_name, first.record_value, second.record_value)
    with scope(organization=neighbour.organization):
        assert proving.check(first, resolver=resolver, now=now) is Outcome.PROVEN
    assert proving.check(second, resolver=resolver, now=now) is Outcome.TAKEN
    second.refresh_from_db()
    assert not second.is_served
    assert proving.taken_elsewhere([NAME, "other.acme.com"]) == {NAME}


def test_a_wildcard_that_says_something_else_proves_nothing(
    acme: Cast, now: datetime, server: NameServer, resolver: Resolver
) -> None:
    host = claim(acme)
    server.say(f"*.{NAME}", "v=spf1 -all")
    assert proving.check(host, resolver=resolver, now=now) is Outcome.MISSING
    server.say(f"*.{NAME}", host.record_value)
    assert proving.check(host, resolver=resolver, now=now) is Outcome.PROVEN


def test_a_record_may_stand_behind_an_alias(acme: Cast, now: datetime, server: NameServer, resolver: Resolver) -> None:
    host = claim(acme)
    server.point(host.record_name, "proof.provider.test")
    server.say("proof.provider.test", host.record_value)
    assert proving.check(host, resolver=resolver, now=now) is Outcome.PROVEN


def test_letters_of_every_script_are_proven_as_the_dns_knows_them(
    acme: Cast, now: datetime, server: NameServer, resolver: Resolver
) -> None:
    host = claim(acme, "status.bücher.example")
    prove(host, server)
    assert proving.check(host, resolver=resolver, now=now) is Outcome.PROVEN
    assert server.asked == ["_ripple.status.xn--bcher-kva.example"]
    assert claim(acme, "STATUS.BÜCHER.EXAMPLE") == host


def test_hostile_texts_prove_nothing_and_hurt_nobody(
    acme: Cast, now: datetime, server: NameServer, resolver: Resolver
) -> None:
    host = claim(acme)
    server.say(host.record_name, b"\xff\x00'; DROP TABLE pages_host; --", "x" * 5000, "ripple-verification=")
    assert proving.check(host, resolver=resolver, now=now) is Outcome.MISSING


def test_one_address_is_the_main_one_and_the_owner_chooses(
    acme: Cast, now: datetime, server: NameServer, resolver: Resolver
) -> None:
    host = claim(acme)
    with pytest.raises(ValidationError, match="not served"):
        claiming.make_canonical(host, by=acme.owner)
    prove(host, server)
    proving.check(host, resolver=resolver, now=now)
    before = revision(acme.page)
    claiming.make_canonical(host, by=acme.owner)
    assert url(acme.page) == f"http://{NAME}"
    assert revision(acme.page) == before + 1
    claiming.make_canonical(host, by=acme.owner)
    assert revision(acme.page) == before + 1
    assert verbs() == ["claimed", "proved", "made main"]
    give(acme, "flow", now=now)
    assert url(acme.page) == f"http://{NAME}", "one more address does not change it"


def test_removing_the_main_address_makes_another_the_main_one(acme: Cast, now: datetime) -> None:
    give(acme, "flow", now=now)
    claiming.release(acme.page.hosts.get(is_canonical=True), now=now, by=acme.owner)
    assert url(acme.page) == "http://flow.pages.test"
    assert acme.page.hosts.count() == 1


def test_a_domain_removed_can_be_claimed_anew_with_a_new_proof(acme: Cast, now: datetime) -> None:
    host = claim(acme)
    claiming.release(host, now=now, by=acme.owner)
    assert claim(acme).proof != host.proof


def test_an_organization_claims_a_name_for_one_page_only(acme: Cast) -> None:
    claim(acme)
    other = make_page(acme.organization, "eu.acme.test", services=[])
    with pytest.raises(ValidationError, match="an address of Acme status already"):
        claiming.claim(other, NAME, by=acme.owner)


def test_a_page_has_only_so_many_addresses(acme: Cast, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(claiming, "MOST_HOSTS", 3)
    for name in ("a.acme.com", "b.acme.com"):
        claim(acme, name)
    with pytest.raises(ValidationError, match="can have 3 addresses"):
        claim(acme, "c.acme.com")
    assert claim(acme, "a.acme.com"), "one it has is not one more"


def test_what_whoever_runs_the_installation_gave_needs_no_proof(acme: Cast, now: datetime) -> None:
    host = acme.page.hosts.get()
    assert (host.proof, host.state) == ("", State.GIVEN)
    with across_organizations():
        assert not Host.objects.due(now + timedelta(days=999)).exists()
