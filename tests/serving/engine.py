"""A small engine on graphql-core behind the transport, with fields that misbehave in every way."""

import asyncio
import json
from collections.abc import AsyncIterator
from dataclasses import dataclass, field
from typing import Any

from graphql import (
    DocumentNode,
    ExecutionResult,
    GraphQLError,
    OperationDefinitionNode,
    OperationType,
    build_schema,
    execution,
    get_operation_ast,
    validate,
)

from libs.errors.problems import NotFound, Unauthenticated
from libs.observability import requests
from libs.reading.bounds import Limits, check, parse_document
from libs.serving.errors import shape_graphql
from libs.serving.problems import MethodNotAllowed, RateLimited, Refused
from libs.serving.service import Answer, Caller, GraphQLRequest

PERSON_TOKEN = "Bearer token-of-ines"
SECRET = "山田花子-090-1234-5678"

EXECUTION: Any = execution  # graphql-core leaves its middleware untyped
SCHEMA = build_schema("""
  type Query { hello(name: String): String!  who: String  board(kind: Kind, filter: Filter): [Card!]
    slow: String  boom: String  missing: String  tooFast: String  card: Card  node: Node }
  type Mutation { touch: String }
  type Subscription { count(to: Int!): Int  quiet: Int  broken: Int  whoami: String }
  enum Kind { REFERRAL EVENT }
  input Filter { organisation: String }
  interface Node { id: ID }
  type Card implements Node { id: ID  title: String }
""")


@dataclass
class SmallEngine:
    """Counts what it was asked, so that tests see what reached it."""

    expiry: float | None = None
    executed: list[GraphQLRequest] = field(default_factory=list[GraphQLRequest])
    callers: list[Caller] = field(default_factory=list[Caller])
    started: asyncio.Event = field(default_factory=asyncio.Event)
    cancelled: asyncio.Event = field(default_factory=asyncio.Event)
    touched: int = 0

    async def admit(self, caller: Caller) -> float | None:
        if caller.authorization not in (None, PERSON_TOKEN):
            raise Unauthenticated("unknown_token")
        return self.expiry

    async def execute(self, request: GraphQLRequest, caller: Caller) -> Answer:
        self.executed.append(request)
        self.callers.append(caller)
        try:
            document, operation = await self._read(request, caller)
        except Refused as refused:
            return Answer(json.dumps({"errors": refused.errors}).encode(), "request_error")
        result: Any = EXECUTION.execute(
            SCHEMA, document, Root(self, caller), **_execution(request), context_value=self
        )
        result = await result if asyncio.iscoroutine(result) or asyncio.isfuture(result) else result
        assert isinstance(result, ExecutionResult)
        if result.data is None and operation.operation is OperationType.QUERY and _uncoerced(result):
            return Answer(_body(result, caller, request_error=True), "request_error")
        return Answer(_body(result, caller), "ok")

    async def subscribe(self, request: GraphQLRequest, caller: Caller) -> AsyncIterator[bytes]:
        self.callers.append(caller)
        document, operation = await self._read(request, caller)
        if operation.operation is not OperationType.SUBSCRIPTION:
            yield (await self.execute(request, caller)).body
            return
        results: Any = EXECUTION.subscribe(SCHEMA, document, Root(self, caller), **_execution(request))
        results = await results if asyncio.iscoroutine(results) else results
        if isinstance(results, ExecutionResult):
            raise Refused(
                [shape_graphql(error, caller.language, anonymous=True) for error in results.errors or []]
            )
        async for result in results:
            yield _body(result, caller)

    async def _read(
        self, request: GraphQLRequest, caller: Caller
    ) -> tuple[DocumentNode, OperationDefinitionNode]:
        await self.admit(caller)
        anonymous = caller.authorization is None
        document = self._parse(request, caller)
        operation = get_operation_ast(document, request.operation_name)
        if operation is None:
            raise Refused([{"message": "Unknown operation named in operationName."}])
        check(document, operation, Limits())
        if errors := validate(SCHEMA, document):
            raise Refused([shape_graphql(error, caller.language, anonymous=anonymous) for error in errors])
        if request.read_only and operation.operation is not OperationType.QUERY:
            raise MethodNotAllowed
        _record(request, operation)
        return document, operation

    def _parse(self, request: GraphQLRequest, caller: Caller) -> DocumentNode:
        try:
            return parse_document(request.query or "", Limits())
        except GraphQLError as error:
            raise Refused([shape_graphql(error, caller.language, anonymous=True)]) from None


class Root:
    """Resolvers of all root types."""

    def __init__(self, engine: SmallEngine, caller: Caller) -> None:
        self._engine = engine
        self._caller = caller

    def hello(self, _info: Any, name: str = "つながり") -> str:
        return f"こんにちは、{name}"

    def who(self, _info: Any) -> str | None:
        return json.dumps([self._caller.authorization, self._caller.acting_for, self._caller.tenant_hint])

    async def slow(self, _info: Any) -> str:
        self._engine.started.set()
        try:
            await asyncio.sleep(60)
        except asyncio.CancelledError:
            self._engine.cancelled.set()
            raise
        return "done"

    def boom(self, _info: Any) -> str:
        raise ValueError(f"Key (name)=({SECRET}) already exists")

    def missing(self, _info: Any) -> str:
        raise NotFound

    def tooFast(self, _info: Any) -> str:  # noqa: N802 -- the schema's name
        raise RateLimited(30)

    def touch(self, _info: Any) -> str:
        self._engine.touched += 1
        return "touched"

    async def count(self, _info: Any, to: int) -> AsyncIterator[dict[str, int]]:
        for number in range(to):
            yield {"count": number}

    async def quiet(self, _info: Any) -> AsyncIterator[dict[str, int]]:
        self._engine.started.set()
        try:
            await asyncio.sleep(60)
            yield {"quiet": 1}
        finally:
            self._engine.cancelled.set()

    async def broken(self, _info: Any) -> AsyncIterator[dict[str, int]]:
        yield {"broken": 1}
        raise ValueError(SECRET)

    async def whoami(self, info: Any) -> AsyncIterator[dict[str, str | None]]:
        yield {"whoami": self.who(info)}


def _record(request: GraphQLRequest, operation: OperationDefinitionNode) -> None:
    record = requests.current()
    assert record is not None
    record.operation = operation.operation.value
    record.operation_name = operation.name.value if operation.name else None
    record.document = requests.document_hash(request.query or "")
    record.tenant = "tenant-1"
    record.person = "person-1"
    record.cost = 7


def _execution(request: GraphQLRequest) -> dict[str, Any]:
    return {"variable_values": request.variables, "operation_name": request.operation_name}


def _uncoerced(result: ExecutionResult) -> bool:
    return any(error.path is None for error in result.errors or [])


def _body(result: ExecutionResult, caller: Caller, *, request_error: bool = False) -> bytes:
    anonymous = caller.authorization is None
    members: dict[str, Any] = {} if request_error else {"data": result.data}
    if result.errors:
        members["errors"] = [
            shape_graphql(each, caller.language, anonymous=anonymous) for each in result.errors
        ]
    return json.dumps(members, ensure_ascii=False, indent=1).encode()
