"""An admin invites an address by mail, and whoever reads it joins: once, within a week, by a button."""

import re
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from threading import Barrier

import pytest
from django.db import IntegrityError, connection

from statuspage.kit import clock
from statuspage.organizations import inviting, joining, membership
from statuspage.organizations.models import Invitation, Member, Role, User
from tests.console.browsing import enter
from tests.makers import PASSWORD, Cast
from tests.organizations.members import (
    HERE,
    INVITE,
    JOINING,
    NEW,
    PostOffice,
    add,
    invite,
    link_in,
    member,
    said,
    verbs,
)


def test_somebody_new_joins_by_the_mailed_link(acme: Cast, post_office: PostOffice) -> None:
    owner, nina = enter(acme.owner), enter()
    assert invite(owner, NEW.upper()) == 303
    assert NEW in said(owner, HERE)
    (mail,) = post_office()
    assert (mail.to, mail.subject) == ([NEW], "Join Acme on Ripple")
    link = link_in(mail)
    for looking in (nina.get, nina.head, nina.options):
        looking(link)
    assert not User.objects.filter(email=NEW).exists(), "looking joins nothing"
    assert "Owner of Acme invites" in said(nina, link)
    weak = nina.post(link, {**JOINING, "password": "password"})
    assert (weak.status_code, Invitation.objects.count()) == (422, 1)
    assert "Welcome to Acme. You are responder here." in said(nina, link, {**JOINING})
    assert nina.get(HERE).status_code == 200
    assert member(acme, User.objects.get(email=NEW)).role == Role.RESPONDER
    assert enter().post(link, JOINING).status_code == 404, "once"
    assert enter().post("/accounts/login/", {"login": NEW, "password": JOINING["password"]}).status_code == 302
    assert verbs()[-2:] == ["invited", "joined"]


def test_whoever_has_a_login_joins_with_it_and_the_inviter_cannot_tell(
    acme: Cast, neighbour: Cast, post_office: PostOffice
) -> None:
    owner, known = enter(acme.owner), neighbour.viewer
    shown = [
        owner.post(INVITE, {"email": email, "role": "viewer"}, follow=True).content.decode().replace(email, "…")
        for email in ("viewer@nowhere.test", known.email)
    ]
    flashes = {re.findall(r'<p class="flash">(.*?)</p>', html)[0] for html in shown}
    assert flashes == {"… is invited: a link to join with is on its way."}
    mails = {mail.to[0]: mail for mail in post_office()}
    assert len({re.sub(r"/join/\S+", "", str(mail.body)) for mail in mails.values()}) == 1
    link = link_in(mails[known.email])
    stranger = enter()
    assert "Log in" in said(stranger, link)
    assert stranger.post(link, JOINING).status_code == 200
    assert known.email in said(enter(acme.viewer), link), "somebody else is told whom it is for"
    assert enter(acme.viewer).post(link).status_code == 200
    assert not acme.organization.members.filter(user=known).exists()
    answer = stranger.post("/accounts/login/", {"login": known.email, "password": PASSWORD, "next": link})
    assert answer["Location"] == link
    assert "Welcome to Acme" in said(stranger, link, {})
    assert member(acme, known).role == Role.VIEWER


def test_a_link_ends_when_it_is_mailed_again_withdrawn_or_a_week_old(acme: Cast, post_office: PostOffice) -> None:
    owner, start = enter(acme.owner), clock.now()
    invite(owner)
    old = link_in(post_office()[-1])
    again = f"{INVITE}{Invitation.objects.get().public_id}/mail/"
    owner.post(again)
    newer = link_in(post_office()[-1])
    assert [enter().get(link).status_code for link in (old, newer)] == [404, 200]
    clock.make_movable(start + timedelta(days=7, minutes=1))
    assert enter().post(newer, JOINING).status_code == 404
    assert "the link is too old" in said(owner, HERE)
    owner.post(again)
    newest = link_in(post_office()[-1])
    assert enter().get(newest).status_code == 200
    owner.post(f"{INVITE}{Invitation.objects.get().public_id}/withdrawal/")
    assert enter().post(newest, JOINING).status_code == 404
    assert not Invitation.objects.exists()
    assert verbs()[-4:] == ["invited", "invited", "invited", "withdrew"]
    assert not User.objects.filter(email=NEW).exists()


def test_the_link_is_kept_as_a_hash_only(acme: Cast, post_office: PostOffice) -> None:
    invite(enter(acme.owner))
    token = link_in(post_office()[-1]).split("/")[2]
    kept = Invitation.objects.filter(email=NEW).values_list().get()
    assert token not in repr(kept)
    assert joining.find(token) is not None


def test_two_clicks_at_once_make_one_member(transactional_db: None, acme: Cast) -> None:
    row = inviting.invite(acme.organization, NEW, role=Role.VIEWER, by=acme.owner)
    assert inviting.mail_waiting() == 1
    row.refresh_from_db()
    barrier = Barrier(2)

    def click() -> str:
        barrier.wait()
        try:
            joining.join_anew(row, name="Nina", password=PASSWORD)
        except (joining.GoneError, IntegrityError) as error:
            return type(error).__name__
        finally:
            connection.close()
        return "joined"

    with ThreadPoolExecutor(2) as both:
        outcomes = sorted(future.result() for future in [both.submit(click), both.submit(click)])
    assert outcomes.count("joined") == 1
    assert Member.objects.filter(user__email=NEW).count() == 1


def test_who_may_be_invited(acme: Cast, post_office: PostOffice) -> None:
    owner, admin = enter(acme.owner), enter(add(acme, Role.ADMIN))
    assert invite(owner, acme.viewer.email) == 422
    assert invite(owner, "no address") == 422
    assert invite(admin, role=Role.OWNER) == 422
    assert invite(admin, role=Role.ADMIN) == 303
    assert invite(owner, role=Role.OWNER) == 303
    row = Invitation.objects.get()
    assert row.role == Role.OWNER, "the newest word counts"
    admin.post(f"{INVITE}{row.public_id}/withdrawal/")
    admin.post(f"{INVITE}{row.public_id}/mail/")
    (mail,) = post_office()
    assert "as owner." in mail.body
    assert Invitation.objects.exists(), "what only owners give, only owners take back"


def test_nobody_is_flooded(acme: Cast) -> None:
    owner = enter(acme.owner)
    assert [invite(owner) for _ in range(6)] == [303] * 5 + [422]


def test_what_somebody_promised_goes_with_them(acme: Cast, post_office: PostOffice) -> None:
    adam = add(acme, Role.ADMIN)
    invite(enter(adam))
    link = link_in(post_office()[-1])
    membership.change_role(member(acme, adam), Role.RESPONDER, by=acme.owner)
    assert enter().get(link).status_code == 404


@pytest.mark.parametrize(("door", "button"), [("mail/", "Send again"), ("withdrawal/", "Withdraw")])
def test_whoever_said_who_they_are_in_another_tab_is_led_to_the_button(acme: Cast, door: str, button: str) -> None:
    owner = enter(acme.owner)
    assert invite(owner) == 303
    address = f"{INVITE}{Invitation.objects.get().public_id}/{door}"
    assert owner.get(address).headers["location"] == HERE
    assert f"Nothing is done yet. Press “{button}”." in said(owner, address)
    assert verbs()[-1] == "invited", "looking does nothing"
