"""The server's settings, given on its command line so that a data folder carries none."""

import re
from collections.abc import Mapping
from pathlib import Path

from libs.errors.problems import InvalidInput
from libs.persistence.embedded.ports import HOST
from libs.persistence.embedded.remains import cluster_name

_NAME = re.compile(r"[a-z][a-z0-9_]*(\.[a-z0-9_]+)?")
_DEFAULTS = {
    "max_connections": "200",
    "shared_buffers": "128MB",
    "wal_level": "logical",
    "timezone": "UTC",
}
# No statement, parameter or row value may reach the log. Error messages quote values, and DETAIL and CONTEXT
# quote rows and statements (even that of a crashed backend): no errors of statements, and the rest terse.
_LOG = {
    "log_timezone": "UTC",
    "log_destination": "stderr",
    "logging_collector": "off",
    "log_min_messages": "log",
    "log_error_verbosity": "terse",
    "log_min_error_statement": "panic",
    "log_statement": "none",
    "log_min_duration_statement": "-1",
    "log_min_duration_sample": "-1",
    "log_transaction_sample_rate": "0",
    "log_parameter_max_length": "0",
    "log_parameter_max_length_on_error": "0",
}
_WRITES = ("fsync", "synchronous_commit", "full_page_writes")
_MANAGED = {
    "listen_addresses",
    "port",
    "unix_socket_directories",
    "cluster_name",
    "data_directory",
    *_LOG,
    *_WRITES,
}


def checked(settings: Mapping[str, str]) -> dict[str, str]:
    """Raises InvalidInput for a name that is none, or whose value is the lifecycle's own to choose."""
    for name in settings:
        if not _NAME.fullmatch(name) or name in _MANAGED:
            raise InvalidInput(
                "settings",
                f"設定「{name}」は指定できません。組み込みサーバーが決める項目か、設定名ではないものです。",
                f"The setting {name} cannot be given: the server decides it, or it is no setting's name.",
            )
    return dict(settings)


def command_line(data: Path, port: int, *, durable: bool, settings: Mapping[str, str]) -> list[str]:
    """The arguments of `postgres`. `settings` are as from `checked`."""
    address = {"listen_addresses": HOST, "port": str(port), "unix_socket_directories": ""}
    name = {"cluster_name": cluster_name(data)}
    writes = dict.fromkeys(_WRITES, "on" if durable else "off")
    every = _DEFAULTS | dict(settings) | _LOG | writes | address | name
    return ["-D", str(data), *(word for pair in every.items() for word in ("-c", "=".join(pair)))]
