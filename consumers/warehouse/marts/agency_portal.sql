-- from: portal_checked
-- after: dim_agency
--
-- Portals of the agencies as their latest check saw them. Once a later check of any agency is there, agencies that were
-- merged or dissolved before its day are left out, so that nobody is counted with its successor.

CREATE TABLE IF NOT EXISTS mart.agency_portal (
    agency_code text NOT NULL,
    synthetic boolean NOT NULL,
    obliged boolean NOT NULL,
    has_portal boolean NOT NULL,
    is_up boolean NOT NULL,
    host text,
    certificate_valid boolean,
    checks integer NOT NULL,
    checks_up integer NOT NULL,
    mean_response_ms integer,
    as_of timestamptz NOT NULL,
    PRIMARY KEY (agency_code, synthetic)
);

COMMENT ON TABLE mart.agency_portal IS
    'Portals of the agencies, one row each, by the latest check. / Cổng, trang thông tin điện tử của từng cơ quan theo lần kiểm tra mới nhất.';
COMMENT ON COLUMN mart.agency_portal.agency_code IS 'Agency, see mart.dim_agency. / Cơ quan.';
COMMENT ON COLUMN mart.agency_portal.synthetic IS
    'True for demonstration or fitted data. / Đúng nếu là dữ liệu minh họa hoặc được dựng lại.';
COMMENT ON COLUMN mart.agency_portal.obliged IS 'Whether it must have a portal. / Có bắt buộc phải có cổng hay không.';
COMMENT ON COLUMN mart.agency_portal.has_portal IS
    'Whether it has one, answering or not. / Có cổng hay không, kể cả khi đang ngừng.';
COMMENT ON COLUMN mart.agency_portal.is_up IS
    'Whether it answered at the latest check. / Có hoạt động ở lần kiểm tra mới nhất hay không.';
COMMENT ON COLUMN mart.agency_portal.host IS
    'Host name; null when there is no portal. / Tên miền; trống nếu không có cổng.';
COMMENT ON COLUMN mart.agency_portal.certificate_valid IS
    'Whether its TLS certificate is valid; null without HTTPS. / Chứng thư TLS còn hợp lệ hay không; trống nếu không dùng HTTPS.';
COMMENT ON COLUMN mart.agency_portal.checks IS 'Checks so far. / Số lần kiểm tra đến nay.';
COMMENT ON COLUMN mart.agency_portal.checks_up IS 'Those at which it answered. / Trong đó: số lần hoạt động.';
COMMENT ON COLUMN mart.agency_portal.mean_response_ms IS
    'Mean time until the answer, in milliseconds; null without one. / Thời gian phản hồi trung bình (mili giây); trống nếu không có.';
COMMENT ON COLUMN mart.agency_portal.as_of IS 'When the latest check was made. / Thời điểm kiểm tra mới nhất.';

DELETE FROM mart.agency_portal;

WITH latest AS (
    SELECT DISTINCT ON (agency_code, synthetic) *
    FROM core.portal_checked
    ORDER BY agency_code, synthetic, occurred_at DESC, kafka_offset DESC
),

seen AS (
    SELECT
        agency_code,
        synthetic,
        count(*) AS checks,
        count(*) FILTER (WHERE portal_state = 'up') AS checks_up,
        avg(response_ms)::integer AS mean_response_ms
    FROM core.portal_checked
    GROUP BY 1, 2
),

dated AS (
    SELECT *, (max(occurred_at) OVER (PARTITION BY synthetic) AT TIME ZONE 'Asia/Ho_Chi_Minh')::date AS last_check
    FROM latest
),

ended AS (
    SELECT code, synthetic, max(coalesce(valid_to, 'infinity')) AS last_day FROM mart.dim_agency GROUP BY 1, 2
)

INSERT INTO mart.agency_portal
SELECT
    agency_code,
    synthetic,
    obliged,
    portal_state <> 'absent',
    portal_state = 'up',
    host,
    certificate_valid,
    checks,
    checks_up,
    mean_response_ms,
    occurred_at
FROM dated
INNER JOIN seen USING (agency_code, synthetic)
WHERE
    NOT EXISTS (
        SELECT FROM ended
        WHERE ended.code = dated.agency_code AND ended.synthetic = dated.synthetic AND ended.last_day < last_check
    );
