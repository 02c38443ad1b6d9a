-- from: seller_onboarded
--
-- Sellers with an open shop, by commune and kind. A seller with shops on several marketplaces counts once, in the commune
-- that the shop which changed last names; who a seller is follows from the pseudonym or the tax code.

CREATE TABLE IF NOT EXISTS mart.marketplace_sellers (
    commune_code text NOT NULL,
    seller_kind text NOT NULL,
    synthetic boolean NOT NULL,
    sellers integer NOT NULL,
    shops integer NOT NULL,
    sellers_supported integer NOT NULL,
    as_of timestamptz NOT NULL,
    PRIMARY KEY (commune_code, seller_kind, synthetic)
);

COMMENT ON TABLE mart.marketplace_sellers IS
    'Sellers of the province on marketplaces, by commune and kind. / Người bán trong tỉnh trên các sàn thương mại điện tử theo xã và loại.';
COMMENT ON COLUMN mart.marketplace_sellers.commune_code IS
    'Commune of the seller when a shop last changed, in the borders of the day; mart.admin_unit_in_2025 gives those of 2025. / Xã của người bán khi gian hàng thay đổi lần cuối, theo địa giới của ngày đó; xem mart.admin_unit_in_2025 để quy về địa giới 2025.';
COMMENT ON COLUMN mart.marketplace_sellers.seller_kind IS
    'household, cooperative or firm. / Hộ, hợp tác xã hoặc doanh nghiệp.';
COMMENT ON COLUMN mart.marketplace_sellers.synthetic IS
    'True for demonstration or fitted data. / Đúng nếu là dữ liệu minh họa hoặc được dựng lại.';
COMMENT ON COLUMN mart.marketplace_sellers.sellers IS
    'Different sellers with an open shop. / Số người bán có gian hàng đang mở.';
COMMENT ON COLUMN mart.marketplace_sellers.shops IS 'Their open shops. / Số gian hàng đang mở.';
COMMENT ON COLUMN mart.marketplace_sellers.sellers_supported IS
    'Sellers who were helped to open a shop. / Số người bán được hỗ trợ mở gian hàng.';
COMMENT ON COLUMN mart.marketplace_sellers.as_of IS
    'When the latest event of these happened. / Thời điểm của sự kiện mới nhất được tính.';

DELETE FROM mart.marketplace_sellers;

WITH shop AS (
    SELECT DISTINCT ON (platform, shop_id, synthetic)
        *,
        coalesce(seller_pseudonym, replace(tax_code, '-', ''), platform || ':' || shop_id) AS seller
    FROM core.seller_onboarded
    ORDER BY platform, shop_id, synthetic, occurred_at DESC, kafka_offset DESC
),

seller AS (
    SELECT
        seller,
        synthetic,
        (array_agg(seller_commune_code ORDER BY occurred_at DESC, kafka_offset DESC))[1] AS commune_code,
        (array_agg(seller_kind ORDER BY occurred_at DESC, kafka_offset DESC))[1] AS seller_kind,
        count(*) AS shops,
        bool_or(supported_by <> 'none') AS is_supported,
        max(occurred_at) AS as_of
    FROM shop
    WHERE state = 'open'
    GROUP BY 1, 2
)

INSERT INTO mart.marketplace_sellers
SELECT
    commune_code,
    seller_kind,
    synthetic,
    count(*),
    sum(shops),
    count(*) FILTER (WHERE is_supported),
    max(as_of)
FROM seller
GROUP BY 1, 2, 3;
