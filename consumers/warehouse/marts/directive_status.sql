-- from: directive_issued
-- after: reporting_day
--
-- Directives on digital transformation by the body that issued them; of each the report with the highest version.

CREATE TABLE IF NOT EXISTS mart.directive_status (
    issued_by text NOT NULL,
    synthetic boolean NOT NULL,
    directives integer NOT NULL,
    done integer NOT NULL,
    done_late integer NOT NULL,
    overdue integer NOT NULL,
    cancelled integer NOT NULL,
    mean_progress_percent numeric(5, 2),
    as_of timestamptz NOT NULL,
    PRIMARY KEY (issued_by, synthetic)
);

COMMENT ON TABLE mart.directive_status IS
    'Progress of the directives, by the body that issued them. / Tiến độ nhiệm vụ chỉ đạo theo cơ quan giao.';
COMMENT ON COLUMN mart.directive_status.issued_by IS
    'steering_committee or executive_board. / Ban Chỉ đạo hoặc Ban Điều hành.';
COMMENT ON COLUMN mart.directive_status.synthetic IS
    'True for demonstration or fitted data. / Đúng nếu là dữ liệu minh họa hoặc được dựng lại.';
COMMENT ON COLUMN mart.directive_status.directives IS
    'Directives, without cancelled ones. / Số nhiệm vụ, trừ nhiệm vụ đã hủy.';
COMMENT ON COLUMN mart.directive_status.done IS 'Those that are done. / Trong đó: đã hoàn thành.';
COMMENT ON COLUMN mart.directive_status.done_late IS
    'Done after the day they were due. / Trong đó: hoàn thành sau hạn.';
COMMENT ON COLUMN mart.directive_status.overdue IS
    'Not done though due before the reporting day. / Chưa hoàn thành và đã quá hạn tại ngày chốt số liệu.';
COMMENT ON COLUMN mart.directive_status.cancelled IS 'Cancelled directives. / Số nhiệm vụ đã hủy.';
COMMENT ON COLUMN mart.directive_status.mean_progress_percent IS
    'Mean progress, without cancelled ones; null when there is none. / Tiến độ trung bình; trống nếu không có.';
COMMENT ON COLUMN mart.directive_status.as_of IS
    'When the latest event of these happened. / Thời điểm của sự kiện mới nhất được tính.';

DELETE FROM mart.directive_status;

WITH latest AS (
    SELECT DISTINCT ON (directive_code, synthetic) *
    FROM core.directive_issued
    ORDER BY directive_code, synthetic, report_version DESC, occurred_at DESC, kafka_offset DESC
)

INSERT INTO mart.directive_status
SELECT
    issued_by,
    synthetic,
    count(*) FILTER (WHERE state <> 'cancelled'),
    count(*) FILTER (WHERE state = 'done'),
    count(*) FILTER (WHERE state = 'done' AND completed_on > due_on),
    count(*) FILTER (WHERE state NOT IN ('done', 'cancelled') AND due_on < day),
    count(*) FILTER (WHERE state = 'cancelled'),
    round(avg(progress_percent) FILTER (WHERE state <> 'cancelled'), 2),
    max(occurred_at)
FROM latest
INNER JOIN mart.reporting_day USING (synthetic)
GROUP BY 1, 2;
