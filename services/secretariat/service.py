"""The secretariat's GraphQL service: token → staff → bounded document → figures, and the library's desk.

Nobody but the staff gets past the door, so nothing of the schema is told to anybody else.
"""

from collections.abc import AsyncIterator, Mapping
from dataclasses import dataclass
from inspect import isawaitable
from typing import Any, cast

import msgspec
from graphql import (
    ExecutionResult,
    GraphQLError,
    GraphQLSchema,
    OperationDefinitionNode,
    OperationType,
)
from graphql import execute as untyped_execute  # pyright: ignore[reportUnknownVariableType] - graphql-core leaves out type arguments

from libs.errors.problems import NotAllowed
from libs.observability.requests import current as current_record
from libs.observability.requests import document_hash
from libs.reading.documents import Document, DocumentRefused, Documents
from libs.serving.errors import shape_graphql
from libs.serving.problems import MethodNotAllowed, Refused
from libs.serving.service import Answer, Caller, GraphQLRequest
from services.secretariat.library import Library
from services.secretariat.reading import Reading
from services.secretariat.staff import Staff, StaffMember

_execute = cast("Any", untyped_execute)


@dataclass(frozen=True, slots=True)
class Asking:
    """What resolvers get as context."""

    member: StaffMember
    reading: Reading
    library: Library


class FiguresService:
    """Implements `GraphQLService`. One for a process."""

    def __init__(
        self,
        schema: GraphQLSchema,
        documents: Documents,
        staff: Staff,
        reading: Reading,
        library: Library,
    ) -> None:
        self._schema = schema
        self._documents = documents
        self._staff = staff
        self._reading = reading
        self._library = library

    async def execute(self, request: GraphQLRequest, caller: Caller) -> Answer:
        """Raises Problem for a request refused as a whole."""
        member = await self._staff.member(caller)
        document, operation = self._asked(request, caller)
        _note(request, operation)
        if operation.operation is OperationType.SUBSCRIPTION:
            raise NotAllowed("購読（subscription）はありません。", "There are no subscriptions here.")
        if operation.operation is OperationType.MUTATION and request.read_only:
            raise MethodNotAllowed
        awaited = _execute(
            self._schema,
            document.ast,
            context_value=Asking(member, self._reading, self._library),
            variable_values=request.variables or {},
            operation_name=request.operation_name,
        )
        result: ExecutionResult = await awaited if isawaitable(awaited) else awaited
        return Answer(msgspec.json.encode(_body(result, caller)), "ok")

    async def admit(self, caller: Caller) -> float | None:
        return (await self._staff.member(caller)).expires_at

    async def subscribe(self, request: GraphQLRequest, caller: Caller) -> AsyncIterator[bytes]:
        """A query over a lasting connection answers once; there is nothing to subscribe to."""
        yield (await self.execute(request, caller)).body

    def _asked(self, request: GraphQLRequest, caller: Caller) -> tuple[Document, OperationDefinitionNode]:
        try:
            document = self._documents.find(request.query or "")
            operation = document.operation(request.operation_name)
            self._documents.variables(operation, request.variables or {})
        except DocumentRefused as refused:
            raise _refused(refused.errors, caller) from None
        except GraphQLError as error:
            raise _refused((error,), caller) from None
        return document, operation


def _refused(errors: tuple[GraphQLError, ...], caller: Caller) -> Refused:
    return Refused([shape_graphql(error, caller.language, anonymous=False) for error in errors])


def _body(result: ExecutionResult, caller: Caller) -> Mapping[str, Any]:
    body: dict[str, Any] = {"data": result.data}
    if result.errors:
        body["errors"] = [shape_graphql(error, caller.language, anonymous=False) for error in result.errors]
    return body


def _note(request: GraphQLRequest, operation: OperationDefinitionNode) -> None:
    record = current_record()
    if record is not None:
        record.operation = operation.operation.value
        record.operation_name = operation.name.value if operation.name else None
        record.document = document_hash(request.query or "")
