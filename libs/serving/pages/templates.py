"""Templates in Japanese and English: always escaped, and an undefined name is a fault."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Final

from jinja2 import ChoiceLoader, Environment, PackageLoader, PrefixLoader, StrictUndefined

from libs.serving.pages import stylesheet
from libs.serving.pages.guarding import HEADERS
from libs.serving.pages.requests import PageRequest
from libs.serving.responses import Header, Response

HTML: Final = b"text/html; charset=utf-8"
BASE: Final = "pages"


@dataclass(frozen=True, slots=True)
class Templates:
    """The templates of one feature, which extend those of this room by the prefix `pages/`."""

    environment: Environment

    @classmethod
    def of(cls, package: str) -> "Templates":
        """Those in the folder `templates` of the package."""
        base = PrefixLoader({BASE: PackageLoader("libs.serving.pages", "templates")})
        return cls(
            Environment(
                loader=ChoiceLoader([base, PackageLoader(package, "templates")]),
                autoescape=True,
                undefined=StrictUndefined,
                auto_reload=False,
                trim_blocks=True,
                lstrip_blocks=True,
            )
        )

    def page(
        self,
        request: PageRequest,
        template: str,
        *,
        status: int = 200,
        headers: tuple[Header, ...] = (),
        errors: Mapping[str, str] | None = None,
        **values: Any,  # noqa: ANN401 - what the template shows
    ) -> Response:
        """The page as an answer. `errors`: what is wrong with each field, by its name, in the form's order.

        A template gets `page` (the request), `say(ja, en)`, `errors` and the values.
        """
        shown = {
            "page": request,
            "say": request.say,
            "errors": errors or {},
            "stylesheet": f"/t/{request.tenant}/{stylesheet.NAME}",
            **values,
        }
        text = self.environment.get_template(template).render(shown)
        return Response(status, HTML, text.encode(), (*HEADERS, *headers))


def see_other(location: str) -> Response:
    """After a form: go and read there (RFC 9110, 15.4.4). The location is one of ours."""
    return Response(303, HTML, b"", (*HEADERS, (b"location", location.encode("ascii"))))
