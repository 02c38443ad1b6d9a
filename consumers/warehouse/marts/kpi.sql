-- after: agency_portal, business_event_monthly, dim_procedure, directive_status, document_exchange_monthly, document_sent_monthly, fpt_cooperation_status, indicator, marketplace_sales_daily, marketplace_sellers, meeting_point, network_coverage, ocop_product, online_class_daily, procedure_online_level, project_status, promotion_campaign, public_service_daily, reporting_day, service_rating_monthly, telehealth_daily, tourism_daily, training_monthly
-- watch: loads, quarantine
--
-- Key figures, each with what it is made of and how far it can be trusted. A ratio without a denominator has no value:
-- that is unknown, not 100 %. Figures of states are those of the reporting day, figures of flows are of all time.
-- The definitions are those of Decision 766/QĐ-TTg and, for the report of 2021-06-23, the least counts that give what it
-- says; only percentages were published.

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
    'numerator / denominator in the unit, or the sum; null when the denominator is 0. Hours have seconds above. / Giá trị; trống nếu mẫu số bằng 0. Với đơn vị giờ, tử số tính bằng giây.';
COMMENT ON COLUMN mart.kpi.unit IS
    'percent, hours, VND, or what is counted. / Đơn vị tính: phần trăm, giờ, đồng, hoặc đối tượng được đếm.';
COMMENT ON COLUMN mart.kpi.as_of IS
    'When the latest event that it includes happened. / Thời điểm của sự kiện mới nhất được tính.';
COMMENT ON COLUMN mart.kpi.completeness IS
    'Share of the source''s records, of all taken from Kafka, that are in core: (loaded + duplicate) / consumed; null before the first. / Tỷ lệ bản ghi của nguồn đã vào kho dữ liệu.';
COMMENT ON COLUMN mart.kpi.open_quarantine IS
    'Records of the source that wait in quarantine. / Số bản ghi của nguồn đang bị cách ly chờ xử lý.';
COMMENT ON COLUMN mart.kpi.synthetic IS
    'True when demonstration or fitted data is part of it. / Đúng nếu có tính dữ liệu minh họa hoặc được dựng lại.';

DELETE FROM mart.kpi;

-- A procedure that several authorities offer counts once, by the highest level (Decision 766/QĐ-TTg).
WITH offered_procedure AS (
    SELECT
        left(procedure_code, 8) AS national_code,
        bool_or(is_online) AS is_online,
        max(as_of) AS as_of,
        bool_or(synthetic) AS synthetic
    FROM mart.dim_procedure
    INNER JOIN mart.reporting_day USING (synthetic)
    WHERE offered AND day >= valid_from AND (valid_to IS NULL OR day <= valid_to)
    GROUP BY 1
),

-- The province's latest period for which both amounts are known.
economy AS (
    SELECT
        max(value) FILTER (WHERE indicator = 'digital_economy_value_added') AS digital,
        max(value) FILTER (WHERE indicator = 'grdp') AS grdp,
        max(as_of) AS as_of,
        bool_or(synthetic) AS synthetic
    FROM mart.indicator
    WHERE
        indicator IN ('digital_economy_value_added', 'grdp')
        AND statement = 'actual'
        AND value_unit = 'million_vnd'
        AND char_length(admin_unit_code) = 2
    GROUP BY admin_unit_code, period_from, period_to, indicator.synthetic
    HAVING count(*) = 2
    ORDER BY period_to DESC, period_from DESC, indicator.synthetic
    LIMIT 1
),

