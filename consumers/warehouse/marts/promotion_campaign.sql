-- from: promotion_campaign_reported
--
-- Campaigns on social networks by their latest reading. Readings count since the campaign began: they are never summed up
-- over days. Accounts reached on two networks may belong to one person.

CREATE TABLE IF NOT EXISTS mart.promotion_campaign (
    campaign_code text NOT NULL,
    network text NOT NULL,
    synthetic boolean NOT NULL,
    title text NOT NULL,
    subject text NOT NULL,
    read_on date NOT NULL,
    posts integer NOT NULL,
    reach bigint NOT NULL,
    views bigint NOT NULL,
    interactions bigint NOT NULL,
    cost_vnd bigint,
    as_of timestamptz NOT NULL,
    PRIMARY KEY (campaign_code, network, synthetic)
);

COMMENT ON TABLE mart.promotion_campaign IS
    'Campaigns for culture and festivals on social networks, by their latest reading. / Chiến dịch quảng bá trên mạng xã hội theo lần ghi nhận mới nhất.';
COMMENT ON COLUMN mart.promotion_campaign.campaign_code IS 'Code of the campaign. / Mã chiến dịch.';
COMMENT ON COLUMN mart.promotion_campaign.network IS 'Social network. / Mạng xã hội.';
COMMENT ON COLUMN mart.promotion_campaign.synthetic IS
    'True for demonstration or fitted data. / Đúng nếu là dữ liệu minh họa hoặc được dựng lại.';
COMMENT ON COLUMN mart.promotion_campaign.title IS 'Name of the campaign. / Tên chiến dịch.';
COMMENT ON COLUMN mart.promotion_campaign.subject IS
    'culture, festival, tourism, product or other. / Nội dung quảng bá.';
COMMENT ON COLUMN mart.promotion_campaign.read_on IS 'Day of the reading. / Ngày ghi nhận.';
COMMENT ON COLUMN mart.promotion_campaign.posts IS 'Posts so far. / Số bài đăng.';
COMMENT ON COLUMN mart.promotion_campaign.reach IS 'Accounts reached so far. / Số tài khoản tiếp cận.';
COMMENT ON COLUMN mart.promotion_campaign.views IS 'Views so far. / Số lượt xem.';
COMMENT ON COLUMN mart.promotion_campaign.interactions IS 'Reactions, comments and shares so far. / Số lượt tương tác.';
COMMENT ON COLUMN mart.promotion_campaign.cost_vnd IS
    'VND spent so far; null when not told. / Chi phí (đồng); trống nếu không có số liệu.';
COMMENT ON COLUMN mart.promotion_campaign.as_of IS 'When the reading was made. / Thời điểm ghi nhận.';

DELETE FROM mart.promotion_campaign;

INSERT INTO mart.promotion_campaign
SELECT DISTINCT ON (campaign_code, network, synthetic)
    campaign_code,
    network,
    synthetic,
    title,
    subject,
    as_of,
    posts,
    reach,
    views,
    interactions,
    cost_vnd,
    occurred_at
FROM core.promotion_campaign_reported
ORDER BY campaign_code, network, synthetic, as_of DESC, report_version DESC, occurred_at DESC, kafka_offset DESC;
