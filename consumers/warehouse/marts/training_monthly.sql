-- from: training_session_held
--
-- Courses by month of their last day and audience; of each the report with the highest version. People who attended two
-- courses count twice.

CREATE TABLE IF NOT EXISTS mart.training_monthly (
    month date NOT NULL,
    audience text NOT NULL,
    synthetic boolean NOT NULL,
    sessions integer NOT NULL,
    attended integer NOT NULL,
    examined integer NOT NULL,
    passed integer NOT NULL,
    participant_hours numeric NOT NULL,
    as_of timestamptz NOT NULL,
    PRIMARY KEY (month, audience, synthetic)
);

COMMENT ON TABLE mart.training_monthly IS
    'Training in digital transformation, by month and audience. / Đào tạo về chuyển đổi số theo tháng và đối tượng.';
COMMENT ON COLUMN mart.training_monthly.month IS
    'First day of the month, in Vietnam. / Ngày đầu tháng theo giờ Việt Nam.';
COMMENT ON COLUMN mart.training_monthly.audience IS
    'leaders, officials, youth, households or other. / Đối tượng học viên.';
COMMENT ON COLUMN mart.training_monthly.synthetic IS
    'True for demonstration or fitted data. / Đúng nếu là dữ liệu minh họa hoặc được dựng lại.';
COMMENT ON COLUMN mart.training_monthly.sessions IS 'Courses. / Số lớp.';
COMMENT ON COLUMN mart.training_monthly.attended IS 'People who attended. / Số học viên tham dự.';
COMMENT ON COLUMN mart.training_monthly.examined IS 'Those who took a final test. / Số học viên dự kiểm tra cuối khóa.';
COMMENT ON COLUMN mart.training_monthly.passed IS 'Those who passed it. / Số học viên đạt.';
COMMENT ON COLUMN mart.training_monthly.participant_hours IS
    'Hours of each course times its people. / Tổng số giờ học của học viên.';
COMMENT ON COLUMN mart.training_monthly.as_of IS
    'When the latest event of these happened. / Thời điểm của sự kiện mới nhất được tính.';

DELETE FROM mart.training_monthly;

WITH latest AS (
    SELECT DISTINCT ON (session_code, synthetic) *
    FROM core.training_session_held
    ORDER BY session_code, synthetic, report_version DESC, occurred_at DESC, kafka_offset DESC
)

INSERT INTO mart.training_monthly
SELECT
    date_trunc('month', ended_on::timestamp)::date,
    audience,
    synthetic,
    count(*),
    sum(attended),
    coalesce(sum(examined), 0),
    coalesce(sum(passed), 0),
    sum(hours * attended),
    max(occurred_at)
FROM latest
GROUP BY 1, 2, 3;
