-- from: dossier_status_changed
--
-- Dossiers of public services, one row each, from all of their steps; what can change is taken from the latest step.
--
-- In time (Decision 766/QĐ-TTg, as the national KPI dictionary counts): finished no later than promised, where the time a
-- supplement was awaited (state 5) does not count, but asking for one more than once makes the dossier late.

CREATE TABLE IF NOT EXISTS mart.dossier (
    dossier_code text PRIMARY KEY,
    synthetic boolean NOT NULL,
    agency_code text NOT NULL,
    commune_code text NOT NULL,
    channel text NOT NULL,
    status integer NOT NULL,
    first_at timestamptz NOT NULL,
    received_at timestamptz,
    due_at timestamptz,
    finished_at timestamptz,
    received_on date,
    finished_on date,
    ended_on date,
    in_time boolean,
    processing_seconds numeric,
    has_fee boolean NOT NULL,
    is_paid_online boolean NOT NULL,
    needs_result boolean NOT NULL,
    has_electronic_result boolean NOT NULL,
    has_all_components boolean,
    as_of timestamptz NOT NULL
);
CREATE INDEX IF NOT EXISTS dossier_received_on_idx ON mart.dossier (received_on);
CREATE INDEX IF NOT EXISTS dossier_finished_on_idx ON mart.dossier (finished_on);
CREATE INDEX IF NOT EXISTS dossier_ended_on_idx ON mart.dossier (ended_on);

COMMENT ON TABLE mart.dossier IS
    'Public-service dossiers, one row each. / Hồ sơ thủ tục hành chính, mỗi hồ sơ một dòng.';
COMMENT ON COLUMN mart.dossier.dossier_code IS 'Code of the dossier. / Mã hồ sơ.';
COMMENT ON COLUMN mart.dossier.synthetic IS
    'True for demonstration or fitted data. / Đúng nếu là dữ liệu minh họa hoặc được dựng lại.';
COMMENT ON COLUMN mart.dossier.agency_code IS
    'Agency that handles it, see mart.dim_agency. / Cơ quan xử lý hồ sơ.';
COMMENT ON COLUMN mart.dossier.commune_code IS
    'Commune it comes from, as it was then, see core.dim_admin_unit. / Xã nơi phát sinh hồ sơ.';
COMMENT ON COLUMN mart.dossier.channel IS 'How it came in. / Hình thức nộp.';
COMMENT ON COLUMN mart.dossier.status IS 'Its latest state, 1 to 10. / Trạng thái mới nhất, từ 1 đến 10.';
COMMENT ON COLUMN mart.dossier.first_at IS 'When its first step happened. / Thời điểm của bước đầu tiên.';
COMMENT ON COLUMN mart.dossier.received_at IS
    'When it was accepted; null while it is not. / Thời điểm tiếp nhận; trống nếu chưa tiếp nhận.';
COMMENT ON COLUMN mart.dossier.due_at IS
    'When the result is promised, as the latest step says; null without a promise. / Thời điểm hẹn trả; trống nếu không hẹn.';
COMMENT ON COLUMN mart.dossier.finished_at IS
    'When it was finished (state 9, else 10); null while it is not. / Thời điểm xử lý xong; trống nếu chưa xong.';
COMMENT ON COLUMN mart.dossier.received_on IS 'Day of received_at in Vietnam. / Ngày tiếp nhận theo giờ Việt Nam.';
COMMENT ON COLUMN mart.dossier.finished_on IS 'Day of finished_at in Vietnam. / Ngày xử lý xong theo giờ Việt Nam.';
COMMENT ON COLUMN mart.dossier.ended_on IS
    'Day in Vietnam it was refused or stopped, if that is its state. / Ngày bị từ chối hoặc dừng xử lý, nếu có.';
COMMENT ON COLUMN mart.dossier.in_time IS
    'Whether it was finished in time; null while it is not finished, or without a promised time. / Xử lý xong đúng hạn hay không; trống nếu chưa xong hoặc không hẹn trả.';
COMMENT ON COLUMN mart.dossier.processing_seconds IS
    'Seconds from acceptance to the end, without awaited supplements; null where either is unknown. / Số giây từ khi tiếp nhận đến khi xong, trừ thời gian chờ bổ sung.';
COMMENT ON COLUMN mart.dossier.has_fee IS 'Whether it has a fee or charge. / Có phí, lệ phí hay không.';
COMMENT ON COLUMN mart.dossier.is_paid_online IS 'Whether a fee was paid online. / Đã thanh toán trực tuyến hay chưa.';
COMMENT ON COLUMN mart.dossier.needs_result IS
    'Whether it ends in a document for the applicant. / Có phải trả văn bản kết quả hay không.';
