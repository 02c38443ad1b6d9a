-- How many records of each event wait in quarantine: for marts that count them.
SELECT coalesce(string_agg(event || ' ' || records, ', ' ORDER BY event), '')
FROM (
    SELECT event, count(*) AS records FROM quarantine.event WHERE status = 'open' GROUP BY event
) AS waiting
