-- after: dim_product, reporting_day
--
-- OCOP products, of 3 stars or more, whose certificate held at the end of each month and on the reporting day.

CREATE TABLE IF NOT EXISTS mart.ocop_products_monthly (
    day date NOT NULL,
    scheme text NOT NULL,
    product_group text NOT NULL,
    stars integer NOT NULL,
    synthetic boolean NOT NULL,
    products integer NOT NULL,
    as_of timestamptz NOT NULL,
    PRIMARY KEY (day, scheme, product_group, stars, synthetic)
);

COMMENT ON TABLE mart.ocop_products_monthly IS
    'OCOP products by stars, scheme and group, as of the end of each month and of the reporting day. / Sản phẩm OCOP theo số sao, bộ tiêu chí và nhóm, tại cuối mỗi tháng và tại ngày chốt số liệu.';
COMMENT ON COLUMN mart.ocop_products_monthly.day IS
    'Last day of a month, or the reporting day. / Ngày cuối tháng hoặc ngày chốt số liệu.';
COMMENT ON COLUMN mart.ocop_products_monthly.scheme IS
    'Scheme of the certificate: 2019 or 2023. / Bộ tiêu chí của giấy chứng nhận.';
COMMENT ON COLUMN mart.ocop_products_monthly.product_group IS 'Group of the scheme. / Nhóm sản phẩm theo bộ tiêu chí.';
COMMENT ON COLUMN mart.ocop_products_monthly.stars IS 'Stars, 3 to 5. / Số sao, 3 đến 5.';
COMMENT ON COLUMN mart.ocop_products_monthly.synthetic IS
    'True for demonstration or fitted data. / Đúng nếu là dữ liệu minh họa hoặc được dựng lại.';
COMMENT ON COLUMN mart.ocop_products_monthly.products IS
    'Products whose certificate held on the day. / Số sản phẩm còn hiệu lực tại ngày đó.';
COMMENT ON COLUMN mart.ocop_products_monthly.as_of IS
    'When the latest event of these happened. / Thời điểm của sự kiện mới nhất được tính.';

DELETE FROM mart.ocop_products_monthly;

WITH span AS (
    SELECT synthetic, day AS last_day, min(valid_from) AS first_day
    FROM mart.dim_product
    INNER JOIN mart.reporting_day USING (synthetic)
    GROUP BY 1, 2
),

asked AS (
    SELECT DISTINCT synthetic, least(last_day, (month + interval '1 month - 1 day')::date) AS day
    FROM span
    CROSS JOIN LATERAL generate_series(
        date_trunc('month', first_day::timestamp), last_day::timestamp, interval '1 month'
    ) AS months (month)
)

INSERT INTO mart.ocop_products_monthly
SELECT
    day,
    scheme,
    product_group,
    stars,
    synthetic,
    count(*),
    max(as_of)
FROM mart.dim_product
INNER JOIN asked USING (synthetic)
WHERE stars >= 3 AND day BETWEEN valid_from AND valid_to
GROUP BY 1, 2, 3, 4, 5;
