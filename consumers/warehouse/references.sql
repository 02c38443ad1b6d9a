-- A mark of what each reference list holds now, which changes whenever a code may have come or gone: the seeded part by
-- its content, the part that events bring by how many rows of theirs were ever loaded or swapped in by a rebuild. The
-- lists are those of expectations/sql/unknown_<list>.sql.
WITH seeded AS (
    SELECT 'admin_unit' AS list, md5(string_agg(unit::text, '|' ORDER BY unit.code, unit.valid_from)) AS content
    FROM core.dim_admin_unit AS unit
    UNION ALL
    SELECT 'agency', md5(string_agg(agency::text, '|' ORDER BY agency.code, agency.valid_from))
    FROM core.dim_agency AS agency
    UNION ALL
    SELECT 'procedure', md5(string_agg(procedure::text, '|' ORDER BY procedure.code))
    FROM core.dim_procedure AS procedure
),
brought AS (
    SELECT
        refers.list,
        coalesce(sum(load.loaded), 0) + coalesce(
            (SELECT sum(rebuild.swapped_rows) FROM ledger.rebuild WHERE rebuild.event = refers.event), 0
        ) AS rows
    FROM (VALUES
        ('admin_unit', NULL),
        ('agency', 'agency_registered'),
        ('procedure', 'procedure_published'),
        ('product', 'ocop_product_rated')
    ) AS refers (list, event)
    LEFT JOIN ledger.load AS load ON load.event = refers.event AND load.state = 'published'
    GROUP BY refers.list, refers.event
)
SELECT jsonb_object_agg(brought.list, concat_ws(' ', brought.rows, seeded.content)) AS state
FROM brought LEFT JOIN seeded ON seeded.list = brought.list
