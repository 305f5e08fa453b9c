"""What other people's sites may load: small, honest, and nothing that is not public."""

from datetime import timedelta

import pytest

from statuspage.kit import clock
from statuspage.pages.models import Page
from statuspage.pages.store import the_store
from tests.makers import Cast, note, open_incident, outage, post, resolve
from tests.publishing.conftest import Published
from tests.timeline import START

NOTICE = "embed/notice.json"


def test_all_is_well(acme: Cast, published: Published) -> None:
    published.publish(acme.page)
    notice = published.json(acme.page, NOTICE)
    assert notice["incidents"] == []
    assert (notice["sentence"], notice["tone"]) == ("All services are operating normally.", "operational")
    assert (notice["since"], notice["next_update"], notice["promise"]) == (None, None, "")
    assert notice["page"] == {"name": "Acme status", "url": "http://status.acme.test/"}
    assert 'data-wrong=""' in published.text(acme.page, "embed/frame.html")


def test_the_worst_incident_comes_first_and_each_can_stand_alone(acme: Cast, published: Published) -> None:
    clock.make_movable(START)
    open_incident(acme, "sev3", public_title="Slow mails", body="Mails are slow.")
    clock.move_to(START + timedelta(minutes=4))
    incident = open_incident(
        acme, body="Cards fail.", services=outage(acme.cards), next_update_at=START + timedelta(minutes=30)
    )
    published.publish(acme.page)
    notice = published.json(acme.page, NOTICE)
    worst, other = notice["incidents"]
    assert worst == {
        "id": incident.public_id,
        "title": "Trouble with payments",
        "url": f"http://status.acme.test/incidents/{incident.public_id}",
        "updated": "2026-03-02T10:04:00.000Z",
        "maintenance": False,
        "services": [acme.cards.public_id],
        "sentence": "Trouble with payments since 10:04\u00a0UTC.",
        "tone": "partial_outage",
        "promise": "Next update by 10:30\u00a0UTC.",
    }
    assert other["sentence"] == "Slow mails since 10:00\u00a0UTC."
    assert notice["since"] == "2026-03-02T10:00:00Z"
    assert notice["sentence"].startswith("Trouble with payments since 10:04\u00a0UTC, and 1 more")


def test_a_late_word_is_called_late(acme: Cast, published: Published) -> None:
    clock.make_movable(START)
    open_incident(acme, body="Strange mails.", next_update_at=START + timedelta(minutes=20))
    published.publish(acme.page)
    clock.move_to(START + timedelta(minutes=21))
    Page.objects.all().touch()
    published.publish(acme.page)
    assert "is late: it was due by 10:20" in published.json(acme.page, NOTICE)["promise"]
    assert "is late: it was due by 10:20" in published.text(acme.page, "embed/frame.html")


def test_every_embed_leads_back_in_a_tab_of_its_own(acme: Cast, published: Published) -> None:
    open_incident(acme, body="Cards fail.", services=outage(acme.cards))
    published.publish(acme.page)
    for name in ("embed/frame.html", "embed/status.html"):
        text = " ".join(published.text(acme.page, name).split())
        assert '<a href="http://status.acme.test/" target="_blank" rel="noopener"' in text
        assert "Trouble with payments since" in text


def test_embeds_speak_every_language_of_the_page(acme: Cast, published: Published) -> None:
    Page.objects.update(languages=["en", "de"])
    open_incident(acme, public_title="Karten", body="Karten gehen nicht.", services=outage(acme.cards))
    published.publish(acme.page)
    german = published.json(acme.page, f"de/{NOTICE}")
    assert (german["language"], german["languages"]) == ("de", ["en", "de"])
    assert german["sentence"].startswith("Karten seit")
    assert german["page"]["url"] == "http://status.acme.test/de"
    assert '<html lang="de">' in published.text(acme.page, "de/embed/frame.html")
    assert "Karten seit" in published.text(acme.page, "de/embed/status.html")


def test_what_has_not_changed_need_not_be_drawn_again(acme: Cast, published: Published) -> None:
    clock.make_movable(START)
    open_incident(acme, body="Strange mails.")
    published.publish(acme.page)
    made_of = {name: made_of for name, made_of in the_store().known(acme.page.public_id).items() if "embed/" in name}
    assert len(made_of) == 6
    assert all(made_of.values())
    clock.move_to(START + timedelta(minutes=5))
    Page.objects.all().touch()
    published.publish(acme.page)
    assert made_of.items() <= the_store().known(acme.page.public_id).items()


def test_an_incident_that_is_over_is_gone(acme: Cast, published: Published) -> None:
    incident = open_incident(acme, body="Cards fail.", services=outage(acme.cards))
    published.publish(acme.page)
    updated = published.json(acme.page, NOTICE)["incidents"][0]["updated"]
    clock.make_movable(clock.now() + timedelta(minutes=5))
    post(acme, incident, "We know why.")
    published.publish(acme.page)
    assert published.json(acme.page, NOTICE)["incidents"][0]["updated"] > updated
    resolve(acme, incident)
    published.publish(acme.page)
    assert published.json(acme.page, NOTICE)["incidents"] == []


def test_no_inner_word_reaches_another_site(acme: Cast, published: Published) -> None:
    open_incident(
        acme,
        title="canary-title",
        body="Cards fail.",
        services=outage(acme.cards),
        notes=(note("canary-note", 1),),
        bridge_url="https://bridge.example/canary",
    )
    published.publish(acme.page)
    said = "".join(
        published.text(acme.page, name)
        for name in published.names(acme.page)
        if name.startswith("embed/") and not name.endswith(".gz")
    )
    assert "Trouble with payments" in said
    assert "canary" not in said


@pytest.mark.parametrize(
    ("name", "bytes_at_most"), [("notice.js", 6 * 1024), ("script.js", 3 * 1024), ("se-v2.js", 3 * 1024)]
)
def test_scripts_for_other_sites_stay_small(acme: Cast, published: Published, name: str, bytes_at_most: int) -> None:
    published.publish(acme.page)
    assert (published.folder(acme.page) / "embed" / name).stat().st_size <= bytes_at_most


def test_what_a_tenant_writes_is_text_in_frames_too(acme: Cast, published: Published) -> None:
    attack = '"><script>alert(1)</script>'
    Page.objects.update(name=attack)
    open_incident(acme, public_title=attack, body="x", services=outage(acme.cards))
    published.publish(acme.page)
    for name in ("embed/frame.html", "embed/status.html"):
        assert published.text(acme.page, name).count("<script") == 1
