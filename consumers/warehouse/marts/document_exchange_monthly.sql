-- from: document_status_changed
--
-- How receivers dealt with official documents, by the month of arrival (status 01 of QCVN 102). Senders repeat statuses:
-- of each status the first one counts.

CREATE TABLE IF NOT EXISTS mart.document_exchange_monthly (
    month date NOT NULL,
    receiver_code text NOT NULL,
    synthetic boolean NOT NULL,
    arrived integer NOT NULL,
    refused integer NOT NULL,
    accepted integer NOT NULL,
    completed integer NOT NULL,
    recalled integer NOT NULL,
    acceptance_seconds numeric(18, 3) NOT NULL,
    completion_seconds numeric(18, 3) NOT NULL,
    as_of timestamptz NOT NULL,
    PRIMARY KEY (month, receiver_code, synthetic)
);

COMMENT ON TABLE mart.document_exchange_monthly IS
    'What became of documents at their receivers, by month of arrival. / Xử lý văn bản tại nơi nhận theo tháng văn bản đến.';
COMMENT ON COLUMN mart.document_exchange_monthly.month IS
    'First day of the month, in Vietnam. / Ngày đầu tháng theo giờ Việt Nam.';
COMMENT ON COLUMN mart.document_exchange_monthly.receiver_code IS
    'Agency that received them, in the new order of codes where it was told so. / Cơ quan nhận văn bản.';
COMMENT ON COLUMN mart.document_exchange_monthly.synthetic IS
    'True for demonstration or fitted data. / Đúng nếu là dữ liệu minh họa hoặc được dựng lại.';
COMMENT ON COLUMN mart.document_exchange_monthly.arrived IS 'Documents that arrived. / Số văn bản đến.';
COMMENT ON COLUMN mart.document_exchange_monthly.refused IS
    'Those that were refused (02). / Trong đó: bị từ chối (02).';
COMMENT ON COLUMN mart.document_exchange_monthly.accepted IS
    'Those that were accepted (03). / Trong đó: đã tiếp nhận (03).';
COMMENT ON COLUMN mart.document_exchange_monthly.completed IS
    'Those whose work is completed (06). / Trong đó: đã hoàn thành (06).';
COMMENT ON COLUMN mart.document_exchange_monthly.recalled IS
    'Those that the sender recalled (13). / Trong đó: bên gửi lấy lại (13).';
COMMENT ON COLUMN mart.document_exchange_monthly.acceptance_seconds IS
    'Seconds from arrival to acceptance, all accepted together. / Tổng số giây từ khi đến tới khi tiếp nhận.';
COMMENT ON COLUMN mart.document_exchange_monthly.completion_seconds IS
    'Seconds from arrival to completion, all completed together. / Tổng số giây từ khi đến tới khi hoàn thành.';
COMMENT ON COLUMN mart.document_exchange_monthly.as_of IS
    'When the latest event of these happened. / Thời điểm của sự kiện mới nhất được tính.';

DELETE FROM mart.document_exchange_monthly;

WITH received AS (
    SELECT
        document_id,
        receiver_code,
        synthetic,
        min(occurred_at) FILTER (WHERE status_code = '01') AS arrived_at,
        min(occurred_at) FILTER (WHERE status_code = '02') AS refused_at,
        min(occurred_at) FILTER (WHERE status_code = '03') AS accepted_at,
        min(occurred_at) FILTER (WHERE status_code = '06') AS completed_at,
        min(occurred_at) FILTER (WHERE status_code = '13') AS recalled_at,
        max(occurred_at) AS as_of
    FROM core.document_status_changed
    GROUP BY 1, 2, 3
)

INSERT INTO mart.document_exchange_monthly
SELECT
    date_trunc('month', arrived_at AT TIME ZONE 'Asia/Ho_Chi_Minh')::date,
    receiver_code,
    synthetic,
    count(*),
    count(refused_at),
    count(*) FILTER (WHERE accepted_at >= arrived_at),
    count(*) FILTER (WHERE completed_at >= arrived_at),
    count(recalled_at),
    coalesce(sum(extract(EPOCH FROM accepted_at - arrived_at)) FILTER (WHERE accepted_at >= arrived_at), 0),
    coalesce(sum(extract(EPOCH FROM completed_at - arrived_at)) FILTER (WHERE completed_at >= arrived_at), 0),
    max(as_of)
FROM received
WHERE arrived_at IS NOT NULL
GROUP BY 1, 2, 3;
