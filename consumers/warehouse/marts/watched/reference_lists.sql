-- What the reference lists say: for marts that read dimensions of core, or borders.
SELECT md5(string_agg(line, E'\n' ORDER BY line))
FROM (
    SELECT 'unit ' || unit::text AS line FROM core.dim_admin_unit AS unit
    UNION ALL
    SELECT 'change ' || change::text FROM core.dim_admin_unit_change AS change
    UNION ALL
    SELECT 'agency ' || agency::text FROM core.dim_agency AS agency
    UNION ALL
    SELECT 'procedure ' || procedure::text FROM core.dim_procedure AS procedure
) AS list
