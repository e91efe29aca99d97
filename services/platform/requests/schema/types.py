"""Requests for help as the desk finds them. Their words are no field: they are revealed, never read."""

import datetime as dt
from enum import Enum

import strawberry

from libs.reading.declare import (
    Filter,
    by_id,
    can,
    column,
    connection,
    hidden,
    identity,
    listing,
    one,
    stored,
)
from libs.reading.enums import described
from libs.reading.node import Connection, Node
from services.platform.members.schema import Organisation, Person
from services.platform.referrals.schema.enums import AccessPurpose
from services.platform.requests import models


@strawberry.enum(description="だれのことか / whom a request is about")
class RequestAbout(Enum):
    SELF = "self"
    OTHER = "other"


@described(
    "相談の状態 / state of a request for help",
    {
        "waiting": ("答えを待っている", "waits for the desk"),
        "answered": ("答えた", "the desk answered"),
        "taken": ("ケースになった", "became a case"),
        "withdrawn": ("取り下げられ、消去される", "taken back, and erased"),
    },
)
class RequestState(Enum):
    WAITING = "waiting"
    ANSWERED = "answered"
    TAKEN = "taken"
    WITHDRAWN = "withdrawn"


@strawberry.enum(description="相談について行える操作 / what can be done to a request for help")
class HelpRequestAction(Enum):
    REVEAL_REQUEST = "reveal_request"
    ANSWER_REQUEST = "answer_request"
    TAKE_REQUEST = "take_request"


@stored(models.request_access, object="request_access", prefix="opening")
@strawberry.type(description="相談の閲覧記録 / who of the desk opened what the person wrote, and when")
class RequestAccess(Node):
    id: strawberry.ID = identity()
    at: dt.datetime | None = column()
    person: Person | None = one("Person", on=lambda row, person: person.c.id == row.c.person_id)
    organisation: Organisation | None = one(
        "Organisation", on=lambda row, organisation: organisation.c.id == row.c.organisation_id
    )
    purpose_code: AccessPurpose | None = column()
    hidden_fields: list[str] = hidden()


@stored(models.help_request, object="request", prefix="request")
@strawberry.type(description="相談の申込み / somebody asked for help by the public page")
class HelpRequest(Node):
    id: strawberry.ID = identity()
    organisation: Organisation | None = one(
        "Organisation",
        on=lambda row, organisation: organisation.c.id == row.c.organisation_id,
        description="受付団体 / whose desk it came to",
    )
    about: RequestAbout | None = column()
    state: RequestState | None = column()
    created_at: dt.datetime | None = column()
    updated_at: dt.datetime | None = column(
        description="最後のやりとり / when either side wrote the last words"
    )
    read_at: dt.datetime | None = column(description="最初に開いた日時 / when it was first opened")
    answered_at: dt.datetime | None = column(description="最後の回答 / when the desk last answered")
    erased_at: dt.datetime | None = column(description="内容を消去した日時 / its words are gone since then")
    version: int | None = column()
    viewer_can: list[HelpRequestAction] | None = can()
    hidden_fields: list[str] = hidden()

    @listing("RequestAccess", on=lambda request, row: row.c.request_id == request.c.id)
    def access_log(self, first: int | None = 20) -> list[RequestAccess] | None:
        """閲覧記録(新しい順) / who opened the words, newest first"""


STATE = Filter(lambda row, value: row.c.state == value, reads=("state",))


@strawberry.type
class RequestsQuery:
    @by_id("HelpRequest")
    def help_request(self, id: strawberry.ID) -> HelpRequest | None:
        """相談をIDで / one request for help by id, of one's own desk"""

    @connection("HelpRequest", filters={"state": STATE}, where=models.of_desk)
    def help_requests(
        self,
        first: int | None = 20,
        after: str | None = None,
        last: int | None = None,
        before: str | None = None,
        state: RequestState | None = None,
    ) -> Connection[HelpRequest] | None:
        """自団体に届いた相談 / the requests that came to one's own desk, newest first"""
