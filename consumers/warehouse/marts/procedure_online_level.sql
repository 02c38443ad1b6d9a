-- after: dim_procedure, reporting_day
--
-- Procedures offered on the reporting day, by authority and online level. A procedure that two authorities offer counts
-- at each of them.

CREATE TABLE IF NOT EXISTS mart.procedure_online_level (
    agency_code text NOT NULL,
    authority_level text NOT NULL,
    synthetic boolean NOT NULL,
    procedures integer NOT NULL,
    level_two integer NOT NULL,
    level_three integer NOT NULL,
    level_four integer NOT NULL,
    as_of timestamptz NOT NULL,
    PRIMARY KEY (agency_code, authority_level, synthetic)
);

COMMENT ON TABLE mart.procedure_online_level IS
    'Procedures offered online, by authority and level, on the reporting day. / Thủ tục hành chính cung cấp trực tuyến theo cơ quan và mức độ, tại ngày chốt số liệu.';
COMMENT ON COLUMN mart.procedure_online_level.agency_code IS
    'Agency in whose authority the procedures are, see mart.dim_agency. / Cơ quan có thẩm quyền.';
COMMENT ON COLUMN mart.procedure_online_level.authority_level IS 'province, district or commune. / Cấp giải quyết.';
COMMENT ON COLUMN mart.procedure_online_level.synthetic IS
    'True for demonstration or fitted data. / Đúng nếu là dữ liệu minh họa hoặc được dựng lại.';
COMMENT ON COLUMN mart.procedure_online_level.procedures IS 'Procedures offered. / Số thủ tục đang cung cấp.';
COMMENT ON COLUMN mart.procedure_online_level.level_two IS
    'Those with forms or information only. / Trong đó: mức độ 2 hoặc chỉ cung cấp thông tin.';
COMMENT ON COLUMN mart.procedure_online_level.level_three IS
    'Those at level 3 or partial. / Trong đó: mức độ 3 hoặc một phần.';
COMMENT ON COLUMN mart.procedure_online_level.level_four IS
    'Those at level 4 or full. / Trong đó: mức độ 4 hoặc toàn trình.';
COMMENT ON COLUMN mart.procedure_online_level.as_of IS
    'When the latest event of these happened. / Thời điểm của sự kiện mới nhất được tính.';

DELETE FROM mart.procedure_online_level;

INSERT INTO mart.procedure_online_level
SELECT
    agency_code,
    authority_level,
    synthetic,
    count(*),
    count(*) FILTER (WHERE NOT is_online),
    count(*) FILTER (WHERE is_online AND NOT is_level_four),
    count(*) FILTER (WHERE is_level_four),
    max(as_of)
FROM mart.dim_procedure
INNER JOIN mart.reporting_day USING (synthetic)
WHERE offered AND day >= valid_from AND (valid_to IS NULL OR day <= valid_to)
GROUP BY 1, 2, 3;
