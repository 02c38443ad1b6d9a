-- from: procedure_published
--
-- Offers of administrative procedures with their history (a dimension of type 2). An offer holds from its first day to
-- the day before that of the next; one with a higher number supersedes the lower ones from its first day on.

CREATE TABLE IF NOT EXISTS mart.dim_procedure (
    procedure_code text NOT NULL,
    agency_code text NOT NULL,
    synthetic boolean NOT NULL,
    valid_from date NOT NULL,
    valid_to date,
    offered boolean NOT NULL,
    procedure_name text NOT NULL,
    field_name text NOT NULL,
    authority_level text NOT NULL,
    online_level integer,
    online_extent text,
    is_online boolean NOT NULL,
    is_level_four boolean NOT NULL,
    fee_vnd bigint,
    legal_days integer,
    as_of timestamptz NOT NULL,
    PRIMARY KEY (procedure_code, agency_code, synthetic, valid_from)
);

COMMENT ON TABLE mart.dim_procedure IS
    'Offers of administrative procedures by authorities, with their history; join on both codes and the day. / Việc cung cấp thủ tục hành chính của từng cơ quan và lịch sử thay đổi; nối theo hai mã và ngày.';
COMMENT ON COLUMN mart.dim_procedure.procedure_code IS
    'Code of the procedure; its first 8 characters are the national part. / Mã thủ tục hành chính; 8 ký tự đầu là mã quốc gia.';
COMMENT ON COLUMN mart.dim_procedure.agency_code IS
    'Agency in whose authority it is, see mart.dim_agency. / Cơ quan có thẩm quyền.';
COMMENT ON COLUMN mart.dim_procedure.synthetic IS
    'True for demonstration or fitted data. / Đúng nếu là dữ liệu minh họa hoặc được dựng lại.';
COMMENT ON COLUMN mart.dim_procedure.valid_from IS 'First day the offer holds. / Ngày bắt đầu hiệu lực.';
COMMENT ON COLUMN mart.dim_procedure.valid_to IS
    'Last day the offer holds; null while it does. / Ngày cuối còn hiệu lực; trống nếu còn hiệu lực.';
COMMENT ON COLUMN mart.dim_procedure.offered IS
    'Whether the procedure is offered; false when it was withdrawn. / Đang cung cấp hay đã bãi bỏ.';
COMMENT ON COLUMN mart.dim_procedure.procedure_name IS 'Name of the procedure. / Tên thủ tục.';
COMMENT ON COLUMN mart.dim_procedure.field_name IS 'Field it belongs to. / Lĩnh vực.';
COMMENT ON COLUMN mart.dim_procedure.authority_level IS 'province, district or commune. / Cấp giải quyết.';
COMMENT ON COLUMN mart.dim_procedure.online_level IS
    'Level 2 to 4 of Decree 43/2011; null since Decree 42/2022. / Mức độ 2 đến 4 theo Nghị định 43/2011; trống từ Nghị định 42/2022.';
COMMENT ON COLUMN mart.dim_procedure.online_extent IS
    'information, partial or full of Decree 42/2022; null before it. / Mức cung cấp theo Nghị định 42/2022; trống nếu trước đó.';
COMMENT ON COLUMN mart.dim_procedure.is_online IS
    'Level 3 or 4, partial or full. / Mức độ 3, 4 hoặc một phần, toàn trình.';
COMMENT ON COLUMN mart.dim_procedure.is_level_four IS 'Level 4 or full. / Mức độ 4 hoặc toàn trình.';
COMMENT ON COLUMN mart.dim_procedure.fee_vnd IS
    'Fee in VND; 0 when free, null when it depends on the case. / Phí, lệ phí (đồng); 0 nếu miễn phí, trống nếu tùy trường hợp.';
COMMENT ON COLUMN mart.dim_procedure.legal_days IS
    'Longest time the law allows, in working days; null when it sets none. / Thời hạn giải quyết (ngày làm việc); trống nếu không quy định.';
COMMENT ON COLUMN mart.dim_procedure.as_of IS 'When the offer was published. / Thời điểm công bố.';

DELETE FROM mart.dim_procedure;

WITH offer_of AS (
    SELECT DISTINCT ON (procedure_code, agency_code, synthetic, offer_version) *
    FROM core.procedure_published
    ORDER BY procedure_code, agency_code, synthetic, offer_version, occurred_at DESC, kafka_offset DESC
),

held AS (
    SELECT
        *,
        min(valid_from) OVER (
            PARTITION BY procedure_code, agency_code, synthetic
            ORDER BY offer_version
            ROWS BETWEEN 1 FOLLOWING AND UNBOUNDED FOLLOWING
        ) - 1 AS valid_to
    FROM offer_of
)

INSERT INTO mart.dim_procedure
SELECT
    procedure_code,
    agency_code,
    synthetic,
    valid_from,
    valid_to,
    offer = 'offered',
    procedure_name,
    field_name,
    authority_level,
    online_level,
    online_extent,
    coalesce(online_level >= 3, FALSE) OR coalesce(online_extent IN ('partial', 'full'), FALSE),
    coalesce(online_level = 4, FALSE) OR coalesce(online_extent = 'full', FALSE),
    fee_vnd,
    legal_days,
    occurred_at
FROM held
WHERE valid_to IS NULL OR valid_to >= valid_from;
