-- The figures, in the order officials know them.
SELECT key, name_vi, numerator, denominator, value, unit, as_of, completeness, open_quarantine, synthetic
FROM mart.kpi
ORDER BY key
