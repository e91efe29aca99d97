"""The page on which a person asks for help, and the one on which they come back with their code."""

from libs.serving.pages.endpoint import html_page
from libs.serving.responses import Application
from libs.serving.visitors import Visitors
from services.platform.requests.web.answer import ANSWER, AnswerPage
from services.platform.requests.web.ask import HELP, HelpPage
from services.platform.requests.web.fronts import Fronts


def help_pages(visitors: Visitors, address_from: str | None = None) -> dict[str, Application]:
    """By name below the tenant. Neither reads a cookie; words and codes travel in the body alone.

    `address_from`: see `Senders`.
    """
    fronts = Fronts(visitors)
    asking, answer = HelpPage(visitors, fronts, address_from), AnswerPage(visitors, fronts)
    return {HELP: html_page(asking.show, asking.take), ANSWER: html_page(answer.show, answer.take)}
