"""What one GraphQL endpoint is made of, whichever way its requests come."""

from dataclasses import dataclass, field

from libs.observability.metrics import Metrics
from libs.serving.callers import TenantNames
from libs.serving.limits import TransportLimits
from libs.serving.service import GraphQLService


@dataclass(frozen=True, slots=True)
class Transport:
    """The engine behind, the measurements beside, the bounds before it.

    `origins` are the pages ("https://tsunagari.example") that may open a socket besides those of the same
    host. A client that is no browser sends no Origin and is let in.
    """

    service: GraphQLService
    metrics: Metrics
    limits: TransportLimits = field(default_factory=TransportLimits)
    tenants: TenantNames = field(default_factory=TenantNames)
    origins: frozenset[str] = frozenset()
