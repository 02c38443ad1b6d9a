-- from: order_status_changed
--
-- Orders of the province's sellers, one row each, from all of their steps; what can change is taken from the latest step.

CREATE TABLE IF NOT EXISTS mart.marketplace_order (
    platform text NOT NULL,
    shop_id text NOT NULL,
    order_id text NOT NULL,
    synthetic boolean NOT NULL,
    commune_code text NOT NULL,
    status text NOT NULL,
    came_back boolean NOT NULL,
    total_vnd bigint NOT NULL,
    placed_at timestamptz NOT NULL,
    delivered_at timestamptz,
    placed_on date NOT NULL,
    delivered_on date,
    as_of timestamptz NOT NULL,
    PRIMARY KEY (order_id, shop_id, platform)
);
CREATE INDEX IF NOT EXISTS marketplace_order_placed_on_idx ON mart.marketplace_order (placed_on);
CREATE INDEX IF NOT EXISTS marketplace_order_delivered_on_idx ON mart.marketplace_order (delivered_on);

COMMENT ON TABLE mart.marketplace_order IS
    'Orders on marketplaces, one row each. / Đơn hàng trên sàn thương mại điện tử, mỗi đơn một dòng.';
COMMENT ON COLUMN mart.marketplace_order.platform IS 'Marketplace. / Sàn thương mại điện tử.';
COMMENT ON COLUMN mart.marketplace_order.shop_id IS 'Shop on the marketplace. / Gian hàng trên sàn.';
COMMENT ON COLUMN mart.marketplace_order.order_id IS 'Number of the order in the shop. / Mã đơn hàng của gian hàng.';
COMMENT ON COLUMN mart.marketplace_order.synthetic IS
    'True for demonstration or fitted data. / Đúng nếu là dữ liệu minh họa hoặc được dựng lại.';
COMMENT ON COLUMN mart.marketplace_order.commune_code IS
    'Commune of the seller, as it was then, see core.dim_admin_unit. / Xã của người bán.';
COMMENT ON COLUMN mart.marketplace_order.status IS 'Its latest state. / Trạng thái mới nhất.';
COMMENT ON COLUMN mart.marketplace_order.came_back IS
    'Whether it was returned, cancelled or failed. / Bị trả lại, hủy hoặc giao không thành công.';
COMMENT ON COLUMN mart.marketplace_order.total_vnd IS
    'VND paid by the buyer, shipping included. / Số tiền người mua trả (đồng), gồm phí vận chuyển.';
COMMENT ON COLUMN mart.marketplace_order.placed_at IS
    'When it was first heard of. / Thời điểm ghi nhận lần đầu.';
COMMENT ON COLUMN mart.marketplace_order.delivered_at IS
    'When it first reached delivered or completed; null while it has not. / Thời điểm giao thành công lần đầu; trống nếu chưa giao.';
COMMENT ON COLUMN mart.marketplace_order.placed_on IS 'Day of placed_at in Vietnam. / Ngày ghi nhận theo giờ Việt Nam.';
COMMENT ON COLUMN mart.marketplace_order.delivered_on IS
    'Day of delivered_at in Vietnam. / Ngày giao thành công theo giờ Việt Nam.';
COMMENT ON COLUMN mart.marketplace_order.as_of IS 'When its latest step happened. / Thời điểm của bước mới nhất.';

-- changed: order_id, shop_id, platform
-- The time of their steps, known and new, says where in core all of their steps lie.
CREATE TEMPORARY TABLE changed ON COMMIT DROP AS
SELECT
    step.order_id,
    step.shop_id,
    step.platform,
    least(min(step.occurred_at), min(known.placed_at)) AS first_at,
    greatest(max(step.occurred_at), max(known.as_of)) AS last_at
FROM core.order_status_changed AS step
LEFT JOIN mart.marketplace_order AS known
    ON step.order_id = known.order_id AND step.shop_id = known.shop_id AND step.platform = known.platform
WHERE step.load_id = ANY(current_setting('hagiang.new_loads')::bigint [])
GROUP BY step.order_id, step.shop_id, step.platform;

-- days:
SELECT unnest(ARRAY[placed_on, delivered_on])
FROM mart.marketplace_order
WHERE (order_id, shop_id, platform) IN (SELECT order_id, shop_id, platform FROM changed);

-- fill:
WITH step AS (
    SELECT
        platform,
        shop_id,
        order_id,
        seller_commune_code,
        status,
        total_vnd,
        occurred_at,
        synthetic,
        lead(occurred_at) OVER (PARTITION BY platform, shop_id, order_id ORDER BY occurred_at, kafka_offset) AS next_at
    FROM core.order_status_changed
    WHERE (order_id, shop_id, platform) IN (SELECT order_id, shop_id, platform FROM changed) -- changed only
        AND occurred_at >= (SELECT min(first_at) FROM changed) -- changed only
        AND occurred_at <= (SELECT max(last_at) FROM changed) -- changed only
),

bought AS (
    SELECT
        platform,
        shop_id,
        order_id,
        bool_or(synthetic) AS synthetic,
        max(seller_commune_code) FILTER (WHERE next_at IS NULL) AS commune_code,
        max(status) FILTER (WHERE next_at IS NULL) AS status,
        max(total_vnd) FILTER (WHERE next_at IS NULL) AS total_vnd,
        min(occurred_at) AS placed_at,
        min(occurred_at) FILTER (WHERE status IN ('delivered', 'completed')) AS delivered_at,
        max(occurred_at) AS as_of
    FROM step
    GROUP BY platform, shop_id, order_id
)

INSERT INTO mart.marketplace_order
SELECT
    platform,
    shop_id,
    order_id,
    synthetic,
    commune_code,
    status,
    status IN ('returned', 'cancelled', 'failed'),
    total_vnd,
    placed_at,
    delivered_at,
    (placed_at AT TIME ZONE 'Asia/Ho_Chi_Minh')::date,
    (delivered_at AT TIME ZONE 'Asia/Ho_Chi_Minh')::date,
    as_of
FROM bought;
