"""Members' door to what can stand on their own site: what to copy, and how it looks at this moment."""

from django.http import HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from statuspage.organizations.access import ConsoleRequest, console
from statuspage.pages.page_console import find

SNIPPETS = {
    "notice": '<script src="{url}/embed/notice.js" async></script>',
    "line": (
        '<iframe src="{url}/embed/status" title="Service status" width="320" height="44" style="border: 0"'
        ' loading="lazy"></iframe>'
    ),
    "badge": '<a href="{url}/"><img src="{url}/badge.svg" alt="Service status" height="24"></a>',
    "frame": '<script src="{url}/embed/script.js"></script>',
    "api": '<script src="{url}/embed/se-v2.js"></script>',
}


@console
@require_safe
def embeds(request: ConsoleRequest, public_id: str) -> HttpResponse:
    page = find(public_id)
    snippets = {name: snippet.format(url=page.url) for name, snippet in SNIPPETS.items()}
    answer = render(request, "console/pages/embeds.html", {"page": page, **snippets})
    if page.url:
        # The previews come from the page's own host, and from nowhere else.
        answer._csp_update = {"frame-src": [page.url], "img-src": [page.url]}  # type: ignore[attr-defined]
    return answer
