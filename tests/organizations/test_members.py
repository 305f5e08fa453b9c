"""Who may log in, and what they may do. Nobody gives more than they have, and an owner always stays."""

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from threading import Barrier

import pytest
from django.core.exceptions import ValidationError
from django.db import IntegrityError, connection, transaction

from statuspage.kit import clock
from statuspage.kit.tenancy import scope
from statuspage.organizations import inviting, membership, tokens
from statuspage.organizations.models import ApiToken, Invitation, Member, Role, Scope, User
from subscribers import belonging
from subscribers.models import Address, Person
from tests.console.browsing import enter, forms_in, said_who_they_are
from tests.makers import PASSWORD, Cast, make_person
from tests.organizations.members import (
    HERE,
    INVITE,
    NEW,
    PostOffice,
    add,
    invite,
    member,
    said,
    verbs,
)

# Given a role


@pytest.mark.parametrize(
    ("by", "whose", "to", "status"),
    [
        (Role.OWNER, Role.VIEWER, Role.OWNER, 303),
        (Role.OWNER, Role.ADMIN, Role.VIEWER, 303),
        (Role.ADMIN, Role.VIEWER, Role.ADMIN, 303),
        (Role.ADMIN, Role.ADMIN, Role.VIEWER, 303),
        (Role.ADMIN, Role.VIEWER, Role.OWNER, 422),
        (Role.ADMIN, Role.OWNER, Role.VIEWER, 403),
        (Role.COMMANDER, Role.VIEWER, Role.RESPONDER, 403),
    ],
)
def test_nobody_gives_more_than_they_have(acme: Cast, by: Role, whose: Role, to: Role, status: int) -> None:
    it = member(acme, add(acme, whose, "other"))
    client = enter(add(acme, by))
    assert client.post(f"{HERE}{it.pk}/", {"role": to.value}).status_code == status
    it.refresh_from_db()
    assert it.role == (to if status == 303 else whose)
    assert ("changed the role" in verbs()) == (status == 303)


def test_the_only_owner_stays_one(acme: Cast) -> None:
    owner, me = enter(acme.owner), member(acme, acme.owner)
    assert "is the only owner" in said(owner, f"{HERE}{me.pk}/", {"role": "admin"})
    assert "is the only owner" in said(owner, f"{HERE}{me.pk}/removal/", {})
    add(acme, Role.OWNER, "olga")
    assert owner.post(f"{HERE}{me.pk}/", {"role": "admin"}).status_code == 303


def test_two_owners_who_demote_each_other_leave_one(transactional_db: None, acme: Cast) -> None:
    pair = [acme.owner, add(acme, Role.OWNER, "olga")]
    barrier = Barrier(2)

    def demote(by: User, other: User) -> str:
        with scope(organization=acme.organization):
            row = member(acme, other)
            barrier.wait()
            try:
                membership.change_role(row, Role.VIEWER, by=by)
            except ValidationError:
                return "refused"
            finally:
                connection.close()
        return "done"

    with ThreadPoolExecutor(2) as both:
        waiting = [both.submit(demote, *pair), both.submit(demote, *reversed(pair))]
        assert sorted(each.result() for each in waiting) == ["done", "refused"]
    assert Member.objects.filter(role=Role.OWNER).count() == 1


def test_the_database_keeps_an_owner_by_itself(transactional_db: None, acme: Cast) -> None:
    """As if the lock were forgotten: both look, both see two owners, both write."""
    pair = [acme.owner, add(acme, Role.OWNER, "olga")]
    barrier = Barrier(2)

    def demote(user: User) -> str:
        try:
            with scope(organization=acme.organization), transaction.atomic():
                Member.objects.filter(user=user).update(role=Role.VIEWER)
                barrier.wait()
        except IntegrityError as error:
            return "refused" if "keeps an owner" in str(error) else str(error)
        finally:
            connection.close()
        return "done"

    with ThreadPoolExecutor(2) as both:
        assert sorted(both.map(demote, pair)) == ["done", "refused"]
    with pytest.raises(IntegrityError, match="keeps an owner"):
        Member.objects.filter(role=Role.OWNER).delete()


# Gone


def test_whoever_is_removed_is_out_at_once(acme: Cast) -> None:
    adam = add(acme, Role.ADMIN)
    theirs, it = enter(adam), member(acme, adam)
    scopes = [Scope.READ_PEOPLE]
    _row, token = tokens.make(acme.organization, "HR", scopes=scopes, lasts=timedelta(days=1), now=clock.now(), by=adam)
    assert theirs.get(HERE).status_code == 200
    assert theirs.get("/api/ripple/people", headers={"authorization": f"Bearer {token}"}).status_code == 200
    said_who_they_are(theirs, adam, seconds_ago=3600)
    asked = theirs.post("/o/acme/tokens/", {"name": "Later", "scopes": ["people:read"], "days": "30"})
    assert asked["Location"].startswith("/accounts/reauthenticate/")
    assert "is no member any more" in said(enter(acme.owner), f"{HERE}{it.pk}/removal/", {})
    assert theirs.get(HERE).status_code == 404
    again = theirs.post("/accounts/reauthenticate/", {"password": PASSWORD, "next": "/o/acme/tokens/"})
    assert again.status_code == 404, "what they had begun is not done"
    assert theirs.get("/api/ripple/people", headers={"authorization": f"Bearer {token}"}).status_code == 401
    Member.objects.create(organization=acme.organization, user=adam, role=Role.ADMIN)
    assert theirs.get("/api/ripple/people", headers={"authorization": f"Bearer {token}"}).status_code == 401
    assert ApiToken.objects.get().revoked_at
    assert {"revoked", "removed"} <= set(verbs())


