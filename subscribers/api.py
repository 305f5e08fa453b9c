"""Programs' door on a page's host: /api/v2/subscribers.json as Statuspage's own script speaks to it.

Answered alike for every address, and readable by any site: the script that posts here stands on a customer's own.
"""

from http import HTTPStatus

from django.http import HttpRequest, HttpResponse, JsonResponse, QueryDict
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_http_methods

from statuspage.kit.client_addresses import client_address
from statuspage.kit.networks import block_of
from statuspage.organizations.plan import Channel
from statuspage.pages.compatible import stamp
from statuspage.pages.gate import gate, language_of, page_of
from subscribers import signing_up
from subscribers.about import AboutOf, find
from subscribers.models import Address, Endpoint, SignUp
from subscribers.public import is_let_in
from subscribers.reaching import Reachable
from subscribers.sign_up_forms import Recognise, SignUpForm, errors_of
from subscribers.signing_up import Closed

SENTENCES = {
    "often": "Too many sign-ups came from your network. Try again in ten minutes.",
    "sms": "No more numbers can sign up at the moment. Try again in four hours, or use e-mail.",
    "country": "SMS cannot be sent to this country from here. Use e-mail.",
    "spent": "Today's SMS are used up. Try again tomorrow, or use e-mail.",
}
UNKNOWN = "This page has no incident with this id."
IS_OVER = "This incident is over: nothing more will be said of it."
ON_ITS_WAY = {"message": "If this is a subscriber, a link to change or stop the updates is on its way."}


@csrf_exempt  # it only asks for a mail; and browsers send the cookie of a page that is not public from nowhere else
@require_http_methods(["POST", "DELETE", "OPTIONS"])
def subscribers(request: HttpRequest, *, about_of: AboutOf, recognise: Recognise) -> HttpResponse:
    if not page_of(request).is_public and not is_let_in(request):
        return gate(request)
    if request.method == "POST":
        answer = _create(request, about_of, recognise)
    else:
        answer = _remove(request) if request.method == "DELETE" else _preflight(request)
    answer["Access-Control-Allow-Origin"] = "*"
    answer["Cache-Control"] = "no-store"
    return answer


def _preflight(_request: HttpRequest) -> HttpResponse:
    answer = HttpResponse(status=HTTPStatus.NO_CONTENT)
    answer["Access-Control-Allow-Methods"] = "POST, DELETE"
    answer["Access-Control-Allow-Headers"] = "Content-Type"
    return answer


def _create(request: HttpRequest, about_of: AboutOf, recognise: Recognise) -> HttpResponse:
    given = _as_form(request.POST)
    if incident := str(given["incident"]):
        about = find(page_of(request), incident, about_of)
        if about is None or about.is_over:
            return _refusal(IS_OVER if about else UNKNOWN, HTTPStatus.UNPROCESSABLE_ENTITY)
    form = SignUpForm(page_of(request), given, recognise=recognise)
    if not form.is_valid():
        return _refusal(" ".join(errors_of(form)), HTTPStatus.UNPROCESSABLE_ENTITY)
    asking = form.asking(language=language_of(request))
    try:
        sign_up = signing_up.ask(page_of(request), asking, block=block_of(client_address(request)))
    except Closed as closed:
        return _closed(closed)
    return JsonResponse({"subscriber": _told(sign_up)}, status=HTTPStatus.CREATED)


def _remove(request: HttpRequest) -> HttpResponse:
    """Without authority: whoever the id belongs to is mailed a link, and the asker learns nothing."""
    asked = QueryDict(request.body[:10_000], encoding="utf-8").get("subscriber[id]") or request.GET.get(
        "subscriber[id]"
    )
    try:
        signing_up.ask_for_link(
            page_of(request),
            _reachable(str(asked or "")),
            language=language_of(request),
            block=block_of(client_address(request)),
        )
    except Closed as closed:
        return _closed(closed)
    return JsonResponse(ON_ITS_WAY, status=HTTPStatus.ACCEPTED)


def _reachable(public_id: str) -> Reachable:
    """Whom an id is for. An unknown one is written down like any other, for somebody whom nothing reaches."""
    sign_up = SignUp.objects.filter(public_id=public_id).first()
    address = Address.objects.select_related("person").filter(person__public_id=public_id).order_by("id").first()
    contact = sign_up.contact if sign_up else _contact_of(address) if address else ""
    row = sign_up or address
    if row is None or contact:
        return Reachable(channel=Channel.EMAIL, value=contact, normalised=contact.lower())
    return Reachable(channel=Channel(row.channel), value=row.value, normalised=row.normalised)


def _contact_of(address: Address) -> str:
    endpoint = Endpoint.objects.filter(address=address).first()
    return endpoint.contact if endpoint else ""


def _as_form(given: QueryDict) -> QueryDict:
    """The fields of Statuspage's script in the names of ours."""
    form = QueryDict(mutable=True)
    email, phone = given.get("subscriber[email]", ""), given.get("subscriber[email_sms]", "")
    phone = phone or given.get("subscriber[phone_number]", "")
    url = given.get("subscriber[endpoint]", "")
    channel = Channel.WEBHOOK if url else Channel.SMS if phone else Channel.EMAIL
    form.update({"channel": channel.value, "email": email, "phone": phone, "url": url})
    form["incident"] = given.get("subscriber[incident_id]") or given.get("subscriber[incident]") or ""
    services = given.getlist("subscriber[component_ids][]") or given.getlist("subscriber[components][]")
    form["scope"] = "services" if services else "everything"
    form.setlist("services", services)
    form.setlist("kinds", ["incidents", "maintenance"])
    return form


def _told(sign_up: SignUp) -> dict[str, object]:
    """In the order of the wire."""
    address = {
        Channel.EMAIL: {"email": sign_up.value},
        Channel.SMS: {"phone_number": sign_up.value},
    }.get(Channel(sign_up.channel), {"endpoint": sign_up.value, "email": sign_up.contact})
    return {
        "created_at": stamp(sign_up.created_at, sign_up.on_page.zone),
        "skip_confirmation_notification": False,
        "quarantined_at": None,
        "id": sign_up.public_id,
        "mode": sign_up.channel,
        "purge_at": None,
        **address,
    }


def _closed(closed: Closed) -> HttpResponse:
    status = HTTPStatus.TOO_MANY_REQUESTS if closed.reason in {"often", "sms"} else HTTPStatus.UNPROCESSABLE_ENTITY
    return _refusal(SENTENCES[closed.reason], status)


def _refusal(sentence: str, status: HTTPStatus) -> HttpResponse:
    return JsonResponse({"message": sentence}, status=status)
