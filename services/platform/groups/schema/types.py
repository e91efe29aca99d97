"""Working groups, seats, requests for seats and posts as they are read."""

import datetime as dt
from enum import Enum

import sqlalchemy as sa
import strawberry

from libs.policy.predicates import ASKER
from libs.reading.declare import Filter, Order, can, column, connection, hidden, identity, one, stored
from libs.reading.enums import described
from libs.reading.node import Connection, Node
from services.platform.groups import models
from services.platform.members.schema import Organisation, Person


@strawberry.enum(description="部会の状態 / state of a working group")
class GroupState(Enum):
    ACTIVE = "active"
    CLOSED = "closed"


@strawberry.enum(description="投稿の宛先 / whom a post is for, among those who hold seats")
class Audience(Enum):
    ALL = "all"
    PUBLIC_SECTOR_AND_NPOS = "npo"
    PUBLIC_SECTOR = "public"


@strawberry.enum(description="席の申込みの状態 / state of a request for a seat")
class SeatRequestState(Enum):
    ASKED = "asked"
    GIVEN = "given"
    DECLINED = "declined"
    WITHDRAWN = "withdrawn"


@strawberry.enum(description="部会で行える操作 / what can be done to or in a working group")
class WorkingGroupAction(Enum):
    EDIT_WORKING_GROUP = "edit_working_group"
    PUBLISH_WORKING_GROUP = "publish_working_group"
    OPEN_BOARD = "open_board"
    NAME_CHAIR = "name_chair"
    GIVE_SEAT = "give_seat"
    ASK_FOR_SEAT = "ask_for_seat"
    WRITE_POST = "write_post"
    UPLOAD_FILE = "upload_file"
    ADOPT_CHARTER = "adopt_charter"
    CALL_MEETING = "call_meeting"


@strawberry.enum(description="席について行える操作 / what can be done to a seat")
class SeatAction(Enum):
    END_SEAT = "end_seat"


@strawberry.enum(description="席の申込みについて行える操作 / what can be done to a request for a seat")
class SeatRequestAction(Enum):
    DECLINE_SEAT_REQUEST = "decline_seat_request"
    WITHDRAW_SEAT_REQUEST = "withdraw_seat_request"


@strawberry.enum(description="投稿について行える操作 / what can be done to a post")
class PostAction(Enum):
    EDIT_POST = "edit_post"
    REMOVE_POST = "remove_post"
    ATTACH_FILE = "attach_file"
    PIN_POST = "pin_post"
    WRITE_COMMENT = "write_comment"


@strawberry.enum(description="コメントについて行える操作 / what can be done to a comment")
class CommentAction(Enum):
    EDIT_COMMENT = "edit_comment"
    REMOVE_COMMENT = "remove_comment"


@described(
    "定足数 / how many seats must be there for a meeting to decide",
    {
        "none": ("定めなし", "none is asked for"),
        "majority": ("過半数", "more than half of the seats"),
        "two_thirds": ("3分の2以上", "at least two thirds of the seats"),
    },
)
class Quorum(Enum):
    NONE = "none"
    MAJORITY = "majority"
    TWO_THIRDS = "two_thirds"


@strawberry.enum(description="資料について行える操作 / what can be done to a file")
class FileAction(Enum):
    EDIT_FILE = "edit_file"
    REMOVE_FILE = "remove_file"


@strawberry.enum(description="投稿の並び順 / order of posts; PINNED: pinned ones first")
class PostOrder(Enum):
    NEWEST = "NEWEST"
    PINNED = "PINNED"


OLDEST = {"OLDEST": Order()}
POST_ORDERS = {
    "NEWEST": Order(newest_first=True),
    "PINNED": Order((("is_pinned", True),), reads=("is_pinned",), newest_first=True),
}
POST_FILTERS = {
    "pinned": Filter(lambda row, value: row.c.is_pinned == value, reads=("is_pinned",), type=sa.Boolean())
}


