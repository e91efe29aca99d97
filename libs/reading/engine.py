"""Answers reads: document and grants → plan (from memory) → one statement → JSON as PostgreSQL wrote it."""

import asyncio
import uuid
from collections.abc import Hashable, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from functools import partial
from typing import Any, Final

from graphql import FieldNode, OperationDefinitionNode

from libs.persistence.database import Context, Database
from libs.policy.access import Access, NotingAccess
from libs.policy.policies import Policies
from libs.policy.predicates import ASKER, Relations
from libs.policy.rules import Policy
from libs.reading.charging import Charge, free
from libs.reading.compiler import Compiler
from libs.reading.documents import Document
from libs.reading.facts import Facts
from libs.reading.plan import Plan, check_cost
from libs.reading.plans import Made, Plans
from libs.reading.registry import Registry
from libs.tenancy.viewer import Viewer, ViewerOutdated

MOST_COST = 5_000

# new documents wait for one another; whoever asks what has been asked before waits for none of them
_COMPILING: Final = ThreadPoolExecutor(1, "reading-compiler")


@dataclass(frozen=True, slots=True)
class Read:
    """`json` is the object of the compiled root fields; `beside` are those that graphql-core answers."""

    json: bytes
    cost: int
    beside: Mapping[str, Sequence[FieldNode]]
    keys: tuple[str, ...]


class Engine:
    """Plans and runs compiled reads. One for a process; everything it remembers is bounded."""

    def __init__(
        self,
        registry: Registry,
        relations: Relations,
        policy: Policy,
        database: Database,
        *,
        most_cost: int = MOST_COST,
    ) -> None:
        self.registry = registry
        self.policies = Policies(policy, database)
        self.database = database
        self.plans = Plans()
        self.relations = relations
        self._most_cost = most_cost

    async def read(
        self,
        document: Document,
        operation: OperationDefinitionNode,
        variables: Mapping[str, Any],
        viewer: Viewer,
        charge: Charge = free,
    ) -> Read:
        """Raises Problem before anything runs, ViewerOutdated where the viewer must be loaded anew."""
        name = operation.name.value if operation.name else ""
        plan = await self._plan(document, ("operation", name), variables, viewer, operation=operation)
        cost = check_cost(plan.cost.of(variables), self._most_cost)
        if len(plan.beside) == len(plan.keys):
            return Read(b"{}", cost, plan.beside, plan.keys)
        await charge(viewer, cost)
        json = await self._run(plan, variables, viewer, {})
        return Read(json, cost, plan.beside, plan.keys)

    async def read_one(  # noqa: PLR0913 - one object of one selection under one viewer
        self,
        document: Document,
        type_name: str,
        nodes: Sequence[FieldNode],
        identity: uuid.UUID,
        variables: Mapping[str, Any],
        viewer: Viewer,
        charge: Charge = free,
    ) -> bytes:
        """One object as a mutation's or subscription's payload; `null` where the viewer may not find it."""
        key = ("payload", type_name, tuple(node.loc.start if node.loc else 0 for node in nodes))
        plan = await self._plan(document, key, variables, viewer, payload=(type_name, nodes))
        await charge(viewer, check_cost(plan.cost.of(variables), self._most_cost))
        return await self._run(plan, variables, viewer, {"payload_id": identity})

    async def statement(
        self,
        document: Document,
        operation: OperationDefinitionNode,
        variables: Mapping[str, Any],
        viewer: Viewer,
    ) -> tuple[str, list[Any]]:
        """The statement that `read` would send, and its arguments: for measuring and for EXPLAIN."""
        name = operation.name.value if operation.name else ""
        plan = await self._plan(document, ("operation", name), variables, viewer, operation=operation)
        return plan.sql, plan.arguments(viewer.places(self.database.clock()), variables)

    async def access(self, viewer: Viewer) -> Access:
        """What the viewer may see, as compiled reads and actions use it: by the policy of its version."""
        policy = await self.policies.of(viewer.tenant_id, viewer.policy_version)
        return Access(policy.grants(viewer.kinds, viewer.roles), viewer.facts, self.relations, ASKER)

    async def _run(
        self, plan: Plan, variables: Mapping[str, Any], viewer: Viewer, more: Mapping[str, Any]
    ) -> bytes:
        places = {**viewer.places(self.database.clock()), **more}
        arguments = plan.arguments(places, variables)
        answer = await self.database.read(Context(viewer.tenant_id), plan.sql, arguments)
        if answer is None:
            raise ViewerOutdated
        return answer

    async def _plan(  # noqa: PLR0913 - what distinguishes a plan
        self,
        document: Document,
        what: Hashable,
        variables: Mapping[str, Any],
        viewer: Viewer,
        *,
        operation: OperationDefinitionNode | None = None,
        payload: tuple[str, Sequence[FieldNode]] | None = None,
    ) -> Plan:
        access = await self.access(viewer)
        key, grants = (document, what), (access.grants.fingerprint, access.facts)
        plan = self.plans.find(key, grants, variables) or self.plans.shared(key, grants, variables, access)
        if plan is None:
            noting, facts = NotingAccess.of_access(access), Facts(variables)
            compiler = Compiler(self.registry, noting, document.fragments, facts)
            compiling = (
                partial(compiler.payload, *payload)
                if payload
                else partial(compiler.operation, _given(operation))
            )
            plan = await asyncio.get_running_loop().run_in_executor(_COMPILING, compiling)
            self.plans.keep(key, grants, Made(facts.asked, noting.noted, plan))
        return plan


def _given(operation: OperationDefinitionNode | None) -> OperationDefinitionNode:
    if operation is None:
        raise TypeError("a plan is of an operation or of a payload")
    return operation
