"""Admins' doors to an organization's own words for messages: what there is, writing them, and seeing them as read."""

from http import HTTPStatus

from csp.constants import SELF, UNSAFE_INLINE
from csp.decorators import csp_update
from django.contrib import messages
from django.http import Http404, HttpResponse, HttpResponseRedirect
from django.shortcuts import render, resolve_url
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from notifications import own_words, sampling, trying_out, wording
from notifications.channels.base import TOKEN_PLACEHOLDER, Verdict
from notifications.message_forms import PlaceForm, WordsForm
from notifications.models import MessageTemplate
from notifications.rendering import render as rendered
from notifications.sampling import Example
from notifications.wording import Place
from statuspage.kit import gsm7
from statuspage.organizations.access import ConsoleRequest, console, lead_to, may_edit_setup
from statuspage.organizations.plan import Channel

# A mail brings its own style, in a frame without scripts: on these screens, and on no others.
_letters_may_be_shown = csp_update({"style-src": [SELF, UNSAFE_INLINE]})


@console
@require_safe
def all_messages(request: ConsoleRequest) -> HttpResponse:
    """Every kind of message, and where the organization has words of its own; chosen from lists, the way to one."""
    chosen = PlaceForm(request.GET).place() if "kind" in request.GET else None
    if chosen:
        return HttpResponseRedirect(_address("message", request, chosen))
    rows = MessageTemplate.objects.select_related("ring", "changed_by")
    places = [_place_of(row) for row in rows]
    kinds = [(kind, name, when, [one for one in places if one.kind == kind]) for kind, name, when in wording.kinds()]
    return render(request, "console/messages/list.html", {"kinds": kinds, "form": PlaceForm()})


@_letters_may_be_shown
@console
@may_edit_setup
@require_http_methods(["GET", "HEAD", "POST"])
def message(request: ConsoleRequest, kind: str, ring: str, channel: str, language: str) -> HttpResponse:
    place = _find(kind, ring, channel, language)
    example = sampling.example_for(request.organization, place)
    form = _form(request, place)
    if not form.is_valid():
        status = HTTPStatus.UNPROCESSABLE_ENTITY if form.is_bound else HTTPStatus.OK
        return _screen(request, form, example, status=status)
    wording.keep(request.organization, place, form.own, by=request.user)
    messages.success(request, "Saved. It is said from the next message on; what was sent before stays as it was.")
    return _back(request, place)


@_letters_may_be_shown
@console
@may_edit_setup
@require_POST
def message_preview(request: ConsoleRequest, kind: str, ring: str, channel: str, language: str) -> HttpResponse:
    """As the words stand now, drawn by what sends them. Without JavaScript: the whole screen. Writes nothing."""
    place = _find(kind, ring, channel, language)
    form = _form(request, place)
    example = sampling.example_for(request.organization, place)
    if request.headers.get("HX-Request"):
        return render(request, "console/messages/_preview.html", _preview(form, example))
    return _screen(request, form, example)


@_letters_may_be_shown
@console
@may_edit_setup
@require_POST
def message_trial(request: ConsoleRequest, kind: str, ring: str, channel: str, language: str) -> HttpResponse:
    """The preview as a mail to whoever asks for it."""
    place = _find(kind, ring, channel, language)
    form = _form(request, place)
    example = sampling.example_for(request.organization, place)
    if not form.is_valid():
        return _screen(request, form, example, status=HTTPStatus.UNPROCESSABLE_ENTITY)
    words = rendered(example.reading, channel=place.channel, unsubscribe=example.unsubscribe, own=form.own)
    outcome = trying_out.send_preview(request.organization, words, what=str(place), to=request.user)
    if outcome is None:
        messages.error(request, "That were many previews for one hour. Wait a little, and look at it here meanwhile.")
    elif outcome.verdict is Verdict.ACCEPTED:
        messages.success(request, f"The preview is on its way to {request.user.email}.")
    else:
        messages.error(request, f"The preview could not be sent: {outcome.reason}.")
    return _screen(request, form, example)


@console
@may_edit_setup
@require_POST
def message_removal(request: ConsoleRequest, kind: str, ring: str, channel: str, language: str) -> HttpResponse:
    place = _find(kind, ring, channel, language)
    if wording.give_up(request.organization, place, by=request.user):
        messages.success(request, f"{place}: back to Ripple's words, from the next message on.")
    return lead_to(request, "messages")


def _find(kind: str, ring: str, channel: str, language: str) -> Place:
    place = PlaceForm({"kind": kind, "ring": ring, "channel": channel, "language": language}).place()
    if place is None:
        raise Http404
    return place


def _form(request: ConsoleRequest, place: Place) -> WordsForm:
    row = wording.rows_at(request.organization, place).first()
    own = own_words.OwnWords(subject=row.subject, body=row.body) if row else None
    sample = sampling.sample_for(request.organization, place)
    return WordsForm(request.POST if request.method == "POST" else None, place=place, sample=sample, own=own)


def _screen(
    request: ConsoleRequest, form: WordsForm, example: Example, *, status: HTTPStatus = HTTPStatus.OK
) -> HttpResponse:
    place = form.place
    context = {
        "place": place,
        "form": form,
        "choose": PlaceForm(place=place),
        "where": [request.organization.slug, place.kind, place.ring_key, place.channel.value, place.language],
        "row": wording.rows_at(request.organization, place).select_related("changed_by").first(),
        "offered": [(each, each.text(example.reading)) for each in own_words.offered(place.use)],
        **_preview(form, example),
    }
    return render(request, "console/messages/message.html", context, status=status)


def _preview(form: WordsForm, example: Example) -> dict[str, object]:
    refused = own_words.refusals(form.own, form.place.use)
    if refused:
        return {"place": form.place, "refused": list(refused.values()), "source": example.source}
    channel = form.place.channel
    words = rendered(example.reading, channel=channel, unsubscribe=example.unsubscribe, own=form.own)
    return {
        "place": form.place,
        "source": example.source,
        "words": words,
        "text": words.text.replace(TOKEN_PLACEHOLDER, "…"),
        "html": words.html.replace(TOKEN_PLACEHOLDER, "…"),
        "segments": gsm7.segments(words.text) if channel is Channel.SMS else 0,
    }


def _place_of(row: MessageTemplate) -> Place:
    return Place(kind=row.kind, ring=row.ring, channel=Channel(row.channel), language=row.language)


def _address(name: str, request: ConsoleRequest, place: Place) -> str:
    return resolve_url(name, request.organization.slug, place.kind, place.ring_key, place.channel.value, place.language)


def _back(request: ConsoleRequest, place: Place) -> HttpResponse:
    return HttpResponseRedirect(_address("message", request, place), status=HTTPStatus.SEE_OTHER)
