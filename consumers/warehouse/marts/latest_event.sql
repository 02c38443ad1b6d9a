-- from: agency_registered, business_event_held, cooperation_task_updated, directive_issued, document_sent, document_status_changed, dossier_status_changed, health_consultation_summarised, indicator_reported, meeting_point_checked, network_coverage_reported, ocop_product_rated, online_class_summarised, order_status_changed, portal_checked, procedure_published, product_listed, project_status_changed, promotion_campaign_reported, seller_onboarded, service_rated, tourism_visit_reported, training_session_held
--
-- When the latest event of each kind happened: how far its figures reach.

CREATE TABLE IF NOT EXISTS mart.latest_event (
    event text NOT NULL,
    synthetic boolean NOT NULL,
    latest_at timestamptz NOT NULL,
    PRIMARY KEY (event, synthetic)
);

COMMENT ON TABLE mart.latest_event IS
    'When the latest event of each kind happened. / Thời điểm của sự kiện mới nhất của từng loại.';
COMMENT ON COLUMN mart.latest_event.event IS 'Kind of event, a table of core. / Loại sự kiện (bảng của core).';
COMMENT ON COLUMN mart.latest_event.synthetic IS
    'True for demonstration or fitted data. / Đúng nếu là dữ liệu minh họa hoặc được dựng lại.';
COMMENT ON COLUMN mart.latest_event.latest_at IS 'When it happened. / Thời điểm xảy ra.';

-- changed: event, synthetic
CREATE TEMPORARY TABLE changed ON COMMIT DROP AS
SELECT event, synthetic, latest_at FROM mart.latest_event;

