from statuspage.pages.models.page import Host, Page, PageService
from statuspage.pages.models.service import Service, ServiceGroup, StatusChange

__all__ = ["Host", "Page", "PageService", "Service", "ServiceGroup", "StatusChange"]
