"""The bounds of the transport, before anything is known of who asks."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class TransportLimits:
    """Sizes in bytes, times in seconds.

    `message_bytes` must also be given to the server (uvicorn: `ws_max_size`), which otherwise assembles up to
    16 MiB before the app sees a message.
    """

    body_bytes: int = 1_048_576
    body_seconds: float = 10.0
    url_bytes: int = 16_384
    message_bytes: int = 262_144
    init_seconds: float = 10.0
    operations_per_socket: int = 20
    heartbeat_seconds: float = 12.0
    first_item_seconds: float = 0.3
    disconnect_watch_seconds: float = 0.05
