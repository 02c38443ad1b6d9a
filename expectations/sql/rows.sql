-- Rows of the load that meet a condition which no row should meet.
WITH staged AS (SELECT * FROM {batch})
SELECT kafka_partition, kafka_offset FROM staged WHERE $condition
