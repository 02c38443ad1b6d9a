-- What the newest build of each mart is made from.
SELECT DISTINCT ON (mart) mart, publications
FROM ledger.mart_build
ORDER BY mart, build_id DESC
