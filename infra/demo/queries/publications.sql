-- How many loads of each event have been published.
SELECT event, max(publication) AS publications
FROM ledger.load
WHERE publication IS NOT NULL
GROUP BY event
