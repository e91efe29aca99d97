"""What people do below and around posts: comment, pin, mark as read."""

from typing import Annotated

import strawberry

from libs.serving.session import Payload, identity_of, perform, written
from libs.serving.user_errors import Refusal
from services.platform.groups.actions import comments, posts, reading
from services.platform.groups.schema import inputs
from services.platform.groups.schema.types import Comment, Post, WorkingGroup


@strawberry.type
class CommentPayload(Payload):
    @strawberry.field
    async def comment(self, info: strawberry.Info) -> Comment | None:
        return await written(info, "Comment", self)


@strawberry.type
class PinnedPayload(Payload):
    @strawberry.field
    async def post(self, info: strawberry.Info) -> Post | None:
        return await written(info, "Post", self)


@strawberry.type
class PostsReadPayload(Payload):
    @strawberry.field
    async def working_group(self, info: strawberry.Info) -> WorkingGroup | None:
        return await written(info, "WorkingGroup", self)


CommentResult = Annotated[CommentPayload | Refusal, strawberry.union("CommentResult")]
PinnedResult = Annotated[PinnedPayload | Refusal, strawberry.union("PinnedResult")]
PostsReadResult = Annotated[PostsReadPayload | Refusal, strawberry.union("PostsReadResult")]


@strawberry.type
class ThreadsMutation:
    @strawberry.mutation(description="投稿にコメントする / comment on a post")
    async def write_comment(self, info: strawberry.Info, input: inputs.WriteCommentInput) -> CommentResult:
        return await perform(
            info,
            CommentPayload,
            lambda acting: comments.write(acting, identity_of(input.post_id, "post", "postId"), input.body),
        )

    @strawberry.mutation(description="コメントを直す / edit a comment of your organisation")
    async def edit_comment(self, info: strawberry.Info, input: inputs.EditCommentInput) -> CommentResult:
        return await perform(
            info,
            CommentPayload,
            lambda acting: comments.edit(acting, identity_of(input.id, "comment"), input.version, input.body),
        )

    @strawberry.mutation(description="コメントを取り下げる / take a comment away")
    async def remove_comment(self, info: strawberry.Info, input: inputs.RemoveCommentInput) -> CommentResult:
        return await perform(
            info,
            CommentPayload,
            lambda acting: comments.remove(acting, identity_of(input.id, "comment"), input.version),
        )

    @strawberry.mutation(description="投稿を上に固定する / keep a post on top of its group")
    async def pin_post(self, info: strawberry.Info, input: inputs.PinPostInput) -> PinnedResult:
        return await perform(
            info,
            PinnedPayload,
            lambda acting: posts.pin(
                acting, identity_of(input.id, "post"), input.version, pinned=input.pinned
            ),
        )

    @strawberry.mutation(description="ここまで読んだ / all in the group up to this post has been read")
    async def mark_posts_read(
        self, info: strawberry.Info, input: inputs.MarkPostsReadInput
    ) -> PostsReadResult:
        return await perform(
            info,
            PostsReadPayload,
            lambda acting: reading.mark(acting, identity_of(input.post_id, "post", "postId")),
        )
