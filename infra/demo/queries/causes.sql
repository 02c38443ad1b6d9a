-- Why events of one topic were set aside, from a given offset of each partition on.
SELECT q.origin, q.rule, count(*) AS events
FROM quarantine.event AS q
JOIN unnest(CAST(:partitions AS integer[]), CAST(:starts AS bigint[])) AS start(partition, from_offset)
  ON q.kafka_partition = start.partition AND q.kafka_offset >= start.from_offset
WHERE q.topic = :topic
GROUP BY q.origin, q.rule
ORDER BY q.origin, q.rule
