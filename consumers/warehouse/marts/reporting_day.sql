-- after: latest_event
-- watch: day
--
-- The day that figures on states are told for: the day of the latest event of any kind, never after the day of the build.
-- What lapses with time, such as certificates and due days, is counted on it, so that a past period can be told again
-- from its events.

CREATE TABLE IF NOT EXISTS mart.reporting_day (
    synthetic boolean PRIMARY KEY,
    day date NOT NULL
);

COMMENT ON TABLE mart.reporting_day IS
    'The day that figures of states are told for: that of the latest event. / Ngày chốt số liệu: ngày của sự kiện mới nhất.';
COMMENT ON COLUMN mart.reporting_day.synthetic IS
    'True for demonstration or fitted data. / Đúng nếu là dữ liệu minh họa hoặc được dựng lại.';
COMMENT ON COLUMN mart.reporting_day.day IS
    'Day in Vietnam of the latest event, at most the day of the build. / Ngày (giờ Việt Nam) của sự kiện mới nhất, không sau ngày dựng số liệu.';

DELETE FROM mart.reporting_day;

INSERT INTO mart.reporting_day
SELECT synthetic, (least(max(latest_at), current_setting('hagiang.now')::timestamptz) AT TIME ZONE 'Asia/Ho_Chi_Minh')::date
FROM mart.latest_event
GROUP BY 1;
