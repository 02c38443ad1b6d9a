-- Rows whose list holds a record that meets a condition which none should meet. When there is none, the inner set is
-- empty and the rows themselves are not even read.
SELECT kafka_partition, kafka_offset FROM {batch}
WHERE (kafka_partition, kafka_offset) IN (
    SELECT line.kafka_partition, line.kafka_offset FROM {$list} AS line WHERE $condition
)
