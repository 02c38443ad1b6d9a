"""The object store that holds the lake; the one module that talks S3."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any, BinaryIO, ClassVar

import boto3
from botocore.config import Config
from botocore.exceptions import BotoCoreError, ClientError

from infra.errors import OperatorError
from infra.settings import Lake

_MISSING = {"NoSuchKey", "404", "NotFound"}
_EXISTS = {"PreconditionFailed", "412", "ConditionalRequestConflict"}
_PASSING = {"SlowDown", "InternalError", "ServiceUnavailable", "RequestTimeout", "Throttling"}
_CLOCKS_DIFFER = {"RequestTimeTooSkewed", "RequestExpired"}
# Request timeout, too many requests: what proxies before a store say, whatever their body is.
_PASSING_STATUS = {408, 429}
_SERVER_ERROR = 500


class StoreUnavailable(OperatorError):
    """The object store does not answer: it is asked again; see `hagiang status` if this goes on."""

    retriable: ClassVar[bool] = True


class StoreClockDiffers(StoreUnavailable):
    """The object store takes no request since its clock and ours differ: set both by NTP. It is asked again."""


class StoreRefused(OperatorError):
    """The object store refused the request: check AWS_ENDPOINT_URL_S3, LAKE_BUCKET, the access key and its rights."""


class ObjectMissing(OperatorError):
    """The lake has no such object: it was deleted, or merged into another batch meanwhile; list the batches again."""

    retriable: ClassVar[bool] = True


class ObjectExists(OperatorError):
    """The lake has an object of that key already, and it is not overwritten."""


@dataclass(frozen=True)
class StoredObject:
    """An object of a listing; `etag` changes with its content, `size` is in bytes."""

    key: str
    etag: str
    size: int


@dataclass(frozen=True)
class LakeStore:
    """One bucket; may be shared by threads.

    Every method raises StoreUnavailable while the store is away, StoreRefused for an answer that no retry mends.
    """

    bucket: str
    client: Any

    def put(self, key: str, body: bytes, *, if_absent: bool = False) -> None:
        """Store `body`; with `if_absent` raises ObjectExists, and changes nothing, when the key is taken."""
        condition = {"IfNoneMatch": "*"} if if_absent else {}
        with _translated(key):
            self.client.put_object(Bucket=self.bucket, Key=key, Body=body, **condition)

    def get(self, key: str) -> bytes:
        """The whole object; raises ObjectMissing."""
        with _translated(key):
            body: bytes = self.client.get_object(Bucket=self.bucket, Key=key)["Body"].read()
            return body

    def download(self, key: str, into: BinaryIO) -> str:
        """Write the object to a file, a megabyte at a time; returns its etag; raises ObjectMissing."""
        with _translated(key):
            answer = self.client.get_object(Bucket=self.bucket, Key=key)
            into.writelines(answer["Body"].iter_chunks(1 << 20))
            return str(answer["ETag"]).strip('"')

    def delete(self, key: str) -> None:
        """Remove the object, if there is one."""
        with _translated(key):
            self.client.delete_object(Bucket=self.bucket, Key=key)

    def list_after(self, prefix: str, start_after: str = "") -> Iterator[str]:
        """Keys with that prefix that sort after `start_after`, in order, fetched a thousand at a time."""
        for page in self._pages(Prefix=prefix, StartAfter=start_after):
            for entry in page.get("Contents", ()):
                yield entry["Key"]

    def objects(self, prefix: str) -> Iterator[StoredObject]:
        """Objects with that prefix in the order of their keys, fetched a thousand at a time."""
        for page in self._pages(Prefix=prefix):
            for entry in page.get("Contents", ()):
                yield StoredObject(entry["Key"], entry["ETag"].strip('"'), entry["Size"])

    def folders(self, prefix: str) -> Iterator[str]:
        """Names of the folders directly below a prefix that ends with a slash."""
        for page in self._pages(Prefix=prefix, Delimiter="/"):
            for entry in page.get("CommonPrefixes", ()):
                yield entry["Prefix"][len(prefix) : -1]

    def make_bucket(self) -> None:
        """Create the bucket, if it does not exist."""
        with _translated(self.bucket):
            try:
                self.client.head_bucket(Bucket=self.bucket)
            except ClientError as error:
                if _code_of(error) not in {"404", "NoSuchBucket"}:
                    raise
                self.client.create_bucket(Bucket=self.bucket)

    def _pages(self, **query: str) -> Iterator[dict[str, Any]]:
        pages = iter(self.client.get_paginator("list_objects_v2").paginate(Bucket=self.bucket, **query))
        while True:
            with _translated(query["Prefix"]):
                page = next(pages, None)
            if page is None:
                return
            yield page


def open_lake(lake: Lake, *, timeout_s: float = 20.0) -> LakeStore:
    """The store of the settings; nothing is sent yet. Open it after a fork, not before."""
    client = boto3.session.Session().client(
        "s3",
        endpoint_url=lake.endpoint_url,
        region_name=lake.region,
        aws_access_key_id=lake.login.user,
        aws_secret_access_key=lake.login.password,
        config=Config(
            s3={"addressing_style": "path"},
            connect_timeout=5,
            read_timeout=timeout_s,
            retries={"mode": "standard", "total_max_attempts": 2},
            request_checksum_calculation="when_required",
            response_checksum_validation="when_required",
        ),
    )
    return LakeStore(bucket=lake.bucket, client=client)


@contextmanager
def _translated(key: str) -> Iterator[None]:
    """Turns the client's errors into ours."""
    try:
        yield
    except ClientError as error:
        raise _error_for(error, f"{key}: {error}") from error
    except BotoCoreError as error:
        raise StoreUnavailable(f"{key}: {error}") from error


def _error_for(error: ClientError, found: str) -> OperatorError:
    code = _code_of(error)
    status = error.response.get("ResponseMetadata", {}).get("HTTPStatusCode", 0)
    if code in _MISSING:
        return ObjectMissing(found)
    if code in _EXISTS:
        return ObjectExists(found)
    if code in _CLOCKS_DIFFER:
        return StoreClockDiffers(found)
    if code in _PASSING or status in _PASSING_STATUS or status >= _SERVER_ERROR:
        return StoreUnavailable(found)
    return StoreRefused(found)


def _code_of(error: ClientError) -> str:
    return str(error.response.get("Error", {}).get("Code", ""))
