-- from: document_sent
--
-- Official documents by month of their first sending, sender and type. A document counts once however often it was sent;
-- withdrawals are no sendings. Signed is one with a valid signature of an organisation (Decision 28/2018/QĐ-TTg).

CREATE TABLE IF NOT EXISTS mart.document_sent_monthly (
    month date NOT NULL,
    agency_code text NOT NULL,
    document_type text NOT NULL,
    synthetic boolean NOT NULL,
    documents integer NOT NULL,
    may_be_electronic integer NOT NULL,
    exchanged_electronically integer NOT NULL,
    electronic integer NOT NULL,
    signed integer NOT NULL,
    with_paper integer NOT NULL,
    as_of timestamptz NOT NULL,
    PRIMARY KEY (month, agency_code, document_type, synthetic)
);

COMMENT ON TABLE mart.document_sent_monthly IS
    'Official documents by month, sender and type. / Văn bản theo tháng, cơ quan gửi và loại văn bản.';
COMMENT ON COLUMN mart.document_sent_monthly.month IS
    'First day of the month, in Vietnam. / Ngày đầu tháng theo giờ Việt Nam.';
COMMENT ON COLUMN mart.document_sent_monthly.agency_code IS
    'Agency that sent them, see mart.dim_agency. / Cơ quan gửi.';
COMMENT ON COLUMN mart.document_sent_monthly.document_type IS
    'Type of document, after Decree 30/2020. / Loại văn bản theo Nghị định 30/2020.';
COMMENT ON COLUMN mart.document_sent_monthly.synthetic IS
    'True for demonstration or fitted data. / Đúng nếu là dữ liệu minh họa hoặc được dựng lại.';
COMMENT ON COLUMN mart.document_sent_monthly.documents IS 'Documents sent. / Số văn bản đã gửi.';
COMMENT ON COLUMN mart.document_sent_monthly.may_be_electronic IS
    'Those that the law lets be electronic. / Trong đó: được phép gửi điện tử.';
COMMENT ON COLUMN mart.document_sent_monthly.exchanged_electronically IS
    'Those of these that were sent electronically. / Trong số được phép: đã gửi điện tử.';
COMMENT ON COLUMN mart.document_sent_monthly.electronic IS
    'All that were sent electronically. / Tổng số văn bản gửi điện tử.';
COMMENT ON COLUMN mart.document_sent_monthly.signed IS
    'Those of these with a valid signature of an organisation. / Trong đó: có chữ ký số hợp lệ của cơ quan, tổ chức.';
COMMENT ON COLUMN mart.document_sent_monthly.with_paper IS
    'Documents of which paper was sent, too or alone. / Văn bản có gửi bản giấy (kèm theo hoặc chỉ bản giấy).';
COMMENT ON COLUMN mart.document_sent_monthly.as_of IS
    'When the latest event of these happened. / Thời điểm của sự kiện mới nhất được tính.';

DELETE FROM mart.document_sent_monthly;

WITH signed AS (
    SELECT DISTINCT event_id
    FROM core.document_sent_signatures
    WHERE kind = 'organisation' AND validity = 'valid'
),

document AS (
    SELECT
        document_id,
        sent.synthetic,
        min(sent.occurred_at) AS sent_at,
        (array_agg(sent.agency_code ORDER BY sent.occurred_at, sent.kafka_offset))[1] AS agency_code,
        (array_agg(sent.document_type ORDER BY sent.occurred_at, sent.kafka_offset))[1] AS document_type,
        bool_or(sent.may_be_electronic) AS may_be_electronic,
        bool_or(sent.is_electronic) AS is_electronic,
        bool_or(sent.is_electronic AND signed.event_id IS NOT NULL) AS is_signed,
        bool_or(sent.with_paper) AS with_paper,
        max(sent.occurred_at) AS as_of
    FROM core.document_sent AS sent
    LEFT JOIN signed USING (event_id)
    WHERE sent.business_kind <> 'withdrawal'
    GROUP BY document_id, sent.synthetic
)

INSERT INTO mart.document_sent_monthly
SELECT
    date_trunc('month', sent_at AT TIME ZONE 'Asia/Ho_Chi_Minh')::date,
    agency_code,
    document_type,
    synthetic,
    count(*),
    count(*) FILTER (WHERE may_be_electronic),
    count(*) FILTER (WHERE may_be_electronic AND is_electronic),
    count(*) FILTER (WHERE is_electronic),
    count(*) FILTER (WHERE is_signed),
    count(*) FILTER (WHERE with_paper),
    max(as_of)
FROM document
GROUP BY 1, 2, 3, 4;
