"""A subscription: one object, read anew at each notice, under the watcher's policy of that moment."""

import asyncio
import uuid
from collections.abc import AsyncGenerator, Mapping
from typing import Any

from graphql import FieldNode, OperationDefinitionNode

from libs.errors.problems import InvalidInput, NotFound
from libs.reading import ids
from libs.reading.arguments import Arguments
from libs.reading.charging import Charge
from libs.reading.declare import Watch
from libs.reading.documents import Document
from libs.reading.engine import Engine
from libs.reading.facts import Facts
from libs.reading.registry import Field
from libs.reading.selection import Selection
from libs.serving.asking import Asking
from libs.serving.notices import Notices
from libs.serving.problems import RateLimited
from libs.tenancy.viewer import ViewerOutdated

ROOT_TYPE = "Subscription"
RECHECK_SECONDS = 30.0


class Watching:
    """Ends by itself when the watched object is no longer the watcher's to see."""

    def __init__(  # noqa: PLR0913 - one subscription's parts
        self,
        engine: Engine,
        notices: Notices,
        document: Document,
        operation: OperationDefinitionNode,
        variables: Mapping[str, Any],
        asking: Asking,
        charge: Charge,
    ) -> None:
        self._engine = engine
        self._notices = notices
        self._document = document
        self._variables = variables
        self._asking = asking
        self._charge = charge
        self._key, self._nodes = self._root(operation)
        self._field: Field = engine.registry.field(ROOT_TYPE, self._nodes[0].name.value)

    async def results(self) -> AsyncGenerator[bytes, None]:
        """Raises NotFound before the first result where the object is absent or hidden."""
        declaration = self._field.declaration
        assert isinstance(declaration, Watch)  # noqa: S101 - the registry holds nothing else there
        identity = self._identity(declaration)
        viewer = await self._asking.fresh_viewer()
        if await self._read(declaration.target, identity) is None:
            raise NotFound
        async with self._notices.of((viewer.tenant_id, declaration.topic, identity)) as changed:
            while True:
                told = await self._told(changed)
                result = await self._reread(declaration.target, identity)
                if result is None:
                    return
                if told:
                    yield b'{"data":{"%b":%b}}' % (self._key.encode(), result)

    async def _told(self, changed: asyncio.Event) -> bool:
        """Whether there was a notice; without one, the right to watch is looked at again now and then."""
        try:
            await asyncio.wait_for(changed.wait(), RECHECK_SECONDS)
        except TimeoutError:
            return False
        changed.clear()
        return True

    async def _reread(self, target: str, identity: uuid.UUID) -> bytes | None:
        """A watcher over the budget hears later, of several changes as one."""
        while True:
            try:
                return await self._read(target, identity)
            except RateLimited as refused:
                await asyncio.sleep(refused.retry_after)

    async def _read(self, target: str, identity: uuid.UUID) -> bytes | None:
        while True:
            viewer = await self._asking.viewer()
            try:
                json = await self._engine.read_one(
                    self._document, target, self._nodes, identity, self._variables, viewer, self._charge
                )
            except ViewerOutdated:
                self._asking.forget_viewer()
            else:
                return None if json == b"null" else json

    def _identity(self, declaration: Watch) -> uuid.UUID:
        facts = Facts(self._variables)
        given = Arguments(self._field.graphql, self._nodes[0], facts).given("id")
        prefix = self._engine.registry.stored[declaration.target].prefix
        identity = None if given is None else ids.of_type(prefix, given.get(self._variables))
        if identity is None:
            raise NotFound
        return identity

    def _root(self, operation: OperationDefinitionNode) -> tuple[str, list[FieldNode]]:
        selection = Selection(self._engine.registry.schema, self._document.fragments, Facts(self._variables))
        roots = selection.of(ROOT_TYPE, [operation.selection_set])
        roots = {key: nodes for key, nodes in roots.items() if not nodes[0].name.value.startswith("__")}
        if len(roots) != 1:
            raise InvalidInput(
                "query",
                "購読（subscription）では項目を一つだけ選んでください。",
                "A subscription selects exactly one field.",
            )
        return next(iter(roots.items()))
