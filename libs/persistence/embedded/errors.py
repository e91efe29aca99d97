"""What can keep the embedded server from running, told to the person who started it."""

from pathlib import Path
from typing import ClassVar

from libs.errors.problems import Problem


class EmbeddedServerError(Problem):
    """The embedded server cannot run here; the texts say what to do. They never hold a password."""

    code: ClassVar[str] = "EMBEDDED_SERVER"


def in_use(folder: Path, holder: str) -> EmbeddedServerError:
    return EmbeddedServerError(
        f"「{folder}」のデータベースは別のプロセス({holder or '不明'})が使用中です。"
        "そちらを終了するか、別のフォルダーを指定してください。",
        f"The database in {folder} is in use by another process ({holder or 'unknown'}). "
        "End that one, or name another folder.",
    )


def other_version(data: Path, found: str, ours: str) -> EmbeddedServerError:
    return EmbeddedServerError(
        f"「{data}」はPostgreSQL {found}のデータで、このサーバーは{ours}です。"
        f"{found}のpg_dumpで書き出してから、別のフォルダーで読み込んでください。"
        "不要なデータならフォルダーを削除してください。",
        f"{data} was made by PostgreSQL {found}, this server is {ours}. Write it out with pg_dump of {found} "
        "and load it into another folder, or delete the folder if nobody needs its data.",
    )


def not_started(log: Path) -> EmbeddedServerError:
    return EmbeddedServerError(
        f"PostgreSQLを起動できませんでした。理由は「{log}」の末尾にあります。",
        f"PostgreSQL did not start. The end of {log} says why.",
    )


def port_taken(port: int) -> EmbeddedServerError:
    return EmbeddedServerError(
        f"ポート{port}は使用中です。別のポートを指定するか、指定を外してください。",
        f"Port {port} is taken. Name another one, or none.",
    )


def folder_unusable(folder: Path, error: OSError) -> EmbeddedServerError:
    path, reason = error.filename or folder, error.strerror or type(error).__name__
    return EmbeddedServerError(
        f"「{path}」を使用できません({reason})。書き込めるフォルダーを指定してください。",
        f"{path} cannot be used ({reason}). Name a folder that you may write to.",
    )


def others_data(data: Path) -> EmbeddedServerError:
    return EmbeddedServerError(
        f"「{data}」は別の利用者が作成したデータです。その利用者で実行するか、別のフォルダーを指定してください。",
        f"{data} belongs to another user. Run as that user, or name another folder.",
    )


def password_lost(file: Path) -> EmbeddedServerError:
    return EmbeddedServerError(
        f"データはありますが、パスワードのファイル「{file}」がないか、空です。"
        "元に戻すか、不要なデータならフォルダーごと削除してください。",
        f"The data is there, but its password file {file} is missing or empty. "
        "Put it back, or delete the whole folder if nobody needs its data.",
    )


def no_account() -> EmbeddedServerError:
    return EmbeddedServerError(
        "PostgreSQLはrootでは動きません。利用者「nobody」に切り替えられないため、root以外の利用者で実行してください。",
        "PostgreSQL does not run as root, and the user nobody does not exist or cannot be taken on here. "
        "Run this as a user other than root.",
    )


def no_binaries() -> EmbeddedServerError:
    return EmbeddedServerError(
        "組み込みPostgreSQLのプログラムがありません。`make demo`または`make test`で準備してください。",
        "The embedded PostgreSQL's programs are missing. Set up with `make demo` or `make test`.",
    )


def binaries_unfit() -> EmbeddedServerError:
    return EmbeddedServerError(
        "組み込みPostgreSQLのプログラムがこの環境では動きません。"
        "PostgreSQL 18をご用意のうえ、その接続先を設定してください。",
        "The embedded PostgreSQL's programs do not run on this machine. "
        "Provide a PostgreSQL 18 of your own and configure its address.",
    )
