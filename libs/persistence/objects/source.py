"""Which store a deployment keeps its objects in: a folder of this machine, or a bucket."""

from dataclasses import dataclass, field
from pathlib import Path
from typing import Final
from urllib.parse import urlsplit

from obstore.store import S3Store

from libs.errors.problems import InvalidInput
from libs.persistence.objects.store import Objects

FIELD: Final = "TSUNAGARI_OBJECTS"


@dataclass(frozen=True, slots=True)
class ObjectSource:
    """`place` is a folder's path, or `s3://bucket/prefix`.

    `endpoint` is where an S3-compatible store answers that is not Amazon's. Without `key_id` and `secret`
    the machine's own identity is asked for credentials.
    """

    place: str
    endpoint: str | None = None
    region: str | None = None
    key_id: str | None = field(default=None, repr=False)
    secret: str | None = field(default=None, repr=False)

    def opened(self) -> Objects:
        """Raises InvalidInput naming the variable."""
        parts = urlsplit(self.place)
        if parts.scheme == "":
            return Objects.in_folder(Path(self.place))
        if parts.scheme != "s3" or not parts.netloc:
            raise InvalidInput(
                FIELD,
                "フォルダーのパスか s3://バケット/接頭辞 を指定してください。",
                "Give a folder's path or s3://bucket/prefix.",
            )
        return Objects(self._bucket(parts.netloc, parts.path.strip("/")))

    def _bucket(self, bucket: str, prefix: str) -> S3Store:
        given = {
            "endpoint": self.endpoint,
            "region": self.region,
            "access_key_id": self.key_id,
            "secret_access_key": self.secret,
        }
        # a store in the same network may speak plain HTTP: what it gets is sealed already
        plain = self.endpoint is not None and self.endpoint.startswith("http://")
        return S3Store(
            bucket,
            prefix=prefix or None,
            config={name: value for name, value in given.items() if value is not None},  # pyright: ignore[reportArgumentType] - the keys are S3Config's own
            client_options={"allow_http": plain, "timeout": "60s"},
        )
