-- from: tourism_visit_reported
--
-- Visits by day, commune and kind of visitor; of each place, day and kind the report with the highest version.

CREATE TABLE IF NOT EXISTS mart.tourism_daily (
    day date NOT NULL,
    commune_code text NOT NULL,
    visitor_kind text NOT NULL,
    synthetic boolean NOT NULL,
    places integer NOT NULL,
    visits bigint NOT NULL,
    overnight_visits bigint NOT NULL,
    revenue_vnd bigint NOT NULL,
    as_of timestamptz NOT NULL,
    PRIMARY KEY (day, commune_code, visitor_kind, synthetic)
);

COMMENT ON TABLE mart.tourism_daily IS
    'Tourism by day, commune and kind of visitor. / Khách du lịch theo ngày, xã và loại khách.';
COMMENT ON COLUMN mart.tourism_daily.day IS 'Day in Vietnam. / Ngày theo giờ Việt Nam.';
COMMENT ON COLUMN mart.tourism_daily.commune_code IS
    'Commune of the places, in the borders of the day; mart.admin_unit_in_2025 gives those of 2025. / Xã có điểm du lịch, theo địa giới của ngày đó; xem mart.admin_unit_in_2025 để quy về địa giới 2025.';
COMMENT ON COLUMN mart.tourism_daily.visitor_kind IS 'domestic or international. / Khách nội địa hoặc quốc tế.';
COMMENT ON COLUMN mart.tourism_daily.synthetic IS
    'True for demonstration or fitted data. / Đúng nếu là dữ liệu minh họa hoặc được dựng lại.';
COMMENT ON COLUMN mart.tourism_daily.places IS 'Places that reported. / Số điểm du lịch báo cáo.';
COMMENT ON COLUMN mart.tourism_daily.visits IS 'Visits. / Số lượt khách.';
COMMENT ON COLUMN mart.tourism_daily.overnight_visits IS
    'Visits with a night''s stay, where it is known. / Số lượt khách lưu trú, nếu có số liệu.';
COMMENT ON COLUMN mart.tourism_daily.revenue_vnd IS
    'VND spent by visitors as estimated, where it is told. / Doanh thu ước tính (đồng), nếu có số liệu.';
COMMENT ON COLUMN mart.tourism_daily.as_of IS
    'When the latest event of these happened. / Thời điểm của sự kiện mới nhất được tính.';

-- changed: day
CREATE TEMPORARY TABLE changed ON COMMIT DROP AS
SELECT DISTINCT day
FROM core.tourism_visit_reported
WHERE load_id = ANY(current_setting('hagiang.new_loads')::bigint []);

-- fill:
WITH latest AS (
    SELECT DISTINCT ON (place_code, day, visitor_kind, synthetic) *
    FROM core.tourism_visit_reported
    WHERE day IN (SELECT day FROM changed) -- changed only
    ORDER BY place_code, day, visitor_kind, synthetic, report_version DESC, occurred_at DESC, kafka_offset DESC
)

INSERT INTO mart.tourism_daily
SELECT
    day,
    commune_code,
    visitor_kind,
    synthetic,
    count(*),
    sum(visits),
    coalesce(sum(overnight_visits), 0),
    coalesce(sum(revenue_vnd), 0),
    max(occurred_at)
FROM latest
GROUP BY 1, 2, 3, 4;
