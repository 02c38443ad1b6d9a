"""Who may do what in Kafka: the users' SCRAM credentials and their access control lists."""

from __future__ import annotations

import logging
from collections.abc import Iterable

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
    UserScramCredentialUpsertion,
)

from infra.errors import OperatorError
from infra.settings import Kafka
from schemas.contract import Contract

log = logging.getLogger(__name__)
LANDING_GROUPS = "landing"


class RightsNotSet(OperatorError):
    """Kafka refused a change of users or rights: check that the administrator's login is a super user."""


def ensure_users(admin: KafkaAdminClient, kafka: Kafka) -> None:
    """Give landing and publisher the passwords of the settings; an old password stops working at once."""
    alterations = [
        UserScramCredentialUpsertion(login.user, kafka.sasl_mechanism, login.password)
        for login in (kafka.landing, kafka.publisher)
    ]
    refused = {user: error for user, error in admin.alter_user_scram_credentials(alterations).items() if error}
    if refused:
        raise RightsNotSet(f"credentials refused: {refused}")


def wanted_rights(kafka: Kafka, contracts: Iterable[Contract]) -> set[ACL]:
    """Landing reads every contract's topic, as a member of groups named `landing...`; publisher writes to them.

    WRITE includes the right to idempotent producing and, like READ, to describe the topic.
    """
    rights = {_allow(kafka.landing.user, ACLOperation.READ, _groups(LANDING_GROUPS))}
    for contract in contracts:
        topic = ResourcePattern(ResourceType.TOPIC, contract.topic)
        rights.add(_allow(kafka.landing.user, ACLOperation.READ, topic))
        rights.add(_allow(kafka.publisher.user, ACLOperation.WRITE, topic))
    return rights


def ensure_rights(admin: KafkaAdminClient, kafka: Kafka, contracts: Iterable[Contract]) -> None:
    """Make landing's and publisher's rights exactly the wanted ones; what is given beyond them is taken away."""
    wanted = wanted_rights(kafka, contracts)
    given = {acl for login in (kafka.landing, kafka.publisher) for acl in _rights_of(admin, login.user)}
    if missing := list(wanted - given):
        failed = admin.create_acls(missing)["failed"]
        if failed:
            raise RightsNotSet(f"rights refused: {failed}")
    if surplus := list(given - wanted):
        admin.delete_acls([_exactly(acl) for acl in surplus])
    changed = {"given": len(missing), "taken": len(surplus)}
    log.info("Rights agree with the contracts", extra={"action": "ensure_rights", **changed})


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


def _groups(prefix: str) -> ResourcePattern:
    return ResourcePattern(ResourceType.GROUP, prefix, ACLResourcePatternType.PREFIXED)


def _exactly(acl: ACL) -> ACLFilter:
    return ACLFilter(acl.principal, acl.host, acl.operation, acl.permission_type, acl.resource_pattern)
