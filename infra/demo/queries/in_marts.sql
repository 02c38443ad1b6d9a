-- For each load, when the last of the marts that read its event had its rows, or was seen not to need them.
SELECT load_id, max(first_built) AS built_at
FROM (
    SELECT l.load_id, b.mart, min(b.built_at) AS first_built
    FROM ledger.load AS l
    JOIN ledger.mart_build AS b ON (b.publications ->> l.event)::bigint >= l.publication
    WHERE l.state = 'published'
    GROUP BY l.load_id, b.mart
) AS build
GROUP BY load_id
