-- from: agency_registered
-- watch: reference_lists
--
-- Agencies with their history (a dimension of type 2), from the register's entries. An entry holds from its first day to
-- the day before that of the next; one that merges or dissolves an agency closes its history. An entry with a higher
-- number supersedes the lower ones from its first day on. Codes as QCVN 102:2016 wrote them (000.04.26.H22) are turned
-- into those of Decision 20/2020/QĐ-TTg (H22.26.04).
--
-- Agencies without an entry are as core.dim_agency, the reference list, has them.

CREATE TABLE IF NOT EXISTS mart.dim_agency (
    code text NOT NULL,
    synthetic boolean NOT NULL,
    valid_from date NOT NULL,
    valid_to date,
    name_vi text NOT NULL,
    name_en text,
    level text NOT NULL,
    parent_code text,
    successor_code text,
    admin_unit_code text,
    registered boolean NOT NULL,
    PRIMARY KEY (code, synthetic, valid_from)
);

COMMENT ON TABLE mart.dim_agency IS
    'Agencies with their history; join on code and the event''s day. / Các cơ quan và lịch sử thay đổi; nối theo mã và ngày của sự kiện.';
COMMENT ON COLUMN mart.dim_agency.code IS 'Identifier of Decision 20/2020/QĐ-TTg. / Mã định danh cơ quan.';
COMMENT ON COLUMN mart.dim_agency.synthetic IS
    'True for demonstration or fitted data. / Đúng nếu là dữ liệu minh họa hoặc được dựng lại.';
COMMENT ON COLUMN mart.dim_agency.valid_from IS 'First day it holds. / Ngày bắt đầu hiệu lực.';
COMMENT ON COLUMN mart.dim_agency.valid_to IS
    'Last day it holds; null while it does. / Ngày cuối còn hiệu lực; trống nếu còn hiệu lực.';
COMMENT ON COLUMN mart.dim_agency.name_vi IS 'Name in Vietnamese. / Tên tiếng Việt.';
COMMENT ON COLUMN mart.dim_agency.name_en IS 'Name in English, where there is one. / Tên tiếng Anh, nếu có.';
COMMENT ON COLUMN mart.dim_agency.level IS 'province, district or commune. / Cấp.';
COMMENT ON COLUMN mart.dim_agency.parent_code IS 'Agency it belongs to. / Mã cơ quan cấp trên.';
COMMENT ON COLUMN mart.dim_agency.successor_code IS
    'Agency that takes over after the last day; null when there is none. / Cơ quan tiếp nhận sau ngày cuối; trống nếu không có.';
COMMENT ON COLUMN mart.dim_agency.admin_unit_code IS
    'Province, district or commune it serves, see core.dim_admin_unit. / Mã đơn vị hành chính.';
COMMENT ON COLUMN mart.dim_agency.registered IS
    'Whether it stands in the register; else it is from the reference list. / Có trong danh mục đăng ký hay chỉ có trong danh sách tham chiếu.';

DELETE FROM mart.dim_agency;

WITH canonical AS (
    SELECT
        *,
        regexp_replace(
            regexp_replace(agency_code, '^(\d{3})\.(\d{2})\.(\d{2})\.([A-Z]\d{2})$', '\4.\3.\2.\1'), '(\.0+)+$', ''
        ) AS code,
        regexp_replace(
            regexp_replace(parent_code, '^(\d{3})\.(\d{2})\.(\d{2})\.([A-Z]\d{2})$', '\4.\3.\2.\1'), '(\.0+)+$', ''
        ) AS parent,
        regexp_replace(
            regexp_replace(successor_code, '^(\d{3})\.(\d{2})\.(\d{2})\.([A-Z]\d{2})$', '\4.\3.\2.\1'), '(\.0+)+$', ''
        ) AS successor
    FROM core.agency_registered
),

entry AS (
    SELECT DISTINCT ON (code, synthetic, entry_version) *
    FROM canonical
    ORDER BY code, synthetic, entry_version, occurred_at DESC, kafka_offset DESC
),

held AS (
    SELECT
        *,
        min(valid_from) OVER later - 1 AS valid_to,
        first_value(successor) OVER later AS taken_over_by
    FROM entry
    WINDOW later AS (
        PARTITION BY code, synthetic ORDER BY entry_version ROWS BETWEEN 1 FOLLOWING AND UNBOUNDED FOLLOWING
    )
)

INSERT INTO mart.dim_agency
SELECT
    code, synthetic, valid_from, valid_to, name_vi, name_en, level, parent, taken_over_by, admin_unit_code, TRUE
FROM held
WHERE change NOT IN ('merged', 'dissolved') AND (valid_to IS NULL OR valid_to >= valid_from)
UNION ALL
SELECT
    code, synthetic, valid_from, valid_to, name_vi, name_en, level, parent_code, NULL, admin_unit_code, FALSE
FROM core.dim_agency
WHERE code NOT IN (SELECT code FROM entry);