@stored(models.seat, object="seat", prefix="seat")
@strawberry.type(description="席。団体が持つ / a seat, held by an organisation")
class Seat(Node):
    id: strawberry.ID = identity()
    working_group: "WorkingGroup | None" = one(
        "WorkingGroup", on=lambda row, group: group.c.id == row.c.working_group_id
    )
    organisation: Organisation | None = one(
        "Organisation", on=lambda row, org: org.c.id == row.c.organisation_id
    )
    from_on: dt.date | None = column(description="最初の日 / first day with the seat")
    until_on: dt.date | None = column(description="席のなくなる日 / first day without it")
    is_chair: bool | None = column(description="部会長 / this organisation chairs the group")
    is_observer: bool | None = column(
        description="オブザーバー。議決権なし / it reads what is said, without a vote"
    )
    created_at: dt.datetime | None = column()
    version: int | None = column()
    viewer_can: list[SeatAction] | None = can()
    hidden_fields: list[str] = hidden()


@stored(models.seat_request, object="seat_request", prefix="seat_request")
@strawberry.type(description="席の申込み / an organisation asks for a seat")
class SeatRequest(Node):
    id: strawberry.ID = identity()
    working_group: "WorkingGroup | None" = one(
        "WorkingGroup", on=lambda row, group: group.c.id == row.c.working_group_id
    )
    organisation: Organisation | None = one(
        "Organisation", on=lambda row, org: org.c.id == row.c.organisation_id
    )
    message: str | None = column()
    state: SeatRequestState | None = column()
    created_at: dt.datetime | None = column()
    version: int | None = column()
    viewer_can: list[SeatRequestAction] | None = can()
    hidden_fields: list[str] = hidden()


@stored(models.post, object="post", prefix="post")
@strawberry.type(description="投稿 / a post in a working group, for an audience")
class Post(Node):
    id: strawberry.ID = identity()
    working_group: "WorkingGroup | None" = one(
        "WorkingGroup", on=lambda row, group: group.c.id == row.c.working_group_id
    )
    audience: Audience | None = column()
    author: Person | None = one("Person", on=lambda row, person: person.c.id == row.c.author_id)
    author_organisation: Organisation | None = one(
        "Organisation", on=lambda row, org: org.c.id == row.c.author_organisation_id
    )
    title: str | None = column()
    body: str | None = column()
    is_pinned: bool | None = column(description="上に固定 / kept on top")
    created_at: dt.datetime | None = column()
    version: int | None = column()
    viewer_can: list[PostAction] | None = can()
    hidden_fields: list[str] = hidden()

    @connection("File", on=lambda row, hanging: hanging.c.post_id == row.c.id)
    def files(
        self,
        first: int | None = 20,
        after: str | None = None,
        last: int | None = None,
        before: str | None = None,
    ) -> "Connection[File] | None":
        """添付ファイル / files that hang on it."""

    @connection("Comment", on=lambda row, below: below.c.post_id == row.c.id, orders=OLDEST)
    def comments(
        self,
        first: int | None = 20,
        after: str | None = None,
        last: int | None = None,
        before: str | None = None,
    ) -> "Connection[Comment] | None":
        """コメント / the thread below it, oldest first."""


@stored(models.comment, object="comment", prefix="comment")
@strawberry.type(description="コメント / a comment on a post, for whom the post is")
class Comment(Node):
    id: strawberry.ID = identity()
    working_group: "WorkingGroup | None" = one(
        "WorkingGroup", on=lambda row, group: group.c.id == row.c.working_group_id
    )
    post: Post | None = one("Post", on=lambda row, post: post.c.id == row.c.post_id)
    audience: Audience | None = column()
    author: Person | None = one("Person", on=lambda row, person: person.c.id == row.c.author_id)
    author_organisation: Organisation | None = one(
        "Organisation", on=lambda row, org: org.c.id == row.c.author_organisation_id
    )
    body: str | None = column()
    created_at: dt.datetime | None = column()
    version: int | None = column()
    viewer_can: list[CommentAction] | None = can()
    hidden_fields: list[str] = hidden()


@stored(models.charter, object="charter", prefix="charter")
@strawberry.type(description="規約 / a charter of a working group, as it was adopted")
class Charter(Node):
    id: strawberry.ID = identity()
    working_group: "WorkingGroup | None" = one(
        "WorkingGroup", on=lambda row, group: group.c.id == row.c.working_group_id
    )
    number: int | None = column(description="第何版 / its version")
    body: str | None = column()
    quorum: Quorum | None = column()
    author: Person | None = one("Person", on=lambda row, person: person.c.id == row.c.author_id)
    created_at: dt.datetime | None = column()
    hidden_fields: list[str] = hidden()


