-- after: dossier
--
-- Dossiers by local day, agency and commune: those accepted that day, and those finished that day, in time or late;
-- mart.dossier says what that means.

CREATE TABLE IF NOT EXISTS mart.public_service_daily (
    day date NOT NULL,
    agency_code text NOT NULL,
    commune_code text NOT NULL,
    synthetic boolean NOT NULL,
    received integer NOT NULL,
    received_online integer NOT NULL,
    finished integer NOT NULL,
    on_time integer NOT NULL,
    overdue integer NOT NULL,
    without_due integer NOT NULL,
    refused integer NOT NULL,
    stopped integer NOT NULL,
    received_online_with_result integer NOT NULL,
    received_with_fee integer NOT NULL,
    paid_online integer NOT NULL,
    finished_online integer NOT NULL,
    on_time_online integer NOT NULL,
    timed integer NOT NULL,
    processing_seconds numeric(18, 3) NOT NULL,
    needing_result integer NOT NULL,
    electronic_result integer NOT NULL,
    digitised integer NOT NULL,
    as_of timestamptz NOT NULL,
    PRIMARY KEY (day, agency_code, commune_code, synthetic),
    CHECK (finished = on_time + overdue + without_due)
);

COMMENT ON TABLE mart.public_service_daily IS
    'Public-service dossiers by day, agency and commune. / Hồ sơ thủ tục hành chính theo ngày, cơ quan và xã.';
COMMENT ON COLUMN mart.public_service_daily.day IS 'Day in Vietnam. / Ngày theo giờ Việt Nam.';
COMMENT ON COLUMN mart.public_service_daily.agency_code IS
    'Agency that handles the dossier, see core.dim_agency. / Cơ quan xử lý hồ sơ.';
COMMENT ON COLUMN mart.public_service_daily.commune_code IS
    'Commune the dossier comes from, as it was on that day, see core.dim_admin_unit. / Xã nơi phát sinh hồ sơ.';
COMMENT ON COLUMN mart.public_service_daily.synthetic IS
    'True for demonstration or fitted data. / Đúng nếu là dữ liệu minh họa hoặc được dựng lại.';
COMMENT ON COLUMN mart.public_service_daily.received IS
    'Dossiers accepted at the one-stop shop that day. / Số hồ sơ được tiếp nhận trong ngày.';
COMMENT ON COLUMN mart.public_service_daily.received_online IS
    'Those of them that came in online. / Trong đó: tiếp nhận trực tuyến.';
COMMENT ON COLUMN mart.public_service_daily.finished IS
    'Dossiers that were finished that day (state 9, else 10). / Số hồ sơ xử lý xong trong ngày.';
COMMENT ON COLUMN mart.public_service_daily.on_time IS 'Finished in time. / Xử lý xong đúng hạn.';
COMMENT ON COLUMN mart.public_service_daily.overdue IS 'Finished late. / Xử lý xong quá hạn.';
COMMENT ON COLUMN mart.public_service_daily.without_due IS
    'Finished without a promised time, neither in time nor late. / Xử lý xong nhưng không có thời điểm hẹn trả.';
COMMENT ON COLUMN mart.public_service_daily.refused IS 'Refused at intake that day. / Không được tiếp nhận trong ngày.';
COMMENT ON COLUMN mart.public_service_daily.stopped IS 'Stopped that day. / Dừng xử lý trong ngày.';
COMMENT ON COLUMN mart.public_service_daily.received_online_with_result IS
    'Those received online that got an electronic result. / Trong số tiếp nhận trực tuyến: đã có kết quả điện tử.';
COMMENT ON COLUMN mart.public_service_daily.received_with_fee IS
    'Those received that have a fee or charge. / Trong số tiếp nhận: có phí, lệ phí.';
COMMENT ON COLUMN mart.public_service_daily.paid_online IS
    'Those of them whose fee was paid online. / Trong số có phí, lệ phí: đã thanh toán trực tuyến.';
COMMENT ON COLUMN mart.public_service_daily.finished_online IS
    'Those finished that had come in online. / Trong số xử lý xong: tiếp nhận trực tuyến.';
