-- No administrative unit had this code on the day of the event: codes were reused in 2025, so a code alone says little.
-- OFFSET 0 keeps the few units converted once, not once a row.
$field IS NOT NULL AND NOT EXISTS (
    SELECT FROM (
        SELECT
            code,
            valid_from::timestamp AT TIME ZONE 'Asia/Ho_Chi_Minh' AS since,
            coalesce((valid_to + 1)::timestamp AT TIME ZONE 'Asia/Ho_Chi_Minh', 'infinity') AS until
        FROM core.dim_admin_unit OFFSET 0
    ) AS known
    WHERE known.code = $field AND $at >= known.since AND $at < known.until
)
