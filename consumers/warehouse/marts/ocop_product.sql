-- from: product_listed
-- after: dim_product, reporting_day
--
-- OCOP products, of 3 stars or more, whose certificate holds on the reporting day, and where they are sold.

CREATE TABLE IF NOT EXISTS mart.ocop_product (
    product_code text NOT NULL,
    synthetic boolean NOT NULL,
    product_name text NOT NULL,
    scheme text NOT NULL,
    product_group text NOT NULL,
    stars integer NOT NULL,
    commune_code text NOT NULL,
    valid_to date NOT NULL,
    listings integer NOT NULL,
    platforms integer NOT NULL,
    as_of timestamptz NOT NULL,
    PRIMARY KEY (product_code, synthetic)
);

COMMENT ON TABLE mart.ocop_product IS
    'OCOP products of the reporting day, one row each, and their listings on marketplaces. / Sản phẩm OCOP còn hiệu lực tại ngày chốt số liệu và tin đăng trên các sàn.';
COMMENT ON COLUMN mart.ocop_product.product_code IS 'Code of the product, see mart.dim_product. / Mã sản phẩm.';
COMMENT ON COLUMN mart.ocop_product.synthetic IS
    'True for demonstration or fitted data. / Đúng nếu là dữ liệu minh họa hoặc được dựng lại.';
COMMENT ON COLUMN mart.ocop_product.product_name IS 'Name of the product. / Tên sản phẩm.';
COMMENT ON COLUMN mart.ocop_product.scheme IS
    'Scheme of the certificate: 2019 or 2023. / Bộ tiêu chí của giấy chứng nhận.';
COMMENT ON COLUMN mart.ocop_product.product_group IS 'Group of the scheme. / Nhóm sản phẩm theo bộ tiêu chí.';
COMMENT ON COLUMN mart.ocop_product.stars IS 'Stars, 3 to 5. / Số sao, 3 đến 5.';
COMMENT ON COLUMN mart.ocop_product.commune_code IS
    'Commune it comes from, in the borders of the day of the decision. / Xã, theo địa giới của ngày quyết định.';
COMMENT ON COLUMN mart.ocop_product.valid_to IS 'Last day of the certificate. / Ngày hết hiệu lực của giấy chứng nhận.';
COMMENT ON COLUMN mart.ocop_product.listings IS 'Listings that are not withdrawn. / Số tin đăng còn hiệu lực.';
COMMENT ON COLUMN mart.ocop_product.platforms IS 'Marketplaces that list it. / Số sàn có đăng bán.';
COMMENT ON COLUMN mart.ocop_product.as_of IS
    'When the latest event of these happened. / Thời điểm của sự kiện mới nhất được tính.';

DELETE FROM mart.ocop_product;

WITH listing AS (
    SELECT DISTINCT ON (platform, shop_id, listing_id, synthetic) *
    FROM core.product_listed
    ORDER BY platform, shop_id, listing_id, synthetic, listing_version DESC, occurred_at DESC, kafka_offset DESC
),

listed AS (
    SELECT
        ocop_product_code AS product_code,
        synthetic,
        count(*) AS listings,
        count(DISTINCT platform) AS platforms,
        max(occurred_at) AS listed_at
    FROM listing
    WHERE listing_state <> 'withdrawn'
    GROUP BY 1, 2
)

INSERT INTO mart.ocop_product
SELECT
    product_code,
    synthetic,
    product_name,
    scheme,
    product_group,
    stars,
    commune_code,
    valid_to,
    coalesce(listings, 0),
    coalesce(platforms, 0),
    greatest(as_of, listed_at)
FROM mart.dim_product
INNER JOIN mart.reporting_day USING (synthetic)
LEFT JOIN listed USING (product_code, synthetic)
WHERE stars >= 3 AND day BETWEEN valid_from AND valid_to;
