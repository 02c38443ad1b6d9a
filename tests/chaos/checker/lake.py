"""What stands in the lake, read with boto3, fastavro and zstandard alone."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any

import boto3

from infra.settings import Settings
from tests.chaos.checker.container import read_container


@dataclass
class Lake:
    """Landed events and rejects by partition and offset; `found` are things that must not be."""

    events: dict[tuple[int, int], dict[str, Any]] = field(default_factory=dict)
    rejects: dict[tuple[int, int], bytes | None] = field(default_factory=dict)
    found: list[str] = field(default_factory=list)


def read_lake(settings: Settings, topic: str) -> Lake:
    """All batches of the topic; where two overlap the earlier one holds, as for whoever loads them."""
    lake, bucket = Lake(), _Bucket(settings)
    manifests = [json.loads(bucket.get(key)) for key in bucket.keys(f"landing/{topic}/") if key.endswith("/batch.json")]
    reached: dict[int, int] = {}
    for manifest in sorted(manifests, key=lambda each: (each["partition"], each["next_offset"], each["from_offset"])):
        partition = manifest["partition"]
        start = reached.get(partition, 0)
        if manifest["from_offset"] > start:
            lake.found.append(f"lake: nothing of {partition} between {start} and {manifest['from_offset']}")
        if manifest["next_offset"] > start:
            _read_batch(lake, bucket, manifest, start)
            reached[partition] = manifest["next_offset"]
    return lake


def _read_batch(lake: Lake, bucket: _Bucket, manifest: Mapping[str, Any], start: int) -> None:
    folder = f"landing/{manifest['topic']}/{manifest['partition']}/"
    folder += f"{manifest['next_offset']:020d}-{manifest['from_offset']:020d}/"
    for file in manifest["files"]:
        content = bucket.get(folder + file["name"])
        if hashlib.sha256(content).hexdigest() != file["sha256"]:
            lake.found.append(f"lake: {file['name']} is not what its manifest says")
        for offset, row in _rows(content, file, manifest["from_offset"]):
            place = (manifest["partition"], offset)
            if offset < start:
                continue
            if place in lake.events or place in lake.rejects:
                lake.found.append(f"lake: {place} twice")
            if file["schema_id"] is None:
                lake.rejects[place] = row["value"]
            else:
                lake.events[place] = row


def _rows(content: bytes, file: Mapping[str, Any], from_offset: int) -> Iterator[tuple[int, dict[str, Any]]]:
    for row in read_container(content):
        if file["schema_id"] is None:
            yield row["offset"], row
        else:
            seal = row.pop("_seal")
            yield int.from_bytes(seal[:8], "big") - int(file["seal_base"], 16) + from_offset, row


class _Bucket:
    """Plain reads of the run's bucket."""

    def __init__(self, settings: Settings) -> None:
        lake = settings.lake
        self._name = lake.bucket
        self._client = boto3.client(
            "s3",
            endpoint_url=lake.endpoint_url,
            aws_access_key_id=lake.login.user,
            aws_secret_access_key=lake.login.password,
            region_name=lake.region,
        )

    def keys(self, prefix: str) -> Iterator[str]:
        """Every key below the prefix."""
        for page in self._client.get_paginator("list_objects_v2").paginate(Bucket=self._name, Prefix=prefix):
            yield from (each["Key"] for each in page.get("Contents", ()))

    def get(self, key: str) -> bytes:
        """One object."""
        content: bytes = self._client.get_object(Bucket=self._name, Key=key)["Body"].read()
        return content
