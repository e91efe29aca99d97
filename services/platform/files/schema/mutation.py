"""The link by which a browser fetches a file: asked for when it is wanted, for a few minutes."""

import datetime as dt
import uuid
from typing import Annotated, Any

import strawberry

from libs.errors.problems import Problem
from libs.policy.acting import Acting
from libs.reading import ids
from libs.serving.session import Payload, session
from libs.serving.user_errors import Refusal, as_user_error
from services.platform.files.actions.opening import Given, give_link


@strawberry.type(description="取得先。数分だけ使える / where a file can be fetched for a few minutes")
class FileLinkPayload(Payload):
    path: str = strawberry.field(description="このサーバー上の場所 / the path on this host")
    expires_at: dt.datetime


FileLinkResult = Annotated[FileLinkPayload | Refusal, strawberry.union("FileLinkResult")]


@strawberry.input(description="開くファイル / the file to open")
class OpenFileInput:
    id: strawberry.ID


@strawberry.type
class FilesMutation:
    @strawberry.mutation(description="ファイルを開くリンクをもらう / get a link by which to fetch a file")
    async def open_file(self, info: strawberry.Info, input: OpenFileInput) -> FileLinkResult:
        current, given = session(info), list[Given]()

        async def give(acting: Acting) -> uuid.UUID:
            given.append(await give_link(acting, *ids.decode(input.id)))
            return given[-1].row

        try:
            await current.act(str(info.path.key), give, once=False)
        except Problem as problem:
            refused: Any = as_user_error(problem, current.language)
            return refused
        made = given[-1]
        return FileLinkPayload(identity=made.row, path=made.path, expires_at=made.link.expires)