COMMENT ON COLUMN mart.dossier.has_electronic_result IS
    'Whether it has an electronic result. / Có kết quả điện tử hay không.';
COMMENT ON COLUMN mart.dossier.has_all_components IS
    'Whether all components are in electronic form; null when that was not told. / Đã số hóa đủ thành phần hay chưa; trống nếu không có số liệu.';
COMMENT ON COLUMN mart.dossier.as_of IS 'When its latest step happened. / Thời điểm của bước mới nhất.';

-- changed: dossier_code
-- The time of their steps, known and new, says where in core all of their steps lie.
CREATE TEMPORARY TABLE changed ON COMMIT DROP AS
SELECT
    step.dossier_code,
    least(min(step.occurred_at), min(known.first_at)) AS first_at,
    greatest(max(step.occurred_at), max(known.as_of)) AS last_at
FROM core.dossier_status_changed AS step
LEFT JOIN mart.dossier AS known ON step.dossier_code = known.dossier_code
WHERE step.load_id = ANY(current_setting('hagiang.new_loads')::bigint [])
GROUP BY step.dossier_code;

-- days:
SELECT unnest(ARRAY[received_on, finished_on, ended_on])
FROM mart.dossier
WHERE dossier_code IN (SELECT dossier_code FROM changed);

-- fill:
WITH step AS (
    SELECT
        dossier_code,
        agency_code,
        commune_code,
        channel,
        status,
        received_at,
        due_at,
        fee_vnd,
        paid_online,
        needs_result_document,
        electronic_result,
        component_count,
        digitised_component_count,
        occurred_at,
        kafka_offset,
        synthetic,
        lead(occurred_at) OVER (PARTITION BY dossier_code ORDER BY occurred_at, kafka_offset) AS next_at
    FROM core.dossier_status_changed
    WHERE dossier_code IN (SELECT dossier_code FROM changed) -- changed only
        AND occurred_at >= (SELECT min(first_at) FROM changed) -- changed only
        AND occurred_at <= (SELECT max(last_at) FROM changed) -- changed only
),

gathered AS (
    SELECT
        dossier_code,
        bool_or(synthetic) AS synthetic,
        max(agency_code) FILTER (WHERE next_at IS NULL) AS agency_code,
        max(commune_code) FILTER (WHERE next_at IS NULL) AS commune_code,
        max(channel) FILTER (WHERE next_at IS NULL) AS channel,
        max(status) FILTER (WHERE next_at IS NULL) AS status,
        max(due_at) FILTER (WHERE next_at IS NULL) AS due_at,
        min(occurred_at) AS first_at,
        min(received_at) AS received_at,
        coalesce(min(occurred_at) FILTER (WHERE status = 9), min(occurred_at) FILTER (WHERE status = 10)) AS finished_at,
        coalesce(sum(next_at - occurred_at) FILTER (WHERE status = 5), interval '0') AS paused,
        count(*) FILTER (WHERE status = 5) AS supplements,
        coalesce(max(fee_vnd), 0) > 0 AS has_fee,
        coalesce(bool_or(paid_online), FALSE) AS is_paid_online,
        coalesce(bool_or(needs_result_document), FALSE) AS needs_result,
        coalesce(bool_or(electronic_result), FALSE) AS has_electronic_result,
        (array_agg(digitised_component_count >= component_count ORDER BY occurred_at DESC, kafka_offset DESC) FILTER (
            WHERE component_count IS NOT NULL
        ))[1] AS has_all_components,
        max(occurred_at) AS as_of
    FROM step
    GROUP BY dossier_code
)

INSERT INTO mart.dossier (
    dossier_code,
    synthetic,
    agency_code,
    commune_code,
    channel,
    status,
    first_at,
    received_at,
    due_at,
    finished_at,
    received_on,
    finished_on,
    ended_on,
    in_time,
    processing_seconds,
    has_fee,
    is_paid_online,
    needs_result,
    has_electronic_result,
    has_all_components,
    as_of
)
SELECT
    dossier_code,
    synthetic,
    agency_code,
    commune_code,
    channel,
    status,
    first_at,
    received_at,
    due_at,
    finished_at,
    (received_at AT TIME ZONE 'Asia/Ho_Chi_Minh')::date,
    (finished_at AT TIME ZONE 'Asia/Ho_Chi_Minh')::date,
    CASE WHEN status IN (3, 8) THEN (as_of AT TIME ZONE 'Asia/Ho_Chi_Minh')::date END,
    CASE WHEN finished_at IS NOT NULL AND due_at IS NOT NULL THEN finished_at - paused <= due_at AND supplements <= 1 END,
    extract(EPOCH FROM finished_at - received_at - paused),
    has_fee,
    is_paid_online,
    needs_result,
    has_electronic_result,
    has_all_components,
    as_of
FROM gathered;
