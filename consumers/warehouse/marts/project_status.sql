-- from: project_status_changed
-- after: reporting_day
--
-- Projects of the catalogue by pillar, who assigned them, and phase; of each the report with the highest version.

CREATE TABLE IF NOT EXISTS mart.project_status (
    pillar text NOT NULL,
    assigned_by text NOT NULL,
    phase text NOT NULL,
    synthetic boolean NOT NULL,
    projects integer NOT NULL,
    overdue integer NOT NULL,
    budget_million_vnd numeric NOT NULL,
    spent_million_vnd numeric NOT NULL,
    mean_progress_percent numeric(5, 2) NOT NULL,
    as_of timestamptz NOT NULL,
    PRIMARY KEY (pillar, assigned_by, phase, synthetic)
);

COMMENT ON TABLE mart.project_status IS
    'Projects of digital transformation by pillar, who assigned them, and phase. / Dự án chuyển đổi số theo trụ cột, cơ quan giao và giai đoạn.';
COMMENT ON COLUMN mart.project_status.pillar IS
    'digital_government, digital_economy, digital_society or foundation. / Trụ cột chuyển đổi số.';
COMMENT ON COLUMN mart.project_status.assigned_by IS 'Who assigned them. / Cơ quan giao.';
COMMENT ON COLUMN mart.project_status.phase IS 'Phase. / Giai đoạn.';
COMMENT ON COLUMN mart.project_status.synthetic IS
    'True for demonstration or fitted data. / Đúng nếu là dữ liệu minh họa hoặc được dựng lại.';
COMMENT ON COLUMN mart.project_status.projects IS 'Projects. / Số dự án.';
COMMENT ON COLUMN mart.project_status.overdue IS
    'Those neither in operation nor cancelled though due before the reporting day. / Trong đó: chưa vận hành và đã quá hạn tại ngày chốt số liệu.';
COMMENT ON COLUMN mart.project_status.budget_million_vnd IS
    'Budgets, where told, in million VND. / Tổng ngân sách (triệu đồng), nếu có số liệu.';
COMMENT ON COLUMN mart.project_status.spent_million_vnd IS
    'Money spent, where told, in million VND. / Đã giải ngân (triệu đồng), nếu có số liệu.';
COMMENT ON COLUMN mart.project_status.mean_progress_percent IS 'Mean progress. / Tiến độ trung bình.';
COMMENT ON COLUMN mart.project_status.as_of IS
    'When the latest event of these happened. / Thời điểm của sự kiện mới nhất được tính.';

DELETE FROM mart.project_status;

WITH latest AS (
    SELECT DISTINCT ON (project_code, synthetic) *
    FROM core.project_status_changed
    ORDER BY project_code, synthetic, report_version DESC, occurred_at DESC, kafka_offset DESC
)

INSERT INTO mart.project_status
SELECT
    pillar,
    assigned_by,
    phase,
    synthetic,
    count(*),
    count(*) FILTER (WHERE phase NOT IN ('in_operation', 'cancelled') AND due_on < day),
    coalesce(sum(budget_million_vnd), 0),
    coalesce(sum(spent_million_vnd), 0),
    round(avg(progress_percent), 2),
    max(occurred_at)
FROM latest
INNER JOIN mart.reporting_day USING (synthetic)
GROUP BY 1, 2, 3, 4;
