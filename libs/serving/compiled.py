"""The platform's GraphQL service: token → viewer → document → compiled read, or action and its payload."""

import hashlib
from collections.abc import AsyncGenerator, Mapping
from dataclasses import dataclass
from typing import Any

import msgspec
from graphql import ExecutionResult, FieldNode, GraphQLError, OperationDefinitionNode, OperationType

from libs.errors.problems import InProgress, KeyReused, NotAllowed, Problem, TooMuch, Unauthenticated
from libs.observability.requests import current as current_record
from libs.observability.requests import document_hash
from libs.persistence.database import Database
from libs.persistence.sealing.vault import Vault
from libs.reading.documents import Document, DocumentRefused, Documents
from libs.reading.engine import Engine, Read
from libs.reading.facts import Facts
from libs.reading.selection import Selection
from libs.serving import execution
from libs.serving.account import Account
from libs.serving.asking import Asking, Callers
from libs.serving.budgets import MUTATION_COST, Budgets
from libs.serving.errors import shape_graphql
from libs.serving.notices import Notices
from libs.serving.problems import MethodNotAllowed, Refused, Unavailable
from libs.serving.service import Answer, Caller, GraphQLRequest
from libs.serving.session import Session
from libs.serving.trusting import Trust
from libs.serving.watching import Watching
from libs.tenancy.viewer import ViewerOutdated

VIEWER_TRIES = 10
INTROSPECTION = frozenset({"__schema", "__type"})


@dataclass(frozen=True, slots=True)
class _Call:
    """One request, examined: who asks what, with which variables."""

    request: GraphQLRequest
    caller: Caller
    asking: Asking
    document: Document
    operation: OperationDefinitionNode
    variables: Mapping[str, Any]


