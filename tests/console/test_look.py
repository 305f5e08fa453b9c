"""The screens where an owner makes a page theirs: what is typed is kept, what is shown is the page itself."""

from typing import Any

from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client

from statuspage.organizations.models import AuditEntry
from statuspage.pages.models import Page
from tests.console.browsing import enter, forms_in, frames_in, text_of
from tests.makers import Cast, open_incident, outage, picture


def address(cast: Cast, name: str) -> str:
    return f"/o/acme/pages/{cast.page.public_id}/{name}"


def filled(client: Client, cast: Cast, name: str) -> dict[str, object]:
    """The form as a browser would send it untouched."""
    return forms_in(client.get(address(cast, name)).content.decode())[address(cast, name)]


def test_a_colour_is_saved_and_its_mending_explained(acme: Cast) -> None:
    client = enter(acme.owner)
    answer = client.post(address(acme, "look/"), {"accent": "#FFD200", "accent_dark": ""}, follow=True)
    assert "Saved. Visitors see it in a moment." in text_of(answer.content.decode())
    assert "We darkened it to #836b00." in text_of(answer.content.decode())
    assert filled(client, acme, "look/")["accent"] == "#ffd200", "what was chosen stays what was chosen"


def test_a_wrong_colour_is_kept_beside_the_reason(acme: Cast) -> None:
    answer = enter(acme.owner).post(address(acme, "look/"), {"accent": "sunny", "accent_dark": "#0f0"})
    screen = answer.content.decode()
    assert answer.status_code == 422
    assert 'value="sunny"' in screen
    assert "for example #1f4fd8" in screen
    assert Page.objects.get(pk=acme.page.pk).accent_dark == ""


def test_texts_are_saved_together_or_not_at_all(acme: Cast) -> None:
    client = enter(acme.owner)
    given = filled(client, acme, "texts/") | {
        "intro": "We are **here**.",
        "links-0-label": "Imprint",
        "links-0-url": "imprint",
    }
    answer = client.post(address(acme, "texts/"), given)
    assert answer.status_code == 422
    assert "beginning with https://" in answer.content.decode()
    again = forms_in(answer.content.decode())[address(acme, "texts/")]
    assert (again["intro"], again["links-0-url"]) == ("We are **here**.", "imprint")
    assert Page.objects.get(pk=acme.page.pk).intro == ""

    client.post(address(acme, "texts/"), given | {"links-0-url": "https://acme.test/imprint"})
    row = Page.objects.get(pk=acme.page.pk)
    assert (row.intro, row.links) == (
        "We are **here**.",
        [{"label": "Imprint", "url": "https://acme.test/imprint"}],
    )
    untouched = filled(client, acme, "texts/")
    assert untouched["links-0-url"] == "https://acme.test/imprint"
    assert client.post(address(acme, "texts/"), untouched, follow=True).content.decode().count("Nothing was different.")


def test_the_preview_is_the_page_with_what_was_typed_in_the_light_and_in_the_dark(acme: Cast) -> None:
    open_incident(acme, public_title="Cards fail", body="We look.", services=outage(acme.cards))
    client = enter(acme.owner)
    given = filled(client, acme, "texts/") | {"name": "Acme <today>", "intro": "Read *this*."}
    fragment = client.post(address(acme, "texts/preview/"), given).content.decode()
    light, dark = frames_in(fragment)
    for document in (light, dark):
        assert "Cards fail since" in document
        assert "Acme &lt;today&gt;" in document
        assert "Read <em>this</em>." in document
        assert "<script" not in document
        assert '<base target="_blank">' in document
        assert document.count("<link ") == 1
    assert "/look/light.css?accent=&amp;accent_dark=" in light
    assert "/look/dark.css?" in dark
    assert fragment.count('sandbox="allow-same-origin"') == 2
    assert Page.objects.get(pk=acme.page.pk).name == "Acme status"


def test_a_preview_shows_what_is_right_so_far(acme: Cast) -> None:
    given = {"accent": "#ffd", "accent_dark": "#"}
    fragment = enter(acme.owner).post(address(acme, "look/preview/"), given).content.decode()
    assert all("accent=%23ffffdd&amp;accent_dark=" in document for document in frames_in(fragment))
    assert "Your #ffffdd would be hard to read as a link on white" in fragment
    assert fragment.count('hx-swap-oob="true"') == 2


