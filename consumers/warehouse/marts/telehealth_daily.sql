-- from: health_consultation_summarised
--
-- Remote consultations by day and commune; of each facility and day the report with the highest version. Facilities leave
-- out counts under 5, so that sums are lower bounds: the number of reports without a count stands beside them.

CREATE TABLE IF NOT EXISTS mart.telehealth_daily (
    day date NOT NULL,
    commune_code text NOT NULL,
    synthetic boolean NOT NULL,
    facilities integer NOT NULL,
    facilities_under_five integer NOT NULL,
    consultations bigint NOT NULL,
    patients bigint NOT NULL,
    as_of timestamptz NOT NULL,
    PRIMARY KEY (day, commune_code, synthetic)
);

COMMENT ON TABLE mart.telehealth_daily IS
    'Remote health consultations by day and commune of the facility. / Tư vấn, khám bệnh từ xa theo ngày và xã nơi có cơ sở y tế.';
COMMENT ON COLUMN mart.telehealth_daily.day IS 'Day in Vietnam. / Ngày theo giờ Việt Nam.';
COMMENT ON COLUMN mart.telehealth_daily.commune_code IS
    'Commune of the facilities, in the borders of the day; mart.admin_unit_in_2025 gives those of 2025. / Xã nơi có cơ sở y tế, theo địa giới của ngày đó; xem mart.admin_unit_in_2025 để quy về địa giới 2025.';
COMMENT ON COLUMN mart.telehealth_daily.synthetic IS
    'True for demonstration or fitted data. / Đúng nếu là dữ liệu minh họa hoặc được dựng lại.';
COMMENT ON COLUMN mart.telehealth_daily.facilities IS 'Facilities that reported. / Số cơ sở báo cáo.';
COMMENT ON COLUMN mart.telehealth_daily.facilities_under_five IS
    'Those whose count was under 5 and left out. / Trong đó: có dưới 5 lượt nên không nêu số.';
COMMENT ON COLUMN mart.telehealth_daily.consultations IS
    'Remote consultations told: at least so many. / Số lượt tư vấn, khám từ xa (ít nhất).';
COMMENT ON COLUMN mart.telehealth_daily.patients IS
    'Patients told, of each facility and day for itself. / Số người bệnh (ít nhất), tính riêng từng cơ sở và ngày.';
COMMENT ON COLUMN mart.telehealth_daily.as_of IS
    'When the latest event of these happened. / Thời điểm của sự kiện mới nhất được tính.';

-- changed: day
CREATE TEMPORARY TABLE changed ON COMMIT DROP AS
SELECT DISTINCT day
FROM core.health_consultation_summarised
WHERE load_id = ANY(current_setting('hagiang.new_loads')::bigint []);

-- fill:
WITH latest AS (
    SELECT DISTINCT ON (facility_code, day, synthetic) *
    FROM core.health_consultation_summarised
    WHERE day IN (SELECT day FROM changed) -- changed only
    ORDER BY facility_code, day, synthetic, report_version DESC, occurred_at DESC, kafka_offset DESC
)

INSERT INTO mart.telehealth_daily
SELECT
    day,
    commune_code,
    synthetic,
    count(*),
    count(*) FILTER (WHERE consultations IS NULL),
    coalesce(sum(consultations), 0),
    coalesce(sum(patients), 0),
    max(occurred_at)
FROM latest
GROUP BY 1, 2, 3;