class CompiledService:
    """Implements `GraphQLService`. One for a process."""

    def __init__(  # noqa: PLR0913 - what a process has one of
        self,
        engine: Engine,
        documents: Documents,
        callers: Callers,
        database: Database,
        notices: Notices,
        vault: Vault,
        budgets: Budgets,
        trust: Trust,
    ) -> None:
        self._engine = engine
        self._documents = documents
        self._callers = callers
        self._database = database
        self._notices = notices
        self._vault = vault
        self._budgets = budgets
        self._trust = trust

    async def execute(self, request: GraphQLRequest, caller: Caller) -> Answer:
        """Raises Problem for a request refused as a whole."""
        return await self._answer(await self._examined(request, caller))

    async def admit(self, caller: Caller) -> float | None:
        asking = await self._callers.asking(caller)
        await asking.viewer()
        return asking.expires_at

    async def subscribe(self, request: GraphQLRequest, caller: Caller) -> AsyncGenerator[bytes, None]:
        """Each result under the policy of its own moment; a query or mutation answers once."""
        call = await self._examined(request, caller)
        if call.operation.operation is not OperationType.SUBSCRIPTION:
            yield (await self._answer(call)).body
            return
        watching = Watching(
            self._engine,
            self._notices,
            call.document,
            call.operation,
            call.variables,
            call.asking,
            self._budgets.charge,
        )
        async for result in watching.results():
            yield result

    async def _answer(self, call: _Call) -> Answer:
        if call.operation.operation is OperationType.QUERY:
            return await self._query(call)
        if call.request.read_only:
            raise MethodNotAllowed
        if call.operation.operation is OperationType.MUTATION:
            return await self._mutation(call)
        raise NotAllowed(
            "購読（subscription）はWebSocketかtext/event-streamで送ってください。",
            "Send a subscription over WebSocket or text/event-stream.",
        )

    async def _query(self, call: _Call) -> Answer:
        read = self._without_viewer(call) or await self._read(call)
        if not read.beside:
            return Answer(b'{"data":%b,"extensions":{"cost":%d}}' % (read.json, read.cost), "ok")
        names = {nodes[0].name.value for nodes in read.beside.values()}
        if names & INTROSPECTION and not call.asking.is_signed_in:
            raise NotAllowed("スキーマの照会にはログインが必要です。", "Sign in to introspect the schema.")
        if names != {"__typename"}:
            await self._budgets.charge_flat(call.asking)
        account = Account(call.asking.identity, self._database, self._engine, call.asking.same_viewer)
        schema = self._engine.registry.schema
        given = call.request.variables or {}
        result = await execution.answer_beside(schema, call.document, call.operation, read, account, given)
        compiled = msgspec.json.decode(read.json, type=dict[str, msgspec.Raw])
        body: dict[str, Any] = {"data": None, "extensions": {"cost": read.cost}}
        if result.data is not None:
            body["data"] = {key: result.data.get(key, compiled.get(key)) for key in read.keys}
        return self._answered(body, result, call)

    def _without_viewer(self, call: _Call) -> Read | None:
        """A read of nothing but plain roots, which needs neither tenant nor viewer."""
        first = call.operation.selection_set.selections[0]
        if isinstance(first, FieldNode) and self._engine.registry.is_compiled_root(first.name.value):
            return None
        facts = Facts(call.variables)
        selection = Selection(self._engine.registry.schema, call.document.fragments, facts)
        roots = selection.of("Query", [call.operation.selection_set])
        if any(self._engine.registry.is_compiled_root(nodes[0].name.value) for nodes in roots.values()):
            return None
        return Read(b"{}", 0, roots, tuple(roots))

    async def _read(self, call: _Call) -> Read:
        for _ in range(VIEWER_TRIES):
            viewer = await call.asking.viewer()
            try:
                read = await self._engine.read(
                    call.document, call.operation, call.variables, viewer, self._budgets.charge
                )
            except ViewerOutdated:
                call.asking.forget_viewer()
            except TooMuch:
                await self._budgets.charge_flat(call.asking)
                raise
            else:
                _note_cost(read.cost)
                return read
        raise Unavailable

    async def _mutation(self, call: _Call) -> Answer:
        await self._budgets.charge(await call.asking.viewer(), self._cost_of_mutations(call))
        session = Session(
            engine=self._engine,
            database=self._database,
            vault=self._vault,
            document=call.document,
            variables=call.variables,
            viewer=await call.asking.viewer(),
            identity=call.asking.identity,
            language=call.caller.language,
            idempotency_key=call.caller.idempotency_key,
            request_hash=_request_hash(call.request),
            reload=call.asking.fresh_viewer,
            owe=self._budgets.owe,
        )
        result = await execution.mutate(
            self._engine.registry.schema,
            call.document,
            session,
            call.request.operation_name,
            call.request.variables or {},
        )
        _refuse_whole(result, call)
        return self._answered({"data": result.data}, result, call)

    def _cost_of_mutations(self, call: _Call) -> int:
        """Of their work; their payloads are paid for when they are read."""
        selection = Selection(self._engine.registry.schema, call.document.fragments, Facts(call.variables))
        return MUTATION_COST * len(selection.of("Mutation", [call.operation.selection_set]))

    def _answered(self, body: dict[str, Any], result: ExecutionResult, call: _Call) -> Answer:
        if result.errors:
            language, anonymous = call.caller.language, not call.asking.is_signed_in
            body["errors"] = [shape_graphql(error, language, anonymous=anonymous) for error in result.errors]
        return Answer(execution.encode(body), "ok")

    async def _examined(self, request: GraphQLRequest, caller: Caller) -> _Call:
        asking = await self._callers.asking(caller)
        if self._budgets.closed:
            await self._budgets.refuse_closed(asking)
        try:
            request = await self._trust.resolved(request)
            document = self._documents.find(request.query or "")
            operation = document.operation(request.operation_name)
            variables = self._documents.variables(operation, request.variables or {})
        except (DocumentRefused, GraphQLError, Problem) as refused:
            await self._budgets.charge_flat(asking)
            raise _told(refused, caller, asking) from None
        _note(request, operation)
        return _Call(request, caller, asking, document, operation, variables)


def _told(refused: DocumentRefused | GraphQLError | Problem, caller: Caller, asking: Asking) -> Problem:
    if isinstance(refused, Problem):
        return refused
    anonymous = not asking.is_signed_in
    errors = refused.errors if isinstance(refused, DocumentRefused) else (refused,)
    return Refused([shape_graphql(error, caller.language, anonymous=anonymous) for error in errors])


def _refuse_whole(result: ExecutionResult, call: _Call) -> None:
    """One root field that never began is a request refused, with HTTP's own status (401, 409, 422)."""
    if len(call.operation.selection_set.selections) == 1:
        for error in result.errors or ():
            if isinstance(error.original_error, Unauthenticated | InProgress | KeyReused):
                raise error.original_error


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
