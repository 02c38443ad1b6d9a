-- The newest published load of each event.
SELECT event, max(load_id) AS load_id
FROM ledger.load
WHERE state = 'published'
GROUP BY event
