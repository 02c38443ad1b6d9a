-- from: ocop_product_rated
--
-- Products of the programme One Commune One Product with their certificates over time (a dimension of type 2). A decision
-- holds from its day to the last day of the certificate, or to the day before the next decision; a revocation ends the
-- certificate on the day it says and holds itself never. So a product keeps the scheme and group of its certificate.

CREATE TABLE IF NOT EXISTS mart.dim_product (
    product_code text NOT NULL,
    synthetic boolean NOT NULL,
    valid_from date NOT NULL,
    valid_to date NOT NULL,
    product_name text NOT NULL,
    scheme text NOT NULL,
    product_group text NOT NULL,
    stars integer NOT NULL,
    score numeric,
    producer_kind text NOT NULL,
    commune_code text NOT NULL,
    gtin text,
    as_of timestamptz NOT NULL,
    PRIMARY KEY (product_code, synthetic, valid_from)
);

COMMENT ON TABLE mart.dim_product IS
    'OCOP products with their certificates over time; join on the code and the day. / Sản phẩm OCOP và giấy chứng nhận theo thời gian; nối theo mã và ngày.';
COMMENT ON COLUMN mart.dim_product.product_code IS 'Code of the product. / Mã sản phẩm.';
COMMENT ON COLUMN mart.dim_product.synthetic IS
    'True for demonstration or fitted data. / Đúng nếu là dữ liệu minh họa hoặc được dựng lại.';
COMMENT ON COLUMN mart.dim_product.valid_from IS 'Day of the decision. / Ngày quyết định công nhận.';
COMMENT ON COLUMN mart.dim_product.valid_to IS 'Last day it holds: certificates lapse. / Ngày cuối còn hiệu lực.';
COMMENT ON COLUMN mart.dim_product.product_name IS 'Name of the product. / Tên sản phẩm.';
COMMENT ON COLUMN mart.dim_product.scheme IS
    '2019 (Decision 1048/QĐ-TTg) or 2023 (Decision 148/QĐ-TTg). / Bộ tiêu chí 2019 hoặc 2023.';
COMMENT ON COLUMN mart.dim_product.product_group IS 'Group of the scheme. / Nhóm sản phẩm theo bộ tiêu chí.';
COMMENT ON COLUMN mart.dim_product.stars IS
    'Stars; an OCOP product has 3 or more. / Số sao; sản phẩm OCOP có từ 3 sao trở lên.';
COMMENT ON COLUMN mart.dim_product.score IS
    'Score out of 100; null when not told. / Điểm trên 100; trống nếu không có.';
COMMENT ON COLUMN mart.dim_product.producer_kind IS
    'household, cooperative or firm. / Hộ, hợp tác xã hoặc doanh nghiệp.';
COMMENT ON COLUMN mart.dim_product.commune_code IS
    'Commune it comes from, in the borders of the day of the decision. / Xã, theo địa giới của ngày quyết định.';
COMMENT ON COLUMN mart.dim_product.gtin IS 'GTIN-13; null when it has none. / Mã vạch GTIN-13; trống nếu không có.';
COMMENT ON COLUMN mart.dim_product.as_of IS 'When the decision was reported. / Thời điểm báo cáo.';

DELETE FROM mart.dim_product;

WITH decision AS (
    SELECT DISTINCT ON (product_code, synthetic, rating_version) *
    FROM core.ocop_product_rated
    ORDER BY product_code, synthetic, rating_version, occurred_at DESC, kafka_offset DESC
),

held AS (
    SELECT
        *,
        min(CASE certificate WHEN 'revoked' THEN valid_until ELSE rated_on - 1 END) OVER (
            PARTITION BY product_code, synthetic
            ORDER BY rating_version
            ROWS BETWEEN 1 FOLLOWING AND UNBOUNDED FOLLOWING
        ) AS ended_on
    FROM decision
)

INSERT INTO mart.dim_product
SELECT
    product_code,
    synthetic,
    rated_on,
    least(valid_until, ended_on),
    product_name,
    scheme,
    product_group,
    stars,
    score,
    producer_kind,
    commune_code,
    gtin,
    occurred_at
FROM held
WHERE certificate <> 'revoked' AND least(valid_until, ended_on) >= rated_on;
