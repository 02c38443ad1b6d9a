-- How many loads of each event were published: for marts that read the ledger.
SELECT coalesce(string_agg(event || ' ' || publications, ', ' ORDER BY event), '')
FROM (
    SELECT event, max(publication) AS publications FROM ledger.load WHERE publication IS NOT NULL GROUP BY event
) AS published
