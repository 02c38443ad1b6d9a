"""What became of every record of a load, and its entry into the ledger."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import asdict, dataclass

from sqlalchemy import Connection, Table, func, insert, select, update

from consumers.warehouse.ledger import LoadRange
from consumers.warehouse.tables import ledger
from consumers.warehouse.tables.quarantine import CHECK, LANDING


@dataclass(frozen=True)
class Balance:
    """One partition's range: consumed = loaded + duplicate + quarantined + rejected + erased, as the database checks.

    The sides are counted apart: `consumed` from the lake's manifests when the load was staged, the others from what
    stands in staging, core and quarantine when it is published.
    """

    partition: int
    from_offset: int
    next_offset: int
    consumed: int
    loaded: int
    duplicate: int
    quarantined: int
    rejected: int
    erased: int


def balance(
    offsets: LoadRange, staged: int, bad: int, loaded: int, quarantined: Mapping[tuple[int, str], int], erased: int
) -> Balance:
    """`staged`, `bad`, `loaded`: rows in staging, those of them with a critical verdict, rows new in core.

    `erased` are records of the range that an erasure keeps out.
    """
    return Balance(
        partition=offsets.partition,
        from_offset=offsets.from_offset,
        next_offset=offsets.next_offset,
        consumed=offsets.records,
        loaded=loaded,
        duplicate=staged - bad - loaded,
        quarantined=quarantined.get((offsets.partition, CHECK), 0),
        rejected=quarantined.get((offsets.partition, LANDING), 0),
        erased=erased,
    )


def staged_rows(connection: Connection, table: Table) -> dict[int, int]:
    """Rows in the staging table, by partition."""
    partition = table.c.kafka_partition
    found = connection.execute(select(partition, func.count()).group_by(partition))
    return dict(found.all())


def lock_watermarks(connection: Connection, topic: str, partitions: Iterable[int]) -> dict[int, int]:
    """The partitions' watermarks, locked in order until the transaction ends: one publisher at a time."""
    mark = ledger.watermark.c
    query = select(mark.partition, mark.next_offset).where(mark.topic == topic, mark.partition.in_(partitions))
    found = connection.execute(query.order_by(mark.partition).with_for_update())
    return dict(found.all())


def enter(connection: Connection, topic: str, load_id: int, balances: Iterable[Balance]) -> None:
    """Append the ranges to the ledger and move the watermarks behind them.

    Raises IntegrityError when a range does not balance or does not carry on where the ledger ends.
    """
    for entry in balances:
        connection.execute(insert(ledger.batch).values(topic=topic, load_id=load_id, **asdict(entry)))
        mark = ledger.watermark
        of_partition = (mark.c.topic == topic) & (mark.c.partition == entry.partition)
        connection.execute(update(mark).where(of_partition).values(next_offset=entry.next_offset))
