-- after: marketplace_order
--
-- Orders of the province's sellers by local day, platform and commune. An order counts once as placed, on the day it was
-- first heard of, and once as delivered, on the day it first reached `delivered` or `completed`. Its revenue stands on
-- that day, unless its latest state says that it came back.

CREATE TABLE IF NOT EXISTS mart.marketplace_sales_daily (
    day date NOT NULL,
    platform text NOT NULL,
    commune_code text NOT NULL,
    synthetic boolean NOT NULL,
    orders integer NOT NULL,
    delivered_orders integer NOT NULL,
    returned_orders integer NOT NULL,
    revenue_vnd bigint NOT NULL,
    as_of timestamptz NOT NULL,
    PRIMARY KEY (day, platform, commune_code, synthetic)
);

COMMENT ON TABLE mart.marketplace_sales_daily IS
    'Sales on marketplaces by day, platform and commune of the seller. / Bán hàng trên sàn thương mại điện tử theo ngày, sàn và xã của người bán.';
COMMENT ON COLUMN mart.marketplace_sales_daily.day IS 'Day in Vietnam. / Ngày theo giờ Việt Nam.';
COMMENT ON COLUMN mart.marketplace_sales_daily.platform IS 'Marketplace. / Sàn thương mại điện tử.';
COMMENT ON COLUMN mart.marketplace_sales_daily.commune_code IS
    'Commune of the seller, as it was on that day, see core.dim_admin_unit. / Xã của người bán.';
COMMENT ON COLUMN mart.marketplace_sales_daily.synthetic IS
    'True for demonstration or fitted data. / Đúng nếu là dữ liệu minh họa hoặc được dựng lại.';
COMMENT ON COLUMN mart.marketplace_sales_daily.orders IS
    'Orders first heard of that day. / Số đơn hàng ghi nhận lần đầu trong ngày.';
COMMENT ON COLUMN mart.marketplace_sales_daily.delivered_orders IS
    'Orders that first reached delivered or completed that day. / Số đơn hàng giao thành công lần đầu trong ngày.';
COMMENT ON COLUMN mart.marketplace_sales_daily.returned_orders IS
    'Those of the delivered orders that were returned, cancelled or failed later. / Trong đó: sau đó bị trả lại hoặc hủy.';
COMMENT ON COLUMN mart.marketplace_sales_daily.revenue_vnd IS
    'VND paid by buyers for orders delivered that day, shipping included, without those that came back. / Doanh thu (đồng) của đơn đã giao trong ngày, gồm phí vận chuyển, trừ đơn bị trả lại.';
COMMENT ON COLUMN mart.marketplace_sales_daily.as_of IS
    'When the latest event of these orders happened. / Thời điểm của sự kiện mới nhất được tính.';

-- changed: day
CREATE TEMPORARY TABLE changed ON COMMIT DROP AS
SELECT day FROM reopened;

-- fill:
-- What happened to an order on which day.
WITH happened AS (
    SELECT bought.*, 'placed' AS what, placed_on AS day
    FROM mart.marketplace_order AS bought
    WHERE placed_on IN (SELECT day FROM changed) -- changed only
    UNION ALL
    SELECT bought.*, 'delivered', delivered_on
    FROM mart.marketplace_order AS bought
    WHERE delivered_on IS NOT NULL
        AND delivered_on IN (SELECT day FROM changed) -- changed only
)

INSERT INTO mart.marketplace_sales_daily
SELECT
    day,
    platform,
    commune_code,
    synthetic,
    count(*) FILTER (WHERE what = 'placed'),
    count(*) FILTER (WHERE what = 'delivered'),
    count(*) FILTER (WHERE what = 'delivered' AND came_back),
    coalesce(sum(total_vnd) FILTER (WHERE what = 'delivered' AND NOT came_back), 0),
    max(as_of)
FROM happened
GROUP BY 1, 2, 3, 4;
