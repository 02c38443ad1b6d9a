-- from: business_event_held
--
-- Events of the agreement by month of their last day, kind and sector; of each the report with the highest version.

CREATE TABLE IF NOT EXISTS mart.business_event_monthly (
    month date NOT NULL,
    kind text NOT NULL,
    sector text NOT NULL,
    synthetic boolean NOT NULL,
    events integer NOT NULL,
    participants bigint NOT NULL,
    businesses bigint NOT NULL,
    stalls bigint NOT NULL,
    agreements bigint NOT NULL,
    agreed_vnd bigint NOT NULL,
    as_of timestamptz NOT NULL,
    PRIMARY KEY (month, kind, sector, synthetic)
);

COMMENT ON TABLE mart.business_event_monthly IS
    'Events of the cooperation agreement by month, kind and sector. / Sự kiện trong khuôn khổ thỏa thuận hợp tác theo tháng, loại và ngành.';
COMMENT ON COLUMN mart.business_event_monthly.month IS
    'First day of the month, in Vietnam. / Ngày đầu tháng theo giờ Việt Nam.';
COMMENT ON COLUMN mart.business_event_monthly.kind IS
    'digital_transformation, vietnamese_goods_stall, sector_conference or other. / Loại sự kiện.';
COMMENT ON COLUMN mart.business_event_monthly.sector IS 'Sector it addressed. / Ngành, lĩnh vực.';
COMMENT ON COLUMN mart.business_event_monthly.synthetic IS
    'True for demonstration or fitted data. / Đúng nếu là dữ liệu minh họa hoặc được dựng lại.';
COMMENT ON COLUMN mart.business_event_monthly.events IS 'Events held. / Số sự kiện.';
COMMENT ON COLUMN mart.business_event_monthly.participants IS 'People who took part. / Số người tham gia.';
COMMENT ON COLUMN mart.business_event_monthly.businesses IS
    'Firms, cooperatives and households that took part. / Số doanh nghiệp, hợp tác xã, hộ tham gia.';
COMMENT ON COLUMN mart.business_event_monthly.stalls IS 'Stalls shown, where told. / Số gian hàng, nếu có số liệu.';
COMMENT ON COLUMN mart.business_event_monthly.agreements IS
    'Agreements signed, where told. / Số thỏa thuận ký kết, nếu có số liệu.';
COMMENT ON COLUMN mart.business_event_monthly.agreed_vnd IS
    'VND the agreements are worth, where told. / Giá trị thỏa thuận (đồng), nếu có số liệu.';
COMMENT ON COLUMN mart.business_event_monthly.as_of IS
    'When the latest event of these happened. / Thời điểm của sự kiện mới nhất được tính.';

DELETE FROM mart.business_event_monthly;

WITH latest AS (
    SELECT DISTINCT ON (event_code, synthetic) *
    FROM core.business_event_held
    ORDER BY event_code, synthetic, report_version DESC, occurred_at DESC, kafka_offset DESC
)

INSERT INTO mart.business_event_monthly
SELECT
    date_trunc('month', ended_on::timestamp)::date,
    kind,
    sector,
    synthetic,
    count(*),
    sum(participants),
    sum(businesses),
    coalesce(sum(stalls), 0),
    coalesce(sum(agreements), 0),
    coalesce(sum(agreed_vnd), 0),
    max(occurred_at)
FROM latest
GROUP BY 1, 2, 3, 4;