@stored(models.file, object="file", prefix="file")
@strawberry.type(description="資料 / a file of a working group, for an audience; openFile gives a link to it")
class File(Node):
    id: strawberry.ID = identity()
    working_group: "WorkingGroup | None" = one(
        "WorkingGroup", on=lambda row, group: group.c.id == row.c.working_group_id
    )
    audience: Audience | None = column()
    author: Person | None = one("Person", on=lambda row, person: person.c.id == row.c.author_id)
    author_organisation: Organisation | None = one(
        "Organisation", on=lambda row, org: org.c.id == row.c.author_organisation_id
    )
    name: str | None = column()
    media_type: str | None = column()
    size: int | None = column(description="バイト数 / in bytes")
    sha256: str | None = column()
    post: Post | None = one("Post", on=lambda row, post: post.c.id == row.c.post_id)
    created_at: dt.datetime | None = column()
    version: int | None = column()
    viewer_can: list[FileAction] | None = can()
    hidden_fields: list[str] = hidden()


@stored(models.working_group, object="working_group", prefix="working_group")
@strawberry.type(description="部会(分科会) / a working group")
class WorkingGroup(Node):
    id: strawberry.ID = identity()
    name: str | None = column()
    purpose: str | None = column()
    state: GroupState | None = column()
    published: bool | None = column(description="一般公開 / open to everybody, without login")
    board_open_to_companies: bool | None = column(
        description="掲示板を企業にも開いているか / whether companies with a seat see its board"
    )
    chair: Organisation | None = one(
        "Organisation",
        on=lambda group, org: org.c.id == models.chair_of(group, ASKER),
        description="部会長の団体 / the organisation in the chair today",
    )
    created_at: dt.datetime | None = column()
    version: int | None = column()
    viewer_can: list[WorkingGroupAction] | None = can()
    hidden_fields: list[str] = hidden()

    @connection(
        "Seat",
        on=lambda group, row: row.c.working_group_id == group.c.id,
        where=models.not_ended,
    )
    def seats(
        self,
        first: int | None = 20,
        after: str | None = None,
        last: int | None = None,
        before: str | None = None,
    ) -> Connection[Seat] | None:
        """席(終わったものを除く) / seats of today and to come."""

    @connection("SeatRequest", on=lambda group, row: row.c.working_group_id == group.c.id)
    def seat_requests(
        self,
        first: int | None = 20,
        after: str | None = None,
        last: int | None = None,
        before: str | None = None,
    ) -> Connection[SeatRequest] | None:
        """席の申込み / requests for seats, newest first."""

    @connection(
        "Post",
        on=lambda group, row: row.c.working_group_id == group.c.id,
        orders=POST_ORDERS,
        filters=POST_FILTERS,
    )
    def posts(  # noqa: PLR0913 - GraphQL arguments
        self,
        first: int | None = 20,
        after: str | None = None,
        last: int | None = None,
        before: str | None = None,
        order: PostOrder | None = PostOrder.NEWEST,
        pinned: bool | None = None,
    ) -> Connection[Post] | None:
        """投稿 / posts, newest first."""

    @connection("Post", on=lambda group, row: row.c.working_group_id == group.c.id, where=models.is_unread)
    def unread_posts(
        self,
        first: int | None = 20,
        after: str | None = None,
        last: int | None = None,
        before: str | None = None,
    ) -> Connection[Post] | None:
        """未読の投稿 / posts that one has not marked as read; totalCount is how many."""

    @connection("Charter", on=lambda group, row: row.c.working_group_id == group.c.id)
    def charters(
        self,
        first: int | None = 20,
        after: str | None = None,
        last: int | None = None,
        before: str | None = None,
    ) -> Connection[Charter] | None:
        """規約 / the charter in force, and those before it."""

    @connection(
        "File",
        on=lambda group, row: row.c.working_group_id == group.c.id,
    )
    def files(
        self,
        first: int | None = 20,
        after: str | None = None,
        last: int | None = None,
        before: str | None = None,
    ) -> Connection[File] | None:
        """資料 / files, newest first."""
