-- from: cooperation_task_updated
-- after: reporting_day
--
-- The six items of the cooperation agreement of 2021-06-23 and how far their tasks are. Of each task the report with the
-- highest version counts. An item without tasks is there too.

CREATE TABLE IF NOT EXISTS mart.fpt_cooperation_status (
    item integer NOT NULL,
    synthetic boolean NOT NULL,
    name_en text NOT NULL,
    name_vi text NOT NULL,
    tasks integer NOT NULL,
    done integer NOT NULL,
    cancelled integer NOT NULL,
    overdue integer NOT NULL,
    mean_progress_percent numeric(5, 2),
    as_of timestamptz,
    PRIMARY KEY (item, synthetic)
);

COMMENT ON TABLE mart.fpt_cooperation_status IS
    'Progress of the six items of the cooperation agreement with FPT. / Tiến độ sáu nội dung của thỏa thuận hợp tác với FPT.';
COMMENT ON COLUMN mart.fpt_cooperation_status.item IS 'Item of the agreement, 1 to 6. / Nội dung của thỏa thuận, 1 đến 6.';
COMMENT ON COLUMN mart.fpt_cooperation_status.synthetic IS
    'True for demonstration or fitted data. / Đúng nếu là dữ liệu minh họa hoặc được dựng lại.';
COMMENT ON COLUMN mart.fpt_cooperation_status.name_en IS 'What the item is, in English. / Tên nội dung bằng tiếng Anh.';
COMMENT ON COLUMN mart.fpt_cooperation_status.name_vi IS 'What the item is, in Vietnamese. / Tên nội dung bằng tiếng Việt.';
COMMENT ON COLUMN mart.fpt_cooperation_status.tasks IS 'Tasks, without cancelled ones. / Số nhiệm vụ, trừ nhiệm vụ đã hủy.';
COMMENT ON COLUMN mart.fpt_cooperation_status.done IS 'Tasks that are done. / Số nhiệm vụ hoàn thành.';
COMMENT ON COLUMN mart.fpt_cooperation_status.cancelled IS 'Cancelled tasks. / Số nhiệm vụ đã hủy.';
COMMENT ON COLUMN mart.fpt_cooperation_status.overdue IS
    'Tasks not done though due before the reporting day. / Chưa hoàn thành và đã quá hạn tại ngày chốt số liệu.';
COMMENT ON COLUMN mart.fpt_cooperation_status.mean_progress_percent IS
    'Mean progress of the tasks; null when there is none. / Tiến độ trung bình; trống nếu chưa có nhiệm vụ.';
COMMENT ON COLUMN mart.fpt_cooperation_status.as_of IS
    'When the latest report was made; null when there is none. / Thời điểm báo cáo mới nhất; trống nếu chưa có.';

DELETE FROM mart.fpt_cooperation_status;

WITH agreed (item, name_en, name_vi) AS (
    VALUES
    (1, 'Draft resolution on digital transformation', 'Góp ý dự thảo nghị quyết về chuyển đổi số'),
    (2, 'Action programme and plan', 'Chương trình hành động và kế hoạch'),
    (3, 'Study of solutions', 'Nghiên cứu giải pháp'),
    (4, 'OCOP products and online sales', 'Sản phẩm OCOP và bán hàng trực tuyến'),
    (5, 'Events', 'Tổ chức sự kiện'),
    (6, 'List and roll-out of projects', 'Danh mục và triển khai dự án')
),

task AS (
    SELECT DISTINCT ON (task_code) *
    FROM core.cooperation_task_updated
    ORDER BY task_code, report_version DESC, occurred_at DESC, kafka_offset DESC
),

-- Real tasks and made ones are never summed up; with no task at all an item counts as real.
kind AS (
    SELECT item, coalesce(synthetic, FALSE) AS synthetic FROM agreed LEFT JOIN task USING (item) GROUP BY 1, 2
)

INSERT INTO mart.fpt_cooperation_status
SELECT
    item,
    kind.synthetic,
    name_en,
    name_vi,
    count(*) FILTER (WHERE task.status <> 'cancelled'),
    count(*) FILTER (WHERE task.status = 'done'),
    count(*) FILTER (WHERE task.status = 'cancelled'),
    count(*) FILTER (
        WHERE task.status NOT IN ('done', 'cancelled')
        AND task.due_on < reporting_day.day
    ),
    round(avg(task.progress_percent) FILTER (WHERE task.status <> 'cancelled'), 2),
    max(task.occurred_at)
FROM agreed
INNER JOIN kind USING (item)
LEFT JOIN task USING (item, synthetic)
LEFT JOIN mart.reporting_day USING (synthetic)
GROUP BY item, kind.synthetic, name_en, name_vi;
