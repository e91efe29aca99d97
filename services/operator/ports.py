"""Is a port free to listen on? Asked before anything is started that would have to be ended again."""

import socket

from libs.errors.problems import InvalidInput


def check_free(host: str, port: int) -> None:
    """Raises InvalidInput where nothing can listen on this address and port."""
    if not 1 <= port <= 65535:  # noqa: PLR2004 - TCP's own bounds
        raise InvalidInput("port", "ポートは1から65535までにしてください。", "The port must be 1 to 65535.")
    try:
        family, kind, protocol, _, address = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)[0]
        with socket.socket(family, kind, protocol) as trial:
            trial.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            trial.bind(address)
    except OSError as error:
        raise InvalidInput(
            "port",
            f"{host}のポート{port}で待ち受けできません({error.strerror})。--port で変えてください。",
            f"Cannot listen on port {port} of {host} ({error.strerror}). Name another one with --port.",
        ) from error
