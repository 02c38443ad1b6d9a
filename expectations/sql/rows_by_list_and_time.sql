-- The same for a condition that needs the time of the event too.
WITH staged AS (SELECT kafka_partition, kafka_offset, occurred_at FROM {batch})
SELECT DISTINCT staged.kafka_partition, staged.kafka_offset
FROM staged, {$list} AS line
WHERE (staged.kafka_partition, staged.kafka_offset) = (line.kafka_partition, line.kafka_offset) AND $condition
