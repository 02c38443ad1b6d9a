-- No procedure has this code. A code of the province's own ends in an agency's code; the first eight characters are the
-- national ones, and either spelling is known by them.
$field IS NOT NULL AND NOT EXISTS (
    SELECT FROM core.dim_procedure AS known WHERE left(known.code, 8) = left($field, 8)
) AND NOT EXISTS (
    SELECT FROM core.procedure_published AS known WHERE left(known.procedure_code, 8) = left($field, 8)
)
