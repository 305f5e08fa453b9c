from statuspage.pages.models.host import Host
from statuspage.pages.models.image import PageImage
from statuspage.pages.models.page import Page, PageService
from statuspage.pages.models.ring_link import RingLink
from statuspage.pages.models.service import Service, ServiceGroup, StatusChange
from statuspage.pages.models.used_link import UsedLink

__all__ = [
    "Host",
    "Page",
    "PageImage",
    "PageService",
    "RingLink",
    "Service",
    "ServiceGroup",
    "StatusChange",
    "UsedLink",
]