figure (key, name_en, name_vi, event, numerator, denominator, unit, as_of, synthetic) AS (
    SELECT
        'level_four_share', 'Procedures at level 4', 'Tỷ lệ thủ tục cung cấp ở mức độ 4',
        'procedure_published', sum(level_four), sum(procedures), 'percent', max(as_of), bool_or(synthetic)
    FROM mart.procedure_online_level
    UNION ALL
    SELECT
        'procedures_online_share', 'Procedures offered online by someone', 'Tỷ lệ thủ tục cung cấp trực tuyến',
        'procedure_published', count(*) FILTER (WHERE is_online), count(*), 'percent', max(as_of), bool_or(synthetic)
    FROM offered_procedure
    UNION ALL
    SELECT
        'dossiers_on_time', 'Dossiers finished in time', 'Tỷ lệ hồ sơ xử lý xong đúng hạn',
        'dossier_status_changed', sum(on_time), sum(on_time + overdue), 'percent', max(as_of), bool_or(synthetic)
    FROM mart.public_service_daily
    UNION ALL
    SELECT
        'dossiers_online', 'Dossiers received online', 'Tỷ lệ hồ sơ tiếp nhận trực tuyến',
        'dossier_status_changed', sum(received_online), sum(received), 'percent', max(as_of), bool_or(synthetic)
    FROM mart.public_service_daily
    UNION ALL
    SELECT
        'online_dossier_share', 'Dossiers online with electronic result', 'Tỷ lệ hồ sơ trực tuyến có kết quả điện tử',
        'dossier_status_changed', sum(received_online_with_result), sum(received),
        'percent', max(as_of), bool_or(synthetic)
    FROM mart.public_service_daily
    UNION ALL
    SELECT
        'mean_processing_hours', 'Mean time to process a dossier', 'Thời gian giải quyết trung bình một hồ sơ',
        'dossier_status_changed', round(sum(processing_seconds)), sum(timed), 'hours', max(as_of), bool_or(synthetic)
    FROM mart.public_service_daily
    UNION ALL
    SELECT
        'paid_online_share', 'Dossiers with a fee paid online', 'Tỷ lệ hồ sơ có phí thanh toán trực tuyến',
        'dossier_status_changed', sum(paid_online), sum(received_with_fee), 'percent', max(as_of), bool_or(synthetic)
    FROM mart.public_service_daily
    UNION ALL
    SELECT
        'electronic_result_share', 'Dossiers with an electronic result', 'Tỷ lệ hồ sơ có kết quả điện tử',
        'dossier_status_changed', sum(electronic_result), sum(needing_result),
        'percent', max(as_of), bool_or(synthetic)
    FROM mart.public_service_daily
    UNION ALL
    SELECT
        'digitised_share', 'Dossiers digitised', 'Tỷ lệ hồ sơ được số hóa',
        'dossier_status_changed', sum(digitised), sum(finished), 'percent', max(as_of), bool_or(synthetic)
    FROM mart.public_service_daily
    UNION ALL
    SELECT
        'satisfaction_share', 'Dossiers rated satisfied or better', 'Tỷ lệ hồ sơ được đánh giá hài lòng',
        'service_rated', sum(very_satisfied + satisfied), sum(ratings), 'percent', max(as_of), bool_or(synthetic)
    FROM mart.service_rating_monthly
    UNION ALL
    SELECT
        'feedback_satisfied_share', 'Feedback answered well and in time',
        'Tỷ lệ phản ánh được trả lời đúng hạn, hài lòng',
        'service_rated', sum(feedback_answered_well), sum(feedback), 'percent', max(as_of), bool_or(synthetic)
    FROM mart.service_rating_monthly
    UNION ALL
    SELECT
        'portal_share', 'Obliged agencies with a portal', 'Tỷ lệ cơ quan có cổng, trang thông tin điện tử',
        'portal_checked', count(*) FILTER (WHERE has_portal), count(*), 'percent', max(as_of), bool_or(synthetic)
    FROM mart.agency_portal WHERE obliged
    UNION ALL
    SELECT
        'e_document_share', 'Documents exchanged electronically', 'Tỷ lệ văn bản trao đổi điện tử',
        'document_sent', sum(exchanged_electronically), sum(may_be_electronic),
        'percent', max(as_of), bool_or(synthetic)
    FROM mart.document_sent_monthly
    UNION ALL
    SELECT
        'signed_document_share', 'Electronic documents signed digitally', 'Tỷ lệ văn bản điện tử được ký số',
        'document_sent', sum(signed), sum(electronic), 'percent', max(as_of), bool_or(synthetic)
    FROM mart.document_sent_monthly
    UNION ALL
    SELECT
        'document_acceptance_hours', 'Mean time to accept a document', 'Thời gian tiếp nhận trung bình một văn bản',
        'document_status_changed', round(sum(acceptance_seconds)), sum(accepted),
        'hours', max(as_of), bool_or(synthetic)
    FROM mart.document_exchange_monthly
    UNION ALL
    SELECT
        'meeting_point_share', 'Committees with an online-meeting point', 'Tỷ lệ Ủy ban có điểm cầu họp trực tuyến',
        'meeting_point_checked', count(*) FILTER (WHERE has_point), count(*),
        'percent', max(as_of), bool_or(synthetic)
    FROM mart.meeting_point
    UNION ALL
    SELECT
        'directives_done_share', 'Directives done', 'Tỷ lệ nhiệm vụ chỉ đạo đã hoàn thành',
        'directive_issued', sum(done), sum(directives), 'percent', max(as_of), bool_or(synthetic)
    FROM mart.directive_status
    UNION ALL
    SELECT
        'fibre_share', 'Communes with fibre to the centre', 'Tỷ lệ xã có cáp quang đến trung tâm',
        'network_coverage_reported', count(*) FILTER (WHERE fibre_to_centre), count(*),
        'percent', max(as_of), bool_or(synthetic)
    FROM mart.network_coverage
    UNION ALL
    SELECT
        'broadband_share', 'Communes with broadband everywhere', 'Tỷ lệ xã có băng rộng trên toàn địa bàn',
        'network_coverage_reported', count(*) FILTER (WHERE broadband_whole_area), count(*),
        'percent', max(as_of), bool_or(synthetic)
    FROM mart.network_coverage
    UNION ALL
    SELECT
        'centre_broadband_share', 'Commune centres with broadband',
        'Tỷ lệ trung tâm xã, khu dân cư tập trung có băng rộng',
        'network_coverage_reported', count(*) FILTER (WHERE broadband_centre), count(*),
        'percent', max(as_of), bool_or(synthetic)
    FROM mart.network_coverage
    UNION ALL
    SELECT
        'mobile_population_share', 'People with a mobile signal', 'Tỷ lệ dân số được phủ sóng di động',
        'network_coverage_reported', sum(covered_population), sum(population),
        'percent', max(as_of), bool_or(synthetic)
    FROM mart.network_coverage
    UNION ALL
    SELECT
        'telehealth_consultations', 'Remote health consultations, at least',
        'Số lượt tư vấn, khám bệnh từ xa (ít nhất)',
        'health_consultation_summarised', sum(consultations), NULL, 'consultations', max(as_of), bool_or(synthetic)
    FROM mart.telehealth_daily
    UNION ALL
    SELECT
        'online_lesson_share', 'Lessons given online', 'Tỷ lệ tiết dạy trực tuyến',
        'online_class_summarised', sum(online_lessons), sum(lessons), 'percent', max(as_of), bool_or(synthetic)
    FROM mart.online_class_daily
    UNION ALL
    SELECT
        'digital_economy_share', 'Digital economy in GRDP', 'Tỷ trọng kinh tế số trong GRDP',
        'indicator_reported', max(digital), max(grdp), 'percent', max(as_of), bool_or(synthetic)
    FROM economy
    UNION ALL
    SELECT
        'ocop_products', 'OCOP products of 3 stars or more', 'Số sản phẩm OCOP từ 3 sao trở lên',
        'ocop_product_rated', count(*), NULL, 'products', max(as_of), bool_or(synthetic)
    FROM mart.ocop_product
    UNION ALL
    SELECT
        'ocop_listed_share', 'OCOP products listed on marketplaces', 'Tỷ lệ sản phẩm OCOP được đăng bán trên sàn',
        'product_listed', count(*) FILTER (WHERE listings > 0), count(*), 'percent', max(as_of), bool_or(synthetic)
    FROM mart.ocop_product
    UNION ALL
    SELECT
        'sellers', 'Sellers on marketplaces', 'Số người bán trên sàn thương mại điện tử',
        'seller_onboarded', sum(sellers), NULL, 'sellers', max(as_of), bool_or(synthetic)
    FROM mart.marketplace_sellers
    UNION ALL
    SELECT
        'orders_delivered', 'Orders delivered', 'Tỷ lệ đơn hàng giao thành công',
        'order_status_changed', sum(delivered_orders), sum(orders), 'percent', max(as_of), bool_or(synthetic)
    FROM mart.marketplace_sales_daily
    UNION ALL
    SELECT
        'marketplace_revenue', 'Revenue on marketplaces', 'Doanh thu trên sàn thương mại điện tử',
        'order_status_changed', sum(revenue_vnd), NULL, 'VND', max(as_of), bool_or(synthetic)
    FROM mart.marketplace_sales_daily
    UNION ALL
    SELECT
        'tourism_visits', 'Visits of tourists', 'Số lượt khách du lịch',
        'tourism_visit_reported', sum(visits), NULL, 'visits', max(as_of), bool_or(synthetic)
    FROM mart.tourism_daily
    UNION ALL
    SELECT
        'promotion_reach', 'Accounts reached by campaigns', 'Số tài khoản tiếp cận của các chiến dịch quảng bá',
        'promotion_campaign_reported', sum(reach), NULL, 'accounts', max(as_of), bool_or(synthetic)
    FROM mart.promotion_campaign
    UNION ALL
    SELECT
        'people_trained', 'People trained', 'Số lượt người được đào tạo',
        'training_session_held', sum(attended), NULL, 'people', max(as_of), bool_or(synthetic)
    FROM mart.training_monthly
    UNION ALL
    SELECT
        'training_pass_share', 'Trained people who passed the test', 'Tỷ lệ học viên đạt kiểm tra cuối khóa',
        'training_session_held', sum(passed), sum(examined), 'percent', max(as_of), bool_or(synthetic)
    FROM mart.training_monthly
    UNION ALL
    SELECT
        'events_held', 'Events of the agreement held', 'Số sự kiện đã tổ chức',
        'business_event_held', sum(events), NULL, 'events', max(as_of), bool_or(synthetic)
    FROM mart.business_event_monthly
    UNION ALL
    SELECT
        'projects_in_operation_share', 'Projects in operation', 'Tỷ lệ dự án đã vận hành',
        'project_status_changed', sum(projects) FILTER (WHERE phase = 'in_operation'), sum(projects),
        'percent', max(as_of), bool_or(synthetic)
    FROM mart.project_status WHERE phase <> 'cancelled'
    UNION ALL
    SELECT
        'cooperation_tasks_done', 'Tasks of the cooperation agreement done', 'Tỷ lệ nhiệm vụ hợp tác đã hoàn thành',
        'cooperation_task_updated', sum(done), sum(tasks), 'percent', max(as_of), bool_or(synthetic)
    FROM mart.fpt_cooperation_status
),