@pytest.mark.parametrize(("told", "is_there"), [("yes", True), ("no", False), ("", True)])
def test_it_is_said_what_becomes_of_their_person(acme: Cast, told: str, is_there: bool) -> None:
    it = member(acme, acme.responder)
    otto = make_person(acme.organization, "otto@acme.test", ring="on_call", name="Otto")
    Person.objects.filter(pk=otto.pk).update(member=it)
    owner, removal = enter(acme.owner), f"{HERE}{it.pk}/removal/"
    assert "as one of On-call" in said(owner, removal)
    answer = owner.post(removal, {"still_told": told})
    assert answer.status_code == (303 if told else 422)
    assert Member.objects.filter(pk=it.pk).exists() == (not told)
    assert Person.objects.filter(pk=otto.pk).exists() == is_there
    assert Address.objects.filter(value="otto@acme.test").exists() == is_there


def test_one_may_leave_but_not_the_ring_that_counts_on_one(acme: Cast) -> None:
    it = member(acme, acme.responder)
    otto = make_person(acme.organization, "otto@acme.test", ring="on_call", name="Otto")
    Person.objects.filter(pk=otto.pk).update(member=it)
    me, other = enter(acme.responder), member(acme, acme.viewer)
    assert me.post(f"{HERE}{other.pk}/removal/", {}).status_code == 403
    assert "counts on you" in said(me, f"{HERE}{it.pk}/removal/")
    assert "You have left Acme" in said(me, f"{HERE}{it.pk}/removal/", {"still_told": "no"})
    otto.refresh_from_db()
    assert (otto.member, otto.addresses.count(), verbs()[-1]) == (None, 1, "left")
    assert me.get(HERE).status_code == 404


# The screen


def test_every_change_asks_again_who_one_is(acme: Cast, post_office: PostOffice) -> None:
    owner, it = enter(acme.owner), member(acme, acme.viewer)
    invite(owner)
    row = f"{INVITE}{Invitation.objects.get().public_id}/"
    doors = {
        INVITE: {"email": "x@x.example", "role": "viewer"},
        f"{row}mail/": {},
        f"{row}withdrawal/": {},
        f"{HERE}{it.pk}/": {"role": "admin"},
        f"{HERE}{it.pk}/removal/": {},
    }
    for door, posted in doors.items():
        said_who_they_are(owner, acme.owner, seconds_ago=3600)
        before = len(verbs())
        asked = owner.post(door, posted)
        assert asked["Location"].startswith("/accounts/reauthenticate/"), door
        assert len(verbs()) == before, door
        again = owner.post("/accounts/reauthenticate/", {"password": PASSWORD, "next": door})
        assert (again.status_code, len(verbs())) == (303, before + 1), door


def test_everybody_looks_and_admins_act(acme: Cast) -> None:
    otto = make_person(acme.organization, "otto@acme.test", ring="on_call")
    Person.objects.filter(pk=otto.pk).update(member=member(acme, acme.responder))
    inviting.invite(acme.organization, NEW, role=Role.VIEWER, by=acme.owner)
    shown, seen = said(enter(acme.owner), HERE), said(enter(acme.viewer), HERE)
    for words in ("owner@acme.test", "Responder", "told as one of On-call", "Reads everything, changes nothing."):
        assert words in shown
        assert words in seen
    assert "Invite somebody" in shown
    assert NEW in shown
    assert "Invite" not in seen
    assert NEW not in seen
    assert belonging.person_of(member(acme, acme.responder)) == otto


def test_it_may_be_only_you_or_two_hundred(acme: Cast, django_assert_max_num_queries: Callable[..., object]) -> None:
    Member.objects.exclude(user=acme.owner).delete()
    owner = enter(acme.owner)
    assert "It is only you" in said(owner, HERE)
    users = User.objects.bulk_create(User(email=f"n{n:03}@acme.test", name=f"N{n:03} " + "x" * 80) for n in range(200))
    Member.objects.bulk_create(Member(organization=acme.organization, user=user, role=Role.VIEWER) for user in users)
    with django_assert_max_num_queries(14):  # type: ignore[attr-defined]
        assert "Page 1 of 3" in said(owner, HERE)
    assert "n150@acme.test" in said(owner, f"{HERE}?sought=n150")
    assert "n151@acme.test" not in said(owner, f"{HERE}?sought=n150")


def test_the_pages_forms_are_what_is_posted(acme: Cast) -> None:
    it = member(acme, acme.viewer)
    forms = forms_in(enter(acme.owner).get(f"{HERE}{it.pk}/").content.decode())
    assert forms[f"{HERE}{it.pk}/"]["role"] == "viewer"
