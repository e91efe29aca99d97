"""The platform's GraphQL service: token → viewer → document → compiled read, or action and compiled payload."""

import hashlib
from collections.abc import AsyncIterator, Mapping
from typing import Any

import asyncpg
import msgspec
from graphql import (
    DocumentNode,
    ExecutionResult,
    FieldNode,
    GraphQLError,
    GraphQLOutputType,
    OperationDefinitionNode,
    OperationType,
    SelectionSetNode,
    execute,
)
from strawberry.schema.schema import StrawberryGraphQLCoreExecutionContext

from libs.errors.problems import NotAllowed
from libs.observability.requests import current as current_record
from libs.observability.requests import document_hash
from libs.persistence.database import Database
from libs.reading.documents import Document, DocumentRefused, Documents
from libs.reading.engine import Engine, Read, ViewerOutdated
from libs.serving.asking import Asking, Callers
from libs.serving.errors import shape_graphql
from libs.serving.problems import MethodNotAllowed, Refused, Unavailable
from libs.serving.service import Answer, Caller, GraphQLRequest
from libs.serving.session import RawJson, Session

VIEWER_TRIES = 3


class CompiledService:
    """Implements `GraphQLService`. One for a process."""

    def __init__(self, engine: Engine, documents: Documents, callers: Callers, database: Database) -> None:
        self._engine = engine
        self._documents = documents
        self._callers = callers
        self._database = database

    async def execute(self, request: GraphQLRequest, caller: Caller) -> Answer:
        """Raises Problem for a request refused as a whole."""
        asking = await self._callers.asking(caller)
        document = self._document(request, caller, asking)
        operation = document.operation(request.operation_name)
        _note(request, operation)
        try:
            variables = self._documents.variables(operation, request.variables or {})
        except DocumentRefused as refused:
            raise self._refused(refused.errors, caller, asking) from None
        if operation.operation is OperationType.QUERY:
            return await self._query(document, operation, variables, asking, caller)
        if request.read_only:
            raise MethodNotAllowed
        if operation.operation is OperationType.MUTATION:
            return await self._mutation(request, document, operation, variables, asking, caller)
        raise NotAllowed(
            "購読（subscription）はWebSocketかtext/event-streamで送ってください。",
            "Send a subscription over WebSocket or text/event-stream.",
        )

    async def admit(self, caller: Caller) -> float | None:
        asking = await self._callers.asking(caller)
        await asking.viewer()
        return asking.expires_at

    async def subscribe(self, request: GraphQLRequest, caller: Caller) -> AsyncIterator[bytes]:
        """A query or mutation over a lasting connection answers once."""
        yield (await self.execute(request, caller)).body

    async def _query(
        self,
        document: Document,
        operation: OperationDefinitionNode,
        variables: Mapping[str, Any],
        asking: Asking,
        caller: Caller,
    ) -> Answer:
        read = await self._read(document, operation, variables, asking)
        if not read.beside:
            return Answer(b'{"data":%b,"extensions":{"cost":%d}}' % (read.json.encode(), read.cost), "ok")
        if not asking.is_signed_in:
            raise NotAllowed("スキーマの照会にはログインが必要です。", "Sign in to introspect the schema.")
        return self._with_introspection(document, operation, read, variables, caller)

    async def _read(
        self,
        document: Document,
        operation: OperationDefinitionNode,
        variables: Mapping[str, Any],
        asking: Asking,
    ) -> Read:
        for _ in range(VIEWER_TRIES):
            viewer = await asking.viewer()
            try:
                read = await self._engine.read(document, operation, variables, viewer)
            except ViewerOutdated:
                asking.forget_viewer()
            except asyncpg.QueryCanceledError as error:
                raise Unavailable from error
            else:
                _note_cost(read.cost)
                return read
        raise Unavailable

    def _with_introspection(
        self,
        document: Document,
        operation: OperationDefinitionNode,
        read: Read,
        variables: Mapping[str, Any],
        caller: Caller,
    ) -> Answer:
        """The document's introspection roots through graphql-core, spliced in the order of the keys."""
        pruned = _only_roots(document, operation, read.beside)
        result = execute(self._engine.registry.schema, pruned, variable_values=dict(variables))
        if not isinstance(result, ExecutionResult) or result.data is None:
            raise Refused([error.formatted for error in getattr(result, "errors", None) or ()])  # pyright: ignore[reportArgumentType] - a typed dict is a dict
        compiled: dict[str, msgspec.Raw] = msgspec.json.decode(read.json, type=dict[str, msgspec.Raw])
        data = {key: result.data[key] if key in result.data else compiled[key] for key in read.keys}
        return Answer(msgspec.json.encode({"data": data, "extensions": {"cost": read.cost}}), "ok")

    async def _mutation(  # noqa: PLR0913 - one call's parts
        self,
        request: GraphQLRequest,
        document: Document,
        operation: OperationDefinitionNode,
        variables: Mapping[str, Any],
        asking: Asking,
        caller: Caller,
    ) -> Answer:
        viewer = await asking.fresh_viewer()
        session = Session(
            engine=self._engine,
            database=self._database,
            document=document,
            variables=variables,
            viewer=viewer,
            identity=asking.identity,
            language=caller.language,
            idempotency_key=caller.idempotency_key,
            request_hash=_request_hash(request),
            reload=asking.fresh_viewer,
        )
        awaited = execute(
            self._engine.registry.schema,
            document.ast,
            context_value=session,
            variable_values=request.variables or {},
            operation_name=request.operation_name,
            executor_class=PassingExecutor,
            operation_extensions=None,
        )
        result = awaited if isinstance(awaited, ExecutionResult) else await awaited
        body: dict[str, Any] = {"data": result.data}
        if result.errors:
            body["errors"] = [
                shape_graphql(error, caller.language, anonymous=False) for error in result.errors
            ]
        return Answer(msgspec.json.encode(body, enc_hook=_encode_raw), "ok")

    def _document(self, request: GraphQLRequest, caller: Caller, asking: Asking) -> Document:
        try:
            return self._documents.find(request.query or "")
        except DocumentRefused as refused:
            raise self._refused(refused.errors, caller, asking) from None
        except GraphQLError as error:
            raise self._refused((error,), caller, asking) from None

    def _refused(self, errors: tuple[GraphQLError, ...], caller: Caller, asking: Asking) -> Refused:
        anonymous = not asking.is_signed_in
        return Refused([shape_graphql(error, caller.language, anonymous=anonymous) for error in errors])


