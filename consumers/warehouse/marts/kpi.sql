-- after: public_service_daily, marketplace_sales_daily, fpt_cooperation_status
--
-- Key figures, each with what it is made of and how far it can be trusted. A ratio without a denominator has no value:
-- that is unknown, not 100 %.

CREATE TABLE IF NOT EXISTS mart.kpi (
    key text PRIMARY KEY,
    name_en text NOT NULL,
    name_vi text NOT NULL,
    numerator numeric NOT NULL,
    denominator numeric,
    value numeric,
    unit text NOT NULL,
    as_of timestamptz,
    completeness numeric(7, 6),
    open_quarantine bigint NOT NULL,
    synthetic boolean NOT NULL
);

COMMENT ON TABLE mart.kpi IS
    'Key figures of the province, one row each. / Các chỉ số chính của tỉnh, mỗi chỉ số một dòng.';
COMMENT ON COLUMN mart.kpi.key IS 'Stable name of the figure. / Mã chỉ số.';
COMMENT ON COLUMN mart.kpi.name_en IS 'What it is, in English. / Tên chỉ số bằng tiếng Anh.';
COMMENT ON COLUMN mart.kpi.name_vi IS 'What it is, in Vietnamese. / Tên chỉ số bằng tiếng Việt.';
COMMENT ON COLUMN mart.kpi.numerator IS 'What is counted or summed up. / Tử số, hoặc tổng số.';
COMMENT ON COLUMN mart.kpi.denominator IS
    'Out of how many; null for a sum, which is no ratio. / Mẫu số; trống nếu chỉ số là tổng số.';
COMMENT ON COLUMN mart.kpi.value IS
    'numerator / denominator in the unit, or the sum; null when the denominator is 0. / Giá trị; trống nếu mẫu số bằng 0.';
COMMENT ON COLUMN mart.kpi.unit IS 'percent or VND. / Đơn vị tính: phần trăm hoặc đồng.';
COMMENT ON COLUMN mart.kpi.as_of IS
    'When the latest event that it includes happened. / Thời điểm của sự kiện mới nhất được tính.';
COMMENT ON COLUMN mart.kpi.completeness IS
    'Share of the source''s records, of all taken from Kafka, that are in core: (loaded + duplicate) / consumed; null before the first. / Tỷ lệ bản ghi của nguồn đã vào kho dữ liệu.';
COMMENT ON COLUMN mart.kpi.open_quarantine IS
    'Records of the source that wait in quarantine. / Số bản ghi của nguồn đang bị cách ly chờ xử lý.';
COMMENT ON COLUMN mart.kpi.synthetic IS
    'True when demonstration or fitted data is part of it. / Đúng nếu có tính dữ liệu minh họa hoặc được dựng lại.';

DELETE FROM mart.kpi;

WITH dossiers AS (
    SELECT
        coalesce(sum(on_time), 0) AS on_time,
        coalesce(sum(on_time + overdue), 0) AS finished,
        coalesce(sum(received_online), 0) AS online,
        coalesce(sum(received), 0) AS received,
        max(as_of) AS as_of,
        coalesce(bool_or(synthetic), FALSE) AS synthetic
    FROM mart.public_service_daily
),

sales AS (
    SELECT
        coalesce(sum(delivered_orders), 0) AS delivered,
        coalesce(sum(orders), 0) AS orders,
        coalesce(sum(revenue_vnd), 0) AS revenue_vnd,
        max(as_of) AS as_of,
        coalesce(bool_or(synthetic), FALSE) AS synthetic
    FROM mart.marketplace_sales_daily
),

cooperation AS (
    SELECT
        coalesce(sum(done), 0) AS done,
        coalesce(sum(tasks), 0) AS tasks,
        max(as_of) AS as_of,
        coalesce(bool_or(synthetic), FALSE) AS synthetic
    FROM mart.fpt_cooperation_status
),

figure (key, name_en, name_vi, event, numerator, denominator, unit, as_of, synthetic) AS (
    SELECT
        'dossiers_on_time', 'Dossiers finished in time', 'Tỷ lệ hồ sơ xử lý xong đúng hạn',
        'dossier_status_changed', on_time, finished, 'percent', as_of, synthetic
    FROM dossiers
    UNION ALL
    SELECT
        'dossiers_online', 'Dossiers received online', 'Tỷ lệ hồ sơ tiếp nhận trực tuyến',
        'dossier_status_changed', online, received, 'percent', as_of, synthetic
    FROM dossiers
    UNION ALL
    SELECT
        'orders_delivered', 'Orders delivered', 'Tỷ lệ đơn hàng giao thành công',
        'order_status_changed', delivered, orders, 'percent', as_of, synthetic
    FROM sales
    UNION ALL
    SELECT
        'marketplace_revenue', 'Revenue on marketplaces', 'Doanh thu trên sàn thương mại điện tử',
        'order_status_changed', revenue_vnd, NULL, 'VND', as_of, synthetic
    FROM sales
    UNION ALL
    SELECT
        'cooperation_tasks_done', 'Tasks of the cooperation agreement done', 'Tỷ lệ nhiệm vụ hợp tác đã hoàn thành',
        'cooperation_task_updated', done, tasks, 'percent', as_of, synthetic
    FROM cooperation
),

taken AS (
    SELECT
        split_part(topic, '.', 2) AS event,
        (sum(loaded) + sum(duplicate)) / nullif(sum(consumed), 0) AS completeness
    FROM ledger.batch
    GROUP BY 1
),

waiting AS (
    SELECT event, count(*) AS open FROM quarantine.event WHERE status = 'open' GROUP BY 1
)

INSERT INTO mart.kpi
SELECT
    key,
    name_en,
    name_vi,
    numerator,
    denominator,
    CASE WHEN denominator IS NULL THEN numerator ELSE round(100 * numerator / nullif(denominator, 0), 2) END,
    unit,
    as_of,
    completeness,
    coalesce(open, 0),
    synthetic
FROM figure
LEFT JOIN taken USING (event)
LEFT JOIN waiting USING (event);
