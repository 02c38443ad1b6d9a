-- from: indicator_reported
--
-- Official figures and targets; of each indicator, place and period the report with the highest version.

CREATE TABLE IF NOT EXISTS mart.indicator (
    indicator text NOT NULL,
    statement text NOT NULL,
    admin_unit_code text NOT NULL,
    period_from date NOT NULL,
    period_to date NOT NULL,
    synthetic boolean NOT NULL,
    value numeric,
    value_high numeric,
    value_unit text,
    rank integer,
    rank_of integer,
    grade text,
    estimate boolean NOT NULL,
    source_document text NOT NULL,
    as_of timestamptz NOT NULL,
    PRIMARY KEY (indicator, statement, admin_unit_code, period_from, period_to, synthetic)
);

COMMENT ON TABLE mart.indicator IS
    'Official figures and targets, one row for each indicator, place and period. / Số liệu và chỉ tiêu chính thức theo chỉ số, địa bàn và kỳ.';
COMMENT ON COLUMN mart.indicator.indicator IS 'Key of the indicator. / Mã chỉ số.';
COMMENT ON COLUMN mart.indicator.statement IS 'actual or target. / Số liệu thực tế hoặc chỉ tiêu.';
COMMENT ON COLUMN mart.indicator.admin_unit_code IS 'Province, district or commune it is about. / Tỉnh, huyện hoặc xã.';
COMMENT ON COLUMN mart.indicator.period_from IS 'First day of the period. / Ngày đầu kỳ.';
COMMENT ON COLUMN mart.indicator.period_to IS 'Last day of the period. / Ngày cuối kỳ.';
COMMENT ON COLUMN mart.indicator.synthetic IS
    'True for demonstration or fitted data. / Đúng nếu là dữ liệu minh họa hoặc được dựng lại.';
COMMENT ON COLUMN mart.indicator.value IS
    'The figure, for a target the lower end; null when only a rank or grade was published. / Giá trị, với chỉ tiêu là mức thấp; trống nếu chỉ công bố thứ hạng hoặc xếp loại.';
COMMENT ON COLUMN mart.indicator.value_high IS
    'Upper end of a target that is a range. / Mức cao của chỉ tiêu dạng khoảng.';
COMMENT ON COLUMN mart.indicator.value_unit IS 'Unit of the value. / Đơn vị tính.';
COMMENT ON COLUMN mart.indicator.rank IS 'Rank among the provinces. / Thứ hạng trong các tỉnh.';
COMMENT ON COLUMN mart.indicator.rank_of IS 'Number of provinces ranked. / Số tỉnh được xếp hạng.';
COMMENT ON COLUMN mart.indicator.grade IS 'good, fair (khá), average or weak. / Xếp loại: tốt, khá, trung bình, yếu.';
COMMENT ON COLUMN mart.indicator.estimate IS 'True while the figure is preliminary. / Đúng nếu là số ước tính, sơ bộ.';
COMMENT ON COLUMN mart.indicator.source_document IS 'Where the figure is taken from. / Nguồn số liệu.';
COMMENT ON COLUMN mart.indicator.as_of IS 'When it was reported. / Thời điểm báo cáo.';

DELETE FROM mart.indicator;

INSERT INTO mart.indicator
SELECT DISTINCT ON (indicator, statement, admin_unit_code, period_from, period_to, synthetic)
    indicator,
    statement,
    admin_unit_code,
    period_from,
    period_to,
    synthetic,
    value,
    value_high,
    value_unit,
    rank,
    rank_of,
    grade,
    estimate,
    source_document,
    occurred_at
FROM core.indicator_reported
ORDER BY
    indicator,
    statement,
    admin_unit_code,
    period_from,
    period_to,
    synthetic,
    report_version DESC,
    occurred_at DESC,
    kafka_offset DESC;
