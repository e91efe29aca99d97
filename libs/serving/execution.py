"""What graphql-core executes beside compiled reads: mutations, and introspection roots."""

from collections.abc import Mapping
from typing import Any, cast

import msgspec
from graphql import DocumentNode, ExecutionResult, GraphQLSchema, OperationDefinitionNode, SelectionSetNode
from graphql import execute as untyped_execute  # pyright: ignore[reportUnknownVariableType] - graphql-core leaves out type arguments
from strawberry.schema.schema import StrawberryGraphQLCoreExecutionContext

from libs.reading.documents import Document
from libs.reading.engine import Read
from libs.serving.account import Account
from libs.serving.session import RawJson, Session

_execute = cast("Any", untyped_execute)
_Executor: Any = StrawberryGraphQLCoreExecutionContext


async def mutate(
    schema: GraphQLSchema, document: Document, session: Session, name: str | None, given: Mapping[str, Any]
) -> ExecutionResult:
    """Runs the root fields one after the other; each has committed before the next begins."""
    answered = _execute(
        schema,
        document.ast,
        context_value=session,
        variable_values=dict(given),
        operation_name=name,
        executor_class=PassingExecutor,
        operation_extensions=None,
    )
    # `mutation { __typename }` calls no resolver and is answered at once
    return answered if isinstance(answered, ExecutionResult) else await answered


async def answer_beside(  # noqa: PLR0913 - one request's parts
    schema: GraphQLSchema,
    document: Document,
    operation: OperationDefinitionNode,
    read: Read,
    account: Account,
    given: Mapping[str, Any],
) -> ExecutionResult:
    """The roots that are no compiled reads: introspection, and what an account may ask without a tenant.

    `given` are the variables as they were sent: graphql-core coerces them itself.
    """
    nodes = tuple(node for merged in read.beside.values() for node in merged)
    kept = OperationDefinitionNode(
        operation=operation.operation,
        name=operation.name,
        variable_definitions=operation.variable_definitions,
        directives=operation.directives,
        selection_set=SelectionSetNode(selections=nodes),
    )
    pruned = DocumentNode(definitions=(kept, *document.fragments.values()))
    answered = _execute(
        schema,
        pruned,
        context_value=account,
        variable_values=dict(given),
        executor_class=PassingExecutor,
        operation_extensions=None,
    )
    return answered if isinstance(answered, ExecutionResult) else await answered


def encode(body: Mapping[str, Any]) -> bytes:
    """JSON in which PostgreSQL's own JSON stands as it came."""
    return msgspec.json.encode(body, enc_hook=_encode_raw)


class PassingExecutor(_Executor):  # pyright: ignore[reportUntypedBaseClass] - see above
    """graphql-core's executor, except that JSON which PostgreSQL made passes through as it is."""

    def complete_value(self, return_type: Any, *arguments: Any) -> Any:  # noqa: ANN401
        result = arguments[3]
        if isinstance(result, RawJson):
            return result
        return super().complete_value(return_type, *arguments)  # pyright: ignore - the base is untyped


def _encode_raw(value: object) -> msgspec.Raw:
    if isinstance(value, RawJson):
        return value.encoded()
    raise NotImplementedError(type(value))
