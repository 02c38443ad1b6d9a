-- from: meeting_point_checked
-- after: dim_agency
--
-- Online-meeting points of the district and commune committees as their latest check found them. Once a later check of
-- any committee is there, those merged or dissolved before its day are left out, so that none is counted with its
-- successor.

CREATE TABLE IF NOT EXISTS mart.meeting_point (
    agency_code text NOT NULL,
    synthetic boolean NOT NULL,
    committee_level text NOT NULL,
    admin_unit_code text NOT NULL,
    has_point boolean NOT NULL,
    works boolean,
    seats integer,
    as_of timestamptz NOT NULL,
    PRIMARY KEY (agency_code, synthetic)
);

COMMENT ON TABLE mart.meeting_point IS
    'Online-meeting points of committees, one row each, by the latest check. / Điểm cầu họp trực tuyến của từng Ủy ban theo lần kiểm tra mới nhất.';
COMMENT ON COLUMN mart.meeting_point.agency_code IS 'Committee, see mart.dim_agency. / Ủy ban nhân dân.';
COMMENT ON COLUMN mart.meeting_point.synthetic IS
    'True for demonstration or fitted data. / Đúng nếu là dữ liệu minh họa hoặc được dựng lại.';
COMMENT ON COLUMN mart.meeting_point.committee_level IS 'district or commune. / Cấp huyện hoặc cấp xã.';
COMMENT ON COLUMN mart.meeting_point.admin_unit_code IS
    'District or commune of the committee on the day of the check. / Huyện hoặc xã của Ủy ban tại ngày kiểm tra.';
COMMENT ON COLUMN mart.meeting_point.has_point IS 'Whether it has an online-meeting point. / Có điểm cầu hay không.';
COMMENT ON COLUMN mart.meeting_point.works IS
    'Whether picture and sound worked; null when not tried. / Hình ảnh, âm thanh có hoạt động hay không; trống nếu chưa thử.';
COMMENT ON COLUMN mart.meeting_point.seats IS
    'People the point holds; null when not told. / Số chỗ ngồi; trống nếu không có số liệu.';
COMMENT ON COLUMN mart.meeting_point.as_of IS 'When the latest check was made. / Thời điểm kiểm tra mới nhất.';

DELETE FROM mart.meeting_point;

WITH latest AS (
    SELECT DISTINCT ON (agency_code, synthetic) *
    FROM core.meeting_point_checked
    ORDER BY agency_code, synthetic, occurred_at DESC, kafka_offset DESC
),

dated AS (
    SELECT *, (max(occurred_at) OVER (PARTITION BY synthetic) AT TIME ZONE 'Asia/Ho_Chi_Minh')::date AS last_check
    FROM latest
),

ended AS (
    SELECT code, synthetic, max(coalesce(valid_to, 'infinity')) AS last_day FROM mart.dim_agency GROUP BY 1, 2
)

INSERT INTO mart.meeting_point
SELECT
    agency_code,
    synthetic,
    committee_level,
    admin_unit_code,
    has_point,
    works,
    seats,
    occurred_at
FROM dated
WHERE
    NOT EXISTS (
        SELECT FROM ended
        WHERE ended.code = dated.agency_code AND ended.synthetic = dated.synthetic AND ended.last_day < last_check
    );
