"""S3Proxy: an S3 interface over a folder, the embedded stand-in for the province's object store."""

from __future__ import annotations

from typing import Any

from infra.local.jars import JAVA_SERVERS
from infra.local.part import Part
from infra.local.private_file import write_private
from infra.local.properties import render_properties
from infra.local.stack import Stack, java
from infra.settings import Lake, Login

BUCKET = "hagiang-lake"
REGION = "us-east-1"
HEAP = ("-Xmx256m", "-XX:+UseSerialGC", "-XX:TieredStopAtLevel=1")


def store_part(stack: Stack) -> Part:
    """The store; its objects are files below the state folder."""
    folder = stack.home.folder("store")
    return Part(
        name="store",
        command=(java(), *HEAP, "-jar", str(stack.jars.s3proxy), "--properties", str(folder / "s3proxy.conf")),
        ready=lambda _since: bool(open_client(stack).list_buckets()),
        before_start=lambda: write_configuration(stack),
        port=stack.ports["store"],
        needs=(JAVA_SERVERS,),
        stop_wave=2,
        directory=folder,
        environment={"LOG_LEVEL": "warn"},
    )


def lake_settings(stack: Stack) -> Lake:
    """Address, bucket and keys of this stack's store."""
    login = Login(stack.credentials.lake_key, stack.credentials.lake_secret)
    return Lake(endpoint_url=stack.url("store"), region=REGION, bucket=BUCKET, login=login)


def write_configuration(stack: Stack) -> None:
    """Write S3Proxy's properties, which hold the secret key."""
    folder = stack.home.folder("store")
    objects = stack.home.folder("store/objects")
    lines = {
        "s3proxy.endpoint": stack.url("store"),
        "s3proxy.authorization": "aws-v2-or-v4",
        "s3proxy.identity": stack.credentials.lake_key,
        "s3proxy.credential": stack.credentials.lake_secret,
        "jclouds.provider": "filesystem-nio2",
        "jclouds.identity": "unused",
        "jclouds.credential": "unused",
        "jclouds.filesystem.basedir": str(objects),
    }
    write_private(folder / "s3proxy.conf", render_properties(lines))


def ensure_bucket(stack: Stack) -> None:
    """Make the lake's bucket and the one for dropped files unless they are there."""
    client = open_client(stack)
    there = {bucket["Name"] for bucket in client.list_buckets()["Buckets"]}
    for name in (BUCKET, lake_settings(stack).drop_bucket):
        if name not in there:
            client.create_bucket(Bucket=name)


def open_client(stack: Stack) -> Any:
    """A boto3 client with short timeouts and no retries: it asks whether the store is there."""
    import boto3
    from botocore.config import Config

    login = lake_settings(stack).login
    session = boto3.session.Session(
        aws_access_key_id=login.user, aws_secret_access_key=login.password, region_name=REGION
    )
    config = Config(
        connect_timeout=3, read_timeout=5, retries={"total_max_attempts": 1}, s3={"addressing_style": "path"}
    )
    return session.client("s3", endpoint_url=stack.url("store"), config=config)
