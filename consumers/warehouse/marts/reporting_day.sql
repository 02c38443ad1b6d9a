-- from: agency_registered, business_event_held, cooperation_task_updated, directive_issued, document_sent, document_status_changed, dossier_status_changed, health_consultation_summarised, indicator_reported, meeting_point_checked, network_coverage_reported, ocop_product_rated, online_class_summarised, order_status_changed, portal_checked, procedure_published, product_listed, project_status_changed, promotion_campaign_reported, seller_onboarded, service_rated, tourism_visit_reported, training_session_held
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

WITH latest AS (
    SELECT synthetic, max(occurred_at) AS at FROM core.agency_registered GROUP BY 1
    UNION ALL
    SELECT synthetic, max(occurred_at) AS at FROM core.business_event_held GROUP BY 1
    UNION ALL
    SELECT synthetic, max(occurred_at) AS at FROM core.cooperation_task_updated GROUP BY 1
    UNION ALL
    SELECT synthetic, max(occurred_at) AS at FROM core.directive_issued GROUP BY 1
    UNION ALL
    SELECT synthetic, max(occurred_at) AS at FROM core.document_sent GROUP BY 1
    UNION ALL
    SELECT synthetic, max(occurred_at) AS at FROM core.document_status_changed GROUP BY 1
    UNION ALL
    SELECT synthetic, max(occurred_at) AS at FROM core.dossier_status_changed GROUP BY 1
    UNION ALL
    SELECT synthetic, max(occurred_at) AS at FROM core.health_consultation_summarised GROUP BY 1
    UNION ALL
    SELECT synthetic, max(occurred_at) AS at FROM core.indicator_reported GROUP BY 1
    UNION ALL
    SELECT synthetic, max(occurred_at) AS at FROM core.meeting_point_checked GROUP BY 1
    UNION ALL
    SELECT synthetic, max(occurred_at) AS at FROM core.network_coverage_reported GROUP BY 1
    UNION ALL
    SELECT synthetic, max(occurred_at) AS at FROM core.ocop_product_rated GROUP BY 1
    UNION ALL
    SELECT synthetic, max(occurred_at) AS at FROM core.online_class_summarised GROUP BY 1
    UNION ALL
    SELECT synthetic, max(occurred_at) AS at FROM core.order_status_changed GROUP BY 1
    UNION ALL
    SELECT synthetic, max(occurred_at) AS at FROM core.portal_checked GROUP BY 1
    UNION ALL
    SELECT synthetic, max(occurred_at) AS at FROM core.procedure_published GROUP BY 1
    UNION ALL
    SELECT synthetic, max(occurred_at) AS at FROM core.product_listed GROUP BY 1
    UNION ALL
    SELECT synthetic, max(occurred_at) AS at FROM core.project_status_changed GROUP BY 1
    UNION ALL
    SELECT synthetic, max(occurred_at) AS at FROM core.promotion_campaign_reported GROUP BY 1
    UNION ALL
    SELECT synthetic, max(occurred_at) AS at FROM core.seller_onboarded GROUP BY 1
    UNION ALL
    SELECT synthetic, max(occurred_at) AS at FROM core.service_rated GROUP BY 1
    UNION ALL
    SELECT synthetic, max(occurred_at) AS at FROM core.tourism_visit_reported GROUP BY 1
    UNION ALL
    SELECT synthetic, max(occurred_at) AS at FROM core.training_session_held GROUP BY 1
)

INSERT INTO mart.reporting_day
SELECT synthetic, (least(max(at), current_setting('hagiang.now')::timestamptz) AT TIME ZONE 'Asia/Ho_Chi_Minh')::date
FROM latest
GROUP BY 1;
