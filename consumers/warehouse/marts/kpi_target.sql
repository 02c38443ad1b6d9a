-- after: indicator, kpi
--
-- Targets that were set for figures of mart.kpi, with their dates and the gap that is left. Targets are reported as
-- events (indicator_reported, statement target), under the key of their figure; a range counts by its lower end.

CREATE TABLE IF NOT EXISTS mart.kpi_target (
    key text NOT NULL,
    target_from date NOT NULL,
    target_to date NOT NULL,
    synthetic boolean NOT NULL,
    name_en text,
    name_vi text,
    target numeric NOT NULL,
    target_high numeric,
    unit text,
    value numeric,
    gap numeric,
    reached boolean,
    source_document text NOT NULL,
    as_of timestamptz,
    PRIMARY KEY (key, target_from, target_to, synthetic)
);

COMMENT ON TABLE mart.kpi_target IS
    'Targets with their dates, and the gap to them. / Chỉ tiêu, thời hạn và khoảng cách còn lại.';
COMMENT ON COLUMN mart.kpi_target.key IS 'Key of the figure in mart.kpi. / Mã chỉ số trong mart.kpi.';
COMMENT ON COLUMN mart.kpi_target.target_from IS
    'First day of the span in which it is to be reached. / Ngày đầu của khoảng thời hạn.';
COMMENT ON COLUMN mart.kpi_target.target_to IS 'Last day by which it is to be reached. / Ngày cuối của thời hạn.';
COMMENT ON COLUMN mart.kpi_target.synthetic IS
    'True for demonstration or fitted data. / Đúng nếu là dữ liệu minh họa hoặc được dựng lại.';
COMMENT ON COLUMN mart.kpi_target.name_en IS
    'What it is, in English; null when mart.kpi has no such figure. / Tên chỉ số bằng tiếng Anh.';
COMMENT ON COLUMN mart.kpi_target.name_vi IS
    'What it is, in Vietnamese; null when mart.kpi has no such figure. / Tên chỉ số bằng tiếng Việt.';
COMMENT ON COLUMN mart.kpi_target.target IS 'The target, of a range the lower end. / Chỉ tiêu, với khoảng là mức thấp.';
COMMENT ON COLUMN mart.kpi_target.target_high IS
    'Upper end of a range; null when there is none. / Mức cao của khoảng; trống nếu không phải khoảng.';
COMMENT ON COLUMN mart.kpi_target.unit IS 'Unit of the target. / Đơn vị tính.';
COMMENT ON COLUMN mart.kpi_target.value IS
    'The figure now; null when it is unknown. / Giá trị hiện nay; trống nếu chưa biết.';
COMMENT ON COLUMN mart.kpi_target.gap IS
    'Target less value, 0 when it is reached; null when the value is unknown. / Khoảng cách còn lại, 0 nếu đã đạt; trống nếu chưa biết giá trị.';
COMMENT ON COLUMN mart.kpi_target.reached IS
    'Whether it is reached; null when the value is unknown. / Đã đạt hay chưa; trống nếu chưa biết giá trị.';
COMMENT ON COLUMN mart.kpi_target.source_document IS 'Where the target was set. / Văn bản đặt ra chỉ tiêu.';
COMMENT ON COLUMN mart.kpi_target.as_of IS
    'When the latest event of the figure happened. / Thời điểm của sự kiện mới nhất của chỉ số.';

DELETE FROM mart.kpi_target;

INSERT INTO mart.kpi_target
SELECT
    aim.indicator,
    aim.period_from,
    aim.period_to,
    aim.synthetic,
    kpi.name_en,
    kpi.name_vi,
    aim.value,
    aim.value_high,
    aim.value_unit,
    kpi.value,
    greatest(aim.value - kpi.value, 0 * kpi.value),
    kpi.value >= aim.value,
    aim.source_document,
    kpi.as_of
FROM mart.indicator AS aim
LEFT JOIN mart.kpi AS kpi ON aim.indicator = kpi.key AND aim.value_unit = kpi.unit
WHERE aim.statement = 'target' AND aim.value IS NOT NULL AND char_length(aim.admin_unit_code) = 2;
