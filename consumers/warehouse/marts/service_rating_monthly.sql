-- from: service_rated
--
-- Ratings of finished dossiers by month and agency; of each dossier the rating with the highest version. Feedback is
-- answered well (Decision 766/QĐ-TTg) within 15 working days and without dissatisfaction with the answer. Working days are
-- Mondays to Fridays after the day it came in.

CREATE TABLE IF NOT EXISTS mart.service_rating_monthly (
    month date NOT NULL,
    agency_code text NOT NULL,
    synthetic boolean NOT NULL,
    ratings integer NOT NULL,
    very_satisfied integer NOT NULL,
    satisfied integer NOT NULL,
    dissatisfied integer NOT NULL,
    feedback integer NOT NULL,
    feedback_answered_well integer NOT NULL,
    as_of timestamptz NOT NULL,
    PRIMARY KEY (month, agency_code, synthetic)
);

COMMENT ON TABLE mart.service_rating_monthly IS
    'Satisfaction with public services, by month and agency. / Mức độ hài lòng với dịch vụ công theo tháng và cơ quan.';
COMMENT ON COLUMN mart.service_rating_monthly.month IS
    'First day of the month, in Vietnam. / Ngày đầu tháng theo giờ Việt Nam.';
COMMENT ON COLUMN mart.service_rating_monthly.agency_code IS
    'Agency that handled the dossiers, see mart.dim_agency. / Cơ quan giải quyết hồ sơ.';
COMMENT ON COLUMN mart.service_rating_monthly.synthetic IS
    'True for demonstration or fitted data. / Đúng nếu là dữ liệu minh họa hoặc được dựng lại.';
COMMENT ON COLUMN mart.service_rating_monthly.ratings IS 'Dossiers rated. / Số hồ sơ được đánh giá.';
COMMENT ON COLUMN mart.service_rating_monthly.very_satisfied IS 'Those rated very satisfied. / Trong đó: rất hài lòng.';
COMMENT ON COLUMN mart.service_rating_monthly.satisfied IS 'Those rated satisfied. / Trong đó: hài lòng.';
COMMENT ON COLUMN mart.service_rating_monthly.dissatisfied IS 'Those rated dissatisfied. / Trong đó: không hài lòng.';
COMMENT ON COLUMN mart.service_rating_monthly.feedback IS
    'Ratings with feedback that wants an answer. / Số phản ánh, kiến nghị cần trả lời.';
COMMENT ON COLUMN mart.service_rating_monthly.feedback_answered_well IS
    'Those answered in time and without dissatisfaction. / Trong đó: trả lời đúng hạn và không bị đánh giá không hài lòng.';
COMMENT ON COLUMN mart.service_rating_monthly.as_of IS
    'When the latest event of these happened. / Thời điểm của sự kiện mới nhất được tính.';

DELETE FROM mart.service_rating_monthly;

WITH latest AS (
    SELECT DISTINCT ON (dossier_code, synthetic) *
    FROM core.service_rated
    ORDER BY dossier_code, synthetic, rating_version DESC, occurred_at DESC, kafka_offset DESC
),

judged AS (
    SELECT
        *,
        answer_rating IS DISTINCT FROM 'dissatisfied'
        AND answered_at IS NOT NULL
        AND (
            SELECT count(*) FROM core.dim_date AS date
            WHERE
                date.day > (latest.feedback_at AT TIME ZONE 'Asia/Ho_Chi_Minh')::date
                AND date.day <= (latest.answered_at AT TIME ZONE 'Asia/Ho_Chi_Minh')::date
                AND NOT date.is_weekend
        ) <= 15 AS is_answered_well
    FROM latest
)

INSERT INTO mart.service_rating_monthly
SELECT
    date_trunc('month', occurred_at AT TIME ZONE 'Asia/Ho_Chi_Minh')::date,
    agency_code,
    synthetic,
    count(*),
    count(*) FILTER (WHERE rating = 'very_satisfied'),
    count(*) FILTER (WHERE rating = 'satisfied'),
    count(*) FILTER (WHERE rating = 'dissatisfied'),
    count(feedback_at),
    count(*) FILTER (WHERE feedback_at IS NOT NULL AND is_answered_well),
    max(occurred_at)
FROM judged
GROUP BY 1, 2, 3;
