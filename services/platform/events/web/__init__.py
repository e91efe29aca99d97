"""Pages of events: what is on, registration without an account, and calendars to subscribe to."""

from libs.serving.pages.endpoint import html_page
from libs.serving.responses import reading
from libs.serving.routes import Pages
from libs.serving.service import GraphQLService
from libs.serving.visitors import Visitors
from services.platform.events.addresses import DOOR, EVENT, EVENTS, FEED, GROUP_FEED, PLACE
from services.platform.events.web import calendar
from services.platform.events.web.own import OwnPage
from services.platform.events.web.personal import PersonalCalendars
from services.platform.events.web.register import EventPage
from services.platform.events.web.whats_on import list_page


def event_pages(service: GraphQLService, visitors: Visitors) -> Pages:
    """By name below the tenant. None reads a cookie; GET changes nothing."""
    event, own = EventPage(service, visitors), OwnPage(visitors)
    return {
        calendar.NAME: reading(calendar.calendar_page(service)),
        GROUP_FEED: reading(calendar.group_page(service)),
        FEED: reading(calendar.own_page(PersonalCalendars(visitors))),
        EVENTS: html_page(list_page(service)),
        EVENT: html_page(event.show, event.take),
        DOOR: html_page(own.show_door, own.enter),
        PLACE: html_page(own.show, own.take),
    }