-- fill:
WITH latest AS (
    SELECT event, synthetic, latest_at FROM changed UNION ALL -- changed only
    SELECT 'agency_registered' AS event, synthetic, max(occurred_at) AS latest_at FROM core.agency_registered
    WHERE load_id = ANY(current_setting('hagiang.new_loads')::bigint []) -- changed only
    GROUP BY synthetic
    UNION ALL
    SELECT 'business_event_held' AS event, synthetic, max(occurred_at) AS latest_at FROM core.business_event_held
    WHERE load_id = ANY(current_setting('hagiang.new_loads')::bigint []) -- changed only
    GROUP BY synthetic
    UNION ALL
    SELECT 'cooperation_task_updated' AS event, synthetic, max(occurred_at) AS latest_at FROM core.cooperation_task_updated
    WHERE load_id = ANY(current_setting('hagiang.new_loads')::bigint []) -- changed only
    GROUP BY synthetic
    UNION ALL
    SELECT 'directive_issued' AS event, synthetic, max(occurred_at) AS latest_at FROM core.directive_issued
    WHERE load_id = ANY(current_setting('hagiang.new_loads')::bigint []) -- changed only
    GROUP BY synthetic
    UNION ALL
    SELECT 'document_sent' AS event, synthetic, max(occurred_at) AS latest_at FROM core.document_sent
    WHERE load_id = ANY(current_setting('hagiang.new_loads')::bigint []) -- changed only
    GROUP BY synthetic
    UNION ALL
    SELECT 'document_status_changed' AS event, synthetic, max(occurred_at) AS latest_at FROM core.document_status_changed
    WHERE load_id = ANY(current_setting('hagiang.new_loads')::bigint []) -- changed only
    GROUP BY synthetic
    UNION ALL
    SELECT 'dossier_status_changed' AS event, synthetic, max(occurred_at) AS latest_at FROM core.dossier_status_changed
    WHERE load_id = ANY(current_setting('hagiang.new_loads')::bigint []) -- changed only
    GROUP BY synthetic
    UNION ALL
    SELECT 'health_consultation_summarised' AS event, synthetic, max(occurred_at) AS latest_at FROM core.health_consultation_summarised
    WHERE load_id = ANY(current_setting('hagiang.new_loads')::bigint []) -- changed only
    GROUP BY synthetic
    UNION ALL
    SELECT 'indicator_reported' AS event, synthetic, max(occurred_at) AS latest_at FROM core.indicator_reported
    WHERE load_id = ANY(current_setting('hagiang.new_loads')::bigint []) -- changed only
    GROUP BY synthetic
    UNION ALL
    SELECT 'meeting_point_checked' AS event, synthetic, max(occurred_at) AS latest_at FROM core.meeting_point_checked
    WHERE load_id = ANY(current_setting('hagiang.new_loads')::bigint []) -- changed only
    GROUP BY synthetic
    UNION ALL
    SELECT 'network_coverage_reported' AS event, synthetic, max(occurred_at) AS latest_at FROM core.network_coverage_reported
    WHERE load_id = ANY(current_setting('hagiang.new_loads')::bigint []) -- changed only
    GROUP BY synthetic
    UNION ALL
    SELECT 'ocop_product_rated' AS event, synthetic, max(occurred_at) AS latest_at FROM core.ocop_product_rated
    WHERE load_id = ANY(current_setting('hagiang.new_loads')::bigint []) -- changed only
    GROUP BY synthetic
    UNION ALL
    SELECT 'online_class_summarised' AS event, synthetic, max(occurred_at) AS latest_at FROM core.online_class_summarised
    WHERE load_id = ANY(current_setting('hagiang.new_loads')::bigint []) -- changed only
    GROUP BY synthetic
    UNION ALL
    SELECT 'order_status_changed' AS event, synthetic, max(occurred_at) AS latest_at FROM core.order_status_changed
    WHERE load_id = ANY(current_setting('hagiang.new_loads')::bigint []) -- changed only
    GROUP BY synthetic
    UNION ALL
    SELECT 'portal_checked' AS event, synthetic, max(occurred_at) AS latest_at FROM core.portal_checked
    WHERE load_id = ANY(current_setting('hagiang.new_loads')::bigint []) -- changed only
    GROUP BY synthetic
    UNION ALL
    SELECT 'procedure_published' AS event, synthetic, max(occurred_at) AS latest_at FROM core.procedure_published
    WHERE load_id = ANY(current_setting('hagiang.new_loads')::bigint []) -- changed only
    GROUP BY synthetic
    UNION ALL
    SELECT 'product_listed' AS event, synthetic, max(occurred_at) AS latest_at FROM core.product_listed
    WHERE load_id = ANY(current_setting('hagiang.new_loads')::bigint []) -- changed only
    GROUP BY synthetic
    UNION ALL
    SELECT 'project_status_changed' AS event, synthetic, max(occurred_at) AS latest_at FROM core.project_status_changed
    WHERE load_id = ANY(current_setting('hagiang.new_loads')::bigint []) -- changed only
    GROUP BY synthetic
    UNION ALL
    SELECT 'promotion_campaign_reported' AS event, synthetic, max(occurred_at) AS latest_at FROM core.promotion_campaign_reported
    WHERE load_id = ANY(current_setting('hagiang.new_loads')::bigint []) -- changed only
    GROUP BY synthetic
    UNION ALL
    SELECT 'seller_onboarded' AS event, synthetic, max(occurred_at) AS latest_at FROM core.seller_onboarded
    WHERE load_id = ANY(current_setting('hagiang.new_loads')::bigint []) -- changed only
    GROUP BY synthetic
    UNION ALL
    SELECT 'service_rated' AS event, synthetic, max(occurred_at) AS latest_at FROM core.service_rated
    WHERE load_id = ANY(current_setting('hagiang.new_loads')::bigint []) -- changed only
    GROUP BY synthetic
    UNION ALL
    SELECT 'tourism_visit_reported' AS event, synthetic, max(occurred_at) AS latest_at FROM core.tourism_visit_reported
    WHERE load_id = ANY(current_setting('hagiang.new_loads')::bigint []) -- changed only
    GROUP BY synthetic
    UNION ALL
    SELECT 'training_session_held' AS event, synthetic, max(occurred_at) AS latest_at FROM core.training_session_held
    WHERE load_id = ANY(current_setting('hagiang.new_loads')::bigint []) -- changed only
    GROUP BY synthetic
)

INSERT INTO mart.latest_event
SELECT event, synthetic, max(latest_at)
FROM latest
GROUP BY event, synthetic;