taken AS (
    SELECT event, (sum(loaded) + sum(duplicate)) / nullif(sum(consumed), 0) AS completeness
    FROM (
        SELECT split_part(topic, '.', 2) AS event, loaded, duplicate, consumed FROM ledger.batch
        UNION ALL
        -- Rows that were in quarantine at first: the range that brought them has consumed them already.
        SELECT event, loaded, duplicate, 0 FROM ledger.load WHERE kind = 'replay' AND state = 'published'
    ) AS outcome
    GROUP BY event
),

waiting AS (
    SELECT event, count(*) AS open FROM quarantine.event WHERE status = 'open' GROUP BY 1
),

-- Nothing to count is 0; of a ratio the denominator is 0 too.
counted AS (
    SELECT
        key,
        name_en,
        name_vi,
        event,
        coalesce(numerator, 0) AS numerator,
        CASE WHEN unit IN ('percent', 'hours') THEN coalesce(denominator, 0) END AS denominator,
        CASE unit WHEN 'percent' THEN 100 WHEN 'hours' THEN 1 / 3600.0 ELSE 1 END AS factor,
        unit,
        as_of,
        coalesce(synthetic, FALSE) AS synthetic
    FROM figure
)

INSERT INTO mart.kpi
SELECT
    key,
    name_en,
    name_vi,
    numerator,
    denominator,
    CASE WHEN denominator IS NULL THEN numerator ELSE round(factor * numerator / nullif(denominator, 0), 2) END,
    unit,
    as_of,
    completeness,
    coalesce(open, 0),
    synthetic
FROM counted
LEFT JOIN taken USING (event)
LEFT JOIN waiting USING (event);
