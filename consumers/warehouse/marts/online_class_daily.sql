-- from: online_class_summarised
--
-- Online lessons by day and commune; of each school and day the report with the highest version. Schools leave out counts
-- of pupils under 5, so that sums of pupils are lower bounds.

CREATE TABLE IF NOT EXISTS mart.online_class_daily (
    day date NOT NULL,
    commune_code text NOT NULL,
    synthetic boolean NOT NULL,
    schools integer NOT NULL,
    lessons bigint NOT NULL,
    online_lessons bigint NOT NULL,
    pupils_enrolled bigint NOT NULL,
    pupils_attended bigint NOT NULL,
    as_of timestamptz NOT NULL,
    PRIMARY KEY (day, commune_code, synthetic)
);

COMMENT ON TABLE mart.online_class_daily IS
    'Online lessons by day and commune of the school. / Dạy học trực tuyến theo ngày và xã nơi có trường.';
COMMENT ON COLUMN mart.online_class_daily.day IS 'Day in Vietnam. / Ngày theo giờ Việt Nam.';
COMMENT ON COLUMN mart.online_class_daily.commune_code IS
    'Commune of the schools, in the borders of the day; mart.admin_unit_in_2025 gives those of 2025. / Xã nơi có trường, theo địa giới của ngày đó; xem mart.admin_unit_in_2025 để quy về địa giới 2025.';
COMMENT ON COLUMN mart.online_class_daily.synthetic IS
    'True for demonstration or fitted data. / Đúng nếu là dữ liệu minh họa hoặc được dựng lại.';
COMMENT ON COLUMN mart.online_class_daily.schools IS 'Schools that reported. / Số trường báo cáo.';
COMMENT ON COLUMN mart.online_class_daily.lessons IS
    'Lessons given, online or not. / Số tiết dạy, trực tuyến hoặc không.';
COMMENT ON COLUMN mart.online_class_daily.online_lessons IS 'Those given online. / Trong đó: số tiết trực tuyến.';
COMMENT ON COLUMN mart.online_class_daily.pupils_enrolled IS
    'Pupils of the online classes: at least so many. / Số học sinh của các lớp trực tuyến (ít nhất).';
COMMENT ON COLUMN mart.online_class_daily.pupils_attended IS
    'Pupils who took part: at least so many. / Số học sinh tham gia (ít nhất).';
COMMENT ON COLUMN mart.online_class_daily.as_of IS
    'When the latest event of these happened. / Thời điểm của sự kiện mới nhất được tính.';

-- changed: day
CREATE TEMPORARY TABLE changed ON COMMIT DROP AS
SELECT DISTINCT day
FROM core.online_class_summarised
WHERE load_id = ANY(current_setting('hagiang.new_loads')::bigint []);

-- fill:
WITH latest AS (
    SELECT DISTINCT ON (school_code, day, synthetic) *
    FROM core.online_class_summarised
    WHERE day IN (SELECT day FROM changed) -- changed only
    ORDER BY school_code, day, synthetic, report_version DESC, occurred_at DESC, kafka_offset DESC
)

INSERT INTO mart.online_class_daily
SELECT
    day,
    commune_code,
    synthetic,
    count(*),
    sum(lessons),
    sum(online_lessons),
    coalesce(sum(pupils_enrolled), 0),
    coalesce(sum(pupils_attended), 0),
    max(occurred_at)
FROM latest
GROUP BY 1, 2, 3;