def test_a_preview_writes_nothing(acme: Cast) -> None:
    before = (Page.objects.get(pk=acme.page.pk).revision, AuditEntry.objects.count())
    client = enter(acme.owner)
    client.post(address(acme, "look/preview/"), {"accent": "#ff0000"})
    client.post(address(acme, "texts/preview/"), {"name": "Other"})
    client.get(address(acme, "look/dark.css"), {"accent": "#ff0000"})
    assert (Page.objects.get(pk=acme.page.pk).revision, AuditEntry.objects.count()) == before


def test_the_style_of_a_preview_is_fixed_to_one_scheme(acme: Cast) -> None:
    client = enter(acme.owner)
    colours = {"accent": "#ffd200", "accent_dark": "</style>"}
    light, dark = (client.get(address(acme, f"look/{scheme}.css"), colours) for scheme in ("light", "dark"))
    assert light["Content-Type"] == "text/css; charset=utf-8"
    for sheet, other in ((light, "light"), (dark, "dark")):
        text = sheet.content.decode()
        assert "prefers-color-scheme" not in text
        assert f"color-scheme: {other}" in text
        assert "--accent: #836b00" in text
        assert "</style>" not in text
    assert b"@media not all {" in light.content
    assert b"@media all {" in dark.content
    assert client.get(address(acme, "look/sepia.css")).status_code == 404


def test_who_may_not_change_it_does_not_see_the_way_there(acme: Cast) -> None:
    screen = enter(acme.responder).get(address(acme, "")).content.decode()
    assert "/look/" not in screen
    assert "/look/" in enter(acme.owner).get(address(acme, "")).content.decode()


def upload(client: Client, cast: Cast, kind: str, body: bytes, name: str = "logo.png") -> Any:
    return client.post(address(cast, f"images/{kind}/"), {"file": SimpleUploadedFile(name, body)}, follow=True)


def test_a_logo_is_uploaded_shown_replaced_and_removed(acme: Cast) -> None:
    client = enter(acme.owner)
    screen = upload(client, acme, "logo", picture(960, 192)).content.decode()
    assert "The picture is saved." in screen
    assert "data:image/png;base64," in screen
    kept = acme.page.images.get()
    assert (kept.kind, kept.width, kept.height) == ("logo", 480, 96)

    upload(client, acme, "logo", picture(100, 50))
    assert [(image.width, image.height) for image in acme.page.images.all()] == [(100, 50)]
    assert "The picture is removed." in text_of(
        client.post(address(acme, "images/logo/removal/"), follow=True).content.decode()
    )
    assert not acme.page.images.exists()
    verbs = (
        AuditEntry.objects.filter(target=f"page {acme.page.public_id}").order_by("pk").values_list("verb", flat=True)
    )
    assert list(verbs) == ["gave picture", "gave picture", "removed picture"]


def test_a_logo_that_needs_a_plate_is_explained(acme: Cast) -> None:
    client = enter(acme.owner)
    assert "white plate" in upload(client, acme, "logo", picture(100, 50, "black")).content.decode()
    assert "white plate" not in upload(client, acme, "logo_dark", picture(100, 50, "white")).content.decode()
    assert "dark plate" in upload(client, acme, "logo", picture(100, 50, "white")).content.decode()


def test_a_file_that_cannot_be_used_says_why_and_changes_nothing(acme: Cast) -> None:
    client = enter(acme.owner)
    upload(client, acme, "favicon", picture(64, 64))
    revision = Page.objects.get(pk=acme.page.pk).revision
    answer = upload(client, acme, "favicon", b"<svg/>", name="../../icon.png")
    assert answer.status_code == 422
    assert "An SVG can hold scripts" in answer.content.decode()
    assert "data:image/png;base64," in answer.content.decode(), "the one there was is still there"
    assert Page.objects.get(pk=acme.page.pk).revision == revision


def test_pictures_have_three_purposes_and_no_others(acme: Cast) -> None:
    client = enter(acme.owner)
    assert upload(client, acme, "banner", picture(10, 10)).status_code == 404
    assert client.post(address(acme, "images/banner/removal/")).status_code == 404


def test_the_preview_has_the_logos_in_it(acme: Cast) -> None:
    client = enter(acme.owner)
    upload(client, acme, "logo", picture(100, 50))
    upload(client, acme, "logo_dark", picture(100, 51))
    light, dark = frames_in(client.post(address(acme, "look/preview/"), {}).content.decode())
    for document in (light, dark):
        assert document.count("data:image/png;base64,") == 2
        assert "/assets/" not in document
    assert 'media="all"' in dark
    assert 'media="not all"' in light
