"""Who may do what in Kafka: the users' SCRAM credentials and their access control lists."""

from __future__ import annotations

import logging
from collections.abc import Iterable
from typing import Any

from kafka.admin import (
    ACL,
    ACLFilter,
    ACLOperation,
    ACLPermissionType,
    ACLResourcePatternType,
    KafkaAdminClient,
    ResourcePattern,
    ResourcePatternFilter,
    ResourceType,
    UserScramCredentialDeletion,
    UserScramCredentialUpsertion,
)

from infra.errors import OperatorError
from infra.settings import Kafka, Login
from schemas.contract import Contract

log = logging.getLogger(__name__)
LANDING_GROUPS = "landing"


class RightsNotSet(OperatorError):
    """Kafka refused a change of users or rights: check that the administrator's login is a super user."""


def ensure_users(admin: KafkaAdminClient, kafka: Kafka) -> None:
    """Give landing and publisher the passwords of the settings; an old password stops working at once."""
    set_passwords(admin, kafka.sasl_mechanism, (kafka.landing, kafka.publisher))


def set_passwords(admin: KafkaAdminClient, mechanism: str, logins: Iterable[Login]) -> None:
    """Make the users, or change their passwords; connections that are open go on. Raises RightsNotSet."""
    _alter_users(admin, [UserScramCredentialUpsertion(login.user, mechanism, login.password) for login in logins])


def remove_user(admin: KafkaAdminClient, mechanism: str, user: str) -> None:
    """Take every right and the password from a user: open connections can do nothing any more, new ones are refused.

    Harmless when there is no such user. Raises RightsNotSet.
    """
    if given := _rights_of(admin, user):
        _take(admin, given)
    if user in admin.describe_user_scram_credentials():
        _alter_users(admin, [UserScramCredentialDeletion(user, mechanism)])


def set_writable(admin: KafkaAdminClient, user: str, topics: Iterable[str]) -> None:
    """Let the user write to these topics and do nothing else; holds at once, for open connections too."""
    _make_exactly(admin, [user], {_may_write(user, topic) for topic in topics})


def wanted_rights(kafka: Kafka, contracts: Iterable[Contract]) -> set[ACL]:
    """Landing reads every contract's topic, as a member of groups named `landing...`; publisher writes to them.

    WRITE includes the right to idempotent producing and, like READ, to describe the topic.
    """
    rights = {_allow(kafka.landing.user, ACLOperation.READ, _groups(LANDING_GROUPS))}
    for contract in contracts:
        topic = ResourcePattern(ResourceType.TOPIC, contract.topic)
        rights.add(_allow(kafka.landing.user, ACLOperation.READ, topic))
        rights.add(_may_write(kafka.publisher.user, contract.topic))
    return rights


def ensure_rights(admin: KafkaAdminClient, kafka: Kafka, contracts: Iterable[Contract]) -> None:
    """Make landing's and publisher's rights exactly the wanted ones; what is given beyond them is taken away."""
    wanted = wanted_rights(kafka, contracts)
    given, taken = _make_exactly(admin, [kafka.landing.user, kafka.publisher.user], wanted)
    changed = {"given": given, "taken": taken}
    log.info("Rights agree with the contracts", extra={"action": "ensure_rights", **changed})


def _make_exactly(admin: KafkaAdminClient, users: Iterable[str], wanted: set[ACL]) -> tuple[int, int]:
    """Make these users' rights the wanted ones; how many were given and taken."""
    found = {acl for user in users for acl in _rights_of(admin, user)}
    if missing := list(wanted - found):
        failed = admin.create_acls(missing)["failed"]
        if failed:
            raise RightsNotSet(f"rights refused: {failed}")
    if surplus := list(found - wanted):
        _take(admin, surplus)
    return len(missing), len(surplus)


def _take(admin: KafkaAdminClient, rights: Iterable[ACL]) -> None:
    results = admin.delete_acls([_exactly(acl) for acl in rights])
    if refused := [error for _, _, error in results if getattr(error, "errno", 0)]:
        raise RightsNotSet(f"rights stay: {refused}")


def _alter_users(admin: KafkaAdminClient, alterations: list[Any]) -> None:
    refused = {user: error for user, error in admin.alter_user_scram_credentials(alterations).items() if error}
    if refused:
        raise RightsNotSet(f"credentials refused: {refused}")


def _rights_of(admin: KafkaAdminClient, user: str) -> list[ACL]:
    everything = ResourcePatternFilter(ResourceType.ANY, None, ACLResourcePatternType.ANY)
    acls, error = admin.describe_acls(
        ACLFilter(f"User:{user}", None, ACLOperation.ANY, ACLPermissionType.ANY, everything)
    )
    if getattr(error, "errno", 0):
        raise RightsNotSet(f"the rights of {user} cannot be read: {error}")
    return list(acls)


def _allow(user: str, operation: ACLOperation, pattern: ResourcePattern) -> ACL:
    return ACL(f"User:{user}", "*", operation, ACLPermissionType.ALLOW, pattern)


def _may_write(user: str, topic: str) -> ACL:
    """WRITE includes the right to idempotent producing and to describe the topic."""
    return _allow(user, ACLOperation.WRITE, ResourcePattern(ResourceType.TOPIC, topic))


def _groups(prefix: str) -> ResourcePattern:
    return ResourcePattern(ResourceType.GROUP, prefix, ACLResourcePatternType.PREFIXED)


def _exactly(acl: ACL) -> ACLFilter:
    return ACLFilter(acl.principal, acl.host, acl.operation, acl.permission_type, acl.resource_pattern)
