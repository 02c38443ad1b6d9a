-- No agency had this code on the day of the event: neither the seeded list nor an agency's own registration knows it, so
-- that an event passes once the registration is loaded.
-- OFFSET 0 keeps the few agencies converted once, not once a row.
$field IS NOT NULL AND NOT EXISTS (
    SELECT FROM (
        SELECT
            code,
            valid_from::timestamp AT TIME ZONE 'Asia/Ho_Chi_Minh' AS since,
            coalesce((valid_to + 1)::timestamp AT TIME ZONE 'Asia/Ho_Chi_Minh', 'infinity') AS until
        FROM core.dim_agency
        UNION ALL
        SELECT agency_code, valid_from::timestamp AT TIME ZONE 'Asia/Ho_Chi_Minh', 'infinity'
        FROM core.agency_registered WHERE change NOT IN ('merged', 'dissolved')
        OFFSET 0
    ) AS known
    WHERE known.code = $field AND $at >= known.since AND $at < known.until
)
