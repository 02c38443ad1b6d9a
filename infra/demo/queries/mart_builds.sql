-- What the newest build of each mart is made from.
SELECT DISTINCT ON (mart) mart, loads
FROM ledger.mart_build
ORDER BY mart, built_at DESC