class PassingExecutor(StrawberryGraphQLCoreExecutionContext):
    """graphql-core's executor, except that JSON which PostgreSQL made passes through as it is."""

    def complete_value(self, return_type: GraphQLOutputType, *arguments: Any) -> Any:  # noqa: ANN401
        result = arguments[3]
        if isinstance(result, RawJson):
            return result
        return super().complete_value(return_type, *arguments)


def _encode_raw(value: object) -> msgspec.Raw:
    if isinstance(value, RawJson):
        return value.encoded()
    raise NotImplementedError(type(value))


def _only_roots(
    document: Document, operation: OperationDefinitionNode, keys: tuple[str, ...]
) -> DocumentNode:
    """The operation with only these root fields, wherever fragments put them."""
    nodes: list[FieldNode] = []
    waiting = list(operation.selection_set.selections)
    while waiting:
        node = waiting.pop(0)
        if isinstance(node, FieldNode):
            if (node.alias or node.name).value in keys:
                nodes.append(node)
        elif hasattr(node, "selection_set"):
            waiting = [*node.selection_set.selections, *waiting]  # pyright: ignore[reportAttributeAccessIssue] - checked above
        else:
            waiting = [*document.fragments[node.name.value].selection_set.selections, *waiting]  # pyright: ignore[reportAttributeAccessIssue] - a spread
    kept = OperationDefinitionNode(
        operation=operation.operation,
        name=operation.name,
        variable_definitions=operation.variable_definitions,
        directives=operation.directives,
        selection_set=SelectionSetNode(selections=tuple(nodes)),
    )
    return DocumentNode(definitions=(kept, *document.fragments.values()))


def _request_hash(request: GraphQLRequest) -> bytes:
    asked = (request.query, request.operation_name, request.variables)
    return hashlib.sha256(msgspec.json.encode(asked, order="deterministic")).digest()


def _note(request: GraphQLRequest, operation: OperationDefinitionNode) -> None:
    record = current_record()
    if record is not None:
        record.operation = operation.operation.value
        record.operation_name = operation.name.value if operation.name else None
        record.document = document_hash(request.query or "")


def _note_cost(cost: int) -> None:
    record = current_record()
    if record is not None:
        record.cost = cost
