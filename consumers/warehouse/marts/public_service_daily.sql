-- from: dossier_status_changed
--
-- Dossiers by local day, agency and commune: those accepted that day, and those finished that day, in time or late.
--
-- In time (Decision 766/QĐ-TTg, as the national KPI dictionary counts): finished no later than promised, where the time a
-- supplement was awaited (state 5) does not count, but asking for one more than once makes the dossier late.

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
COMMENT ON COLUMN mart.public_service_daily.as_of IS
    'When the latest event of these dossiers happened. / Thời điểm của sự kiện mới nhất được tính.';

DELETE FROM mart.public_service_daily;

WITH step AS (
    SELECT
        dossier_code,
        agency_code,
        commune_code,
        channel,
        status,
        received_at,
        due_at,
        occurred_at,
        synthetic,
        lead(occurred_at) OVER (PARTITION BY dossier_code ORDER BY occurred_at, kafka_offset) AS next_at
    FROM core.dossier_status_changed
),

-- One row a dossier; what can change is taken from its latest step.
dossier AS (
    SELECT
        dossier_code,
        max(agency_code) FILTER (WHERE next_at IS NULL) AS agency_code,
        max(commune_code) FILTER (WHERE next_at IS NULL) AS commune_code,
        max(channel) FILTER (WHERE next_at IS NULL) AS channel,
        max(status) FILTER (WHERE next_at IS NULL) AS status,
        max(due_at) FILTER (WHERE next_at IS NULL) AS due_at,
        bool_or(synthetic) AS synthetic,
        min(received_at) AS received_at,
        coalesce(min(occurred_at) FILTER (WHERE status = 9), min(occurred_at) FILTER (WHERE status = 10)) AS finished_at,
        coalesce(sum(next_at - occurred_at) FILTER (WHERE status = 5), interval '0') AS paused,
        count(*) FILTER (WHERE status = 5) AS supplements,
        max(occurred_at) AS as_of
    FROM step
    GROUP BY dossier_code
),

-- What happened to a dossier on which day.
happened AS (
    SELECT dossier.*, 'received' AS what, received_at AS at FROM dossier WHERE received_at IS NOT NULL
    UNION ALL
    SELECT dossier.*, 'finished', finished_at FROM dossier WHERE finished_at IS NOT NULL
    UNION ALL
    SELECT dossier.*, 'ended', as_of FROM dossier WHERE status IN (3, 8)
),

judged AS (
    SELECT
        *,
        (at AT TIME ZONE 'Asia/Ho_Chi_Minh')::date AS day,
        CASE WHEN what = 'finished' THEN finished_at - paused <= due_at AND supplements <= 1 END AS in_time
    FROM happened
)

INSERT INTO mart.public_service_daily
SELECT
    day,
    agency_code,
    commune_code,
    synthetic,
    count(*) FILTER (WHERE what = 'received'),
    count(*) FILTER (WHERE what = 'received' AND channel = 'online'),
    count(*) FILTER (WHERE what = 'finished'),
    count(*) FILTER (WHERE in_time AND due_at IS NOT NULL),
    count(*) FILTER (WHERE NOT in_time AND due_at IS NOT NULL),
    count(*) FILTER (WHERE what = 'finished' AND due_at IS NULL),
    count(*) FILTER (WHERE what = 'ended' AND status = 3),
    count(*) FILTER (WHERE what = 'ended' AND status = 8),
    max(as_of)
FROM judged
GROUP BY day, agency_code, commune_code, synthetic;
