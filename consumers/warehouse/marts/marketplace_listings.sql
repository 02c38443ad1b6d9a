-- from: product_listed
--
-- Listings that are not withdrawn, by marketplace and commune of the seller; of each the highest version.

CREATE TABLE IF NOT EXISTS mart.marketplace_listings (
    platform text NOT NULL,
    commune_code text NOT NULL,
    synthetic boolean NOT NULL,
    shops integer NOT NULL,
    listings integer NOT NULL,
    ocop_listings integer NOT NULL,
    ocop_products integer NOT NULL,
    as_of timestamptz NOT NULL,
    PRIMARY KEY (platform, commune_code, synthetic)
);

COMMENT ON TABLE mart.marketplace_listings IS
    'Products listed on marketplaces, by marketplace and commune of the seller. / Tin đăng bán trên sàn thương mại điện tử theo sàn và xã của người bán.';
COMMENT ON COLUMN mart.marketplace_listings.platform IS 'Marketplace. / Sàn thương mại điện tử.';
COMMENT ON COLUMN mart.marketplace_listings.commune_code IS
    'Commune of the seller when the listing last changed, in the borders of the day; mart.admin_unit_in_2025 gives those of 2025. / Xã của người bán khi tin đăng thay đổi lần cuối, theo địa giới của ngày đó; xem mart.admin_unit_in_2025 để quy về địa giới 2025.';
COMMENT ON COLUMN mart.marketplace_listings.synthetic IS
    'True for demonstration or fitted data. / Đúng nếu là dữ liệu minh họa hoặc được dựng lại.';
COMMENT ON COLUMN mart.marketplace_listings.shops IS 'Shops with a listing. / Số gian hàng có tin đăng.';
COMMENT ON COLUMN mart.marketplace_listings.listings IS 'Listings. / Số tin đăng.';
COMMENT ON COLUMN mart.marketplace_listings.ocop_listings IS 'Those of an OCOP product. / Trong đó: sản phẩm OCOP.';
COMMENT ON COLUMN mart.marketplace_listings.ocop_products IS
    'Different OCOP products listed here. / Số sản phẩm OCOP khác nhau được đăng.';
COMMENT ON COLUMN mart.marketplace_listings.as_of IS
    'When the latest event of these happened. / Thời điểm của sự kiện mới nhất được tính.';

DELETE FROM mart.marketplace_listings;

WITH listing AS (
    SELECT DISTINCT ON (platform, shop_id, listing_id, synthetic) *
    FROM core.product_listed
    ORDER BY platform, shop_id, listing_id, synthetic, listing_version DESC, occurred_at DESC, kafka_offset DESC
)

INSERT INTO mart.marketplace_listings
SELECT
    platform,
    seller_commune_code,
    synthetic,
    count(DISTINCT shop_id),
    count(*),
    count(ocop_product_code),
    count(DISTINCT ocop_product_code),
    max(occurred_at)
FROM listing
WHERE listing_state <> 'withdrawn'
GROUP BY 1, 2, 3;
