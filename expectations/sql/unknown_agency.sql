-- No agency had this code on the day of the event.
-- OFFSET 0 keeps the few agencies converted once, not once a row.
$field IS NOT NULL AND NOT EXISTS (
    SELECT FROM (
        SELECT
            code,
            valid_from::timestamp AT TIME ZONE 'Asia/Ho_Chi_Minh' AS since,
            coalesce((valid_to + 1)::timestamp AT TIME ZONE 'Asia/Ho_Chi_Minh', 'infinity') AS until
        FROM core.dim_agency OFFSET 0
    ) AS known
    WHERE known.code = $field AND $at >= known.since AND $at < known.until
)
