"""What mutations of working groups take. Left out or null: as it was."""

import datetime as dt

import strawberry

from services.platform.groups.schema.types import Audience, GroupState, Quorum


@strawberry.input(description="新しい部会 / a new working group, with its chair where it is known")
class CreateWorkingGroupInput:
    name: str
    purpose: str = ""
    chair_organisation_id: strawberry.ID | None = None


@strawberry.input(description="部会の変更 / changes to a working group")
class EditWorkingGroupInput:
    id: strawberry.ID
    version: int
    name: str | None = None
    purpose: str | None = None
    state: GroupState | None = None


@strawberry.input(description="一般公開 / open the card to everybody, or close it")
class PublishWorkingGroupInput:
    id: strawberry.ID
    version: int
    published: bool


@strawberry.input(description="掲示板 / open the board to companies with a seat, or close it")
class OpenBoardInput:
    id: strawberry.ID
    version: int
    to_companies: bool


@strawberry.input(description="部会長 / the organisation that shall chair the group")
class NameChairInput:
    working_group_id: strawberry.ID
    organisation_id: strawberry.ID


@strawberry.input(description="席 / whose seat, from which day (today) until which, and whether in the chair")
class GiveSeatInput:
    working_group_id: strawberry.ID
    organisation_id: strawberry.ID
    from_on: dt.date | None = None
    until_on: dt.date | None = None
    is_chair: bool = False
    is_observer: bool = False


@strawberry.input(description="席の終わり / the first day without the seat; today where left out")
class EndSeatInput:
    id: strawberry.ID
    version: int
    until_on: dt.date | None = None


@strawberry.input(description="席の申込み / in which group, and why")
class AskForSeatInput:
    working_group_id: strawberry.ID
    message: str = ""


@strawberry.input(description="申込みとその版 / a request, in the version that you read")
class SeatRequestInput:
    id: strawberry.ID
    version: int


@strawberry.input(description="投稿 / a post and whom it is for")
class WritePostInput:
    working_group_id: strawberry.ID
    audience: Audience
    title: str
    body: str


@strawberry.input(description="投稿の変更 / changes to a post")
class EditPostInput:
    id: strawberry.ID
    version: int
    audience: Audience | None = None
    title: str | None = None
    body: str | None = None


@strawberry.input(description="取り下げる投稿 / the post to take away")
class RemovePostInput:
    id: strawberry.ID
    version: int


@strawberry.input(description="資料 / a file that was sent to …/uploads, and whom it is for")
class UploadFileInput:
    working_group_id: strawberry.ID
    upload_id: strawberry.ID
    audience: Audience


@strawberry.input(description="添付 / a file that was sent to …/uploads, and the post that it hangs on")
class AttachFileInput:
    post_id: strawberry.ID
    upload_id: strawberry.ID


@strawberry.input(description="資料の変更 / changes to a file; its ending stays")
class EditFileInput:
    id: strawberry.ID
    version: int
    name: str | None = None
    audience: Audience | None = None


@strawberry.input(description="取り下げる資料 / the file to take away, with its content")
class RemoveFileInput:
    id: strawberry.ID
    version: int


@strawberry.input(description="規約 / the text of the charter and the quorum of the group's meetings")
class AdoptCharterInput:
    working_group_id: strawberry.ID
    body: str
    quorum: Quorum = Quorum.MAJORITY


@strawberry.input(description="固定 / keep the post on top, or let it go")
class PinPostInput:
    id: strawberry.ID
    version: int
    pinned: bool


@strawberry.input(description="既読 / all in the group up to this post has been read")
class MarkPostsReadInput:
    post_id: strawberry.ID


@strawberry.input(description="コメント / a comment on a post")
class WriteCommentInput:
    post_id: strawberry.ID
    body: str


@strawberry.input(description="コメントの変更 / another text of a comment")
class EditCommentInput:
    id: strawberry.ID
    version: int
    body: str


@strawberry.input(description="取り下げるコメント / the comment to take away")
class RemoveCommentInput:
    id: strawberry.ID
    version: int