COMMENT ON COLUMN mart.public_service_daily.on_time_online IS
    'Those finished in time that had come in online. / Trong số đúng hạn: tiếp nhận trực tuyến.';
COMMENT ON COLUMN mart.public_service_daily.timed IS
    'Those finished whose time of acceptance is known. / Trong số xử lý xong: biết thời điểm tiếp nhận.';
COMMENT ON COLUMN mart.public_service_daily.processing_seconds IS
    'Seconds from acceptance to the end, without awaited supplements, of all timed ones together. / Tổng số giây từ khi tiếp nhận đến khi xong, trừ thời gian chờ bổ sung.';
COMMENT ON COLUMN mart.public_service_daily.needing_result IS
    'Those finished that end in a document for the applicant. / Trong số xử lý xong: phải có văn bản kết quả.';
COMMENT ON COLUMN mart.public_service_daily.electronic_result IS
    'Those of them with an electronic result. / Trong số phải có văn bản kết quả: có kết quả điện tử.';
COMMENT ON COLUMN mart.public_service_daily.digitised IS
    'Those finished with all components and the result in electronic form. / Trong số xử lý xong: số hóa đủ thành phần và kết quả.';
COMMENT ON COLUMN mart.public_service_daily.as_of IS
    'When the latest event of these dossiers happened. / Thời điểm của sự kiện mới nhất được tính.';

-- changed: day
CREATE TEMPORARY TABLE changed ON COMMIT DROP AS
SELECT day FROM reopened;

-- fill:
-- What happened to a dossier on which day.
WITH happened AS (
    SELECT dossier.*, 'received' AS what, received_on AS day
    FROM mart.dossier
    WHERE received_on IS NOT NULL
        AND received_on IN (SELECT day FROM changed) -- changed only
    UNION ALL
    SELECT dossier.*, 'finished', finished_on
    FROM mart.dossier
    WHERE finished_on IS NOT NULL
        AND finished_on IN (SELECT day FROM changed) -- changed only
    UNION ALL
    SELECT dossier.*, 'ended', ended_on
    FROM mart.dossier
    WHERE ended_on IS NOT NULL
        AND ended_on IN (SELECT day FROM changed) -- changed only
),

judged AS (
    SELECT
        *,
        what = 'received' AS is_received,
        what = 'finished' AS is_finished,
        channel = 'online' AS is_online
    FROM happened
)

INSERT INTO mart.public_service_daily (
    day,
    agency_code,
    commune_code,
    synthetic,
    received,
    received_online,
    finished,
    on_time,
    overdue,
    without_due,
    refused,
    stopped,
    received_online_with_result,
    received_with_fee,
    paid_online,
    finished_online,
    on_time_online,
    timed,
    processing_seconds,
    needing_result,
    electronic_result,
    digitised,
    as_of
)
SELECT
    day,
    agency_code,
    commune_code,
    synthetic,
    count(*) FILTER (WHERE is_received),
    count(*) FILTER (WHERE is_received AND is_online),
    count(*) FILTER (WHERE is_finished),
    count(*) FILTER (WHERE is_finished AND in_time),
    count(*) FILTER (WHERE is_finished AND NOT in_time),
    count(*) FILTER (WHERE is_finished AND due_at IS NULL),
    count(*) FILTER (WHERE what = 'ended' AND status = 3),
    count(*) FILTER (WHERE what = 'ended' AND status = 8),
    count(*) FILTER (WHERE is_received AND is_online AND has_electronic_result),
    count(*) FILTER (WHERE is_received AND has_fee),
    count(*) FILTER (WHERE is_received AND has_fee AND is_paid_online),
    count(*) FILTER (WHERE is_finished AND is_online),
    count(*) FILTER (WHERE is_finished AND in_time AND is_online),
    count(*) FILTER (WHERE is_finished AND received_at IS NOT NULL),
    coalesce(sum(processing_seconds) FILTER (WHERE is_finished), 0),
    count(*) FILTER (WHERE is_finished AND needs_result),
    count(*) FILTER (WHERE is_finished AND needs_result AND has_electronic_result),
    count(*) FILTER (WHERE is_finished AND has_all_components AND has_electronic_result),
    max(as_of)
FROM judged
GROUP BY day, agency_code, commune_code, synthetic;
