"""Every route of the console, and what a role gets from it."""

from dataclasses import dataclass

from django.urls import URLPattern, URLResolver, get_resolver

PREFIX = "o/<slug:organization>/"
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
    "audit_log": Route((403, 403, 200), None, guarded=True),
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


def patterns() -> dict[str, str]:
    """The console's routes, by name."""
    found = {}
    for resolver in get_resolver().url_patterns:
        if isinstance(resolver, URLResolver) and str(resolver.pattern) == PREFIX:
            for pattern in resolver.url_patterns:
                assert isinstance(pattern, URLPattern)
                found[str(pattern.name)] = str(pattern.pattern)
    return found
