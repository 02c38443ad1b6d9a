-- What the ledger says became of the offsets of one topic from a given offset of each partition on.
SELECT coalesce(sum(b.loaded), 0)::bigint      AS loaded,
       coalesce(sum(b.duplicate), 0)::bigint   AS duplicate,
       coalesce(sum(b.quarantined), 0)::bigint AS quarantined,
       coalesce(sum(b.rejected), 0)::bigint    AS rejected
FROM ledger.batch AS b
JOIN unnest(CAST(:partitions AS integer[]), CAST(:starts AS bigint[])) AS start(partition, from_offset)
  ON b.partition = start.partition AND b.from_offset >= start.from_offset
WHERE b.topic = :topic
