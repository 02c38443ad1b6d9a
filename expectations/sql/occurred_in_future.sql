-- Clocks of sources may be wrong, by less than a day.
occurred_at > kafka_timestamp + interval '1 day'
