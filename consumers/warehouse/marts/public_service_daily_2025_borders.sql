-- after: public_service_daily
-- watch: reference_lists
--
-- mart.public_service_daily in the borders of 2025-07-01: what was counted for communes before is summed up in the
-- commune of 2025 they went into as a whole. The three communes that were split stay `unallocated`, never shared out, and
-- so does what names a commune that the reference lists do not have on the day. Any other mart with a commune and a day can be told
-- so too, by the same join with mart.admin_unit_in_2025.

CREATE TABLE IF NOT EXISTS mart.public_service_daily_2025_borders (
    day date NOT NULL,
    commune_2025 text NOT NULL,
    synthetic boolean NOT NULL,
    commune_name text,
    received integer NOT NULL,
    received_online integer NOT NULL,
    finished integer NOT NULL,
    on_time integer NOT NULL,
    overdue integer NOT NULL,
    finished_online integer NOT NULL,
    on_time_online integer NOT NULL,
    as_of timestamptz NOT NULL,
    PRIMARY KEY (day, commune_2025, synthetic)
);

COMMENT ON TABLE mart.public_service_daily_2025_borders IS
    'Public-service dossiers by day and commune in the borders of 2025-07-01, such as online dossiers in time. / Hồ sơ thủ tục hành chính theo ngày và xã theo địa giới từ 01/7/2025, ví dụ hồ sơ trực tuyến đúng hạn.';
COMMENT ON COLUMN mart.public_service_daily_2025_borders.day IS 'Day in Vietnam. / Ngày theo giờ Việt Nam.';
COMMENT ON COLUMN mart.public_service_daily_2025_borders.commune_2025 IS
    'Commune of 2025, or unallocated. / Xã theo địa giới 2025, hoặc unallocated nếu không phân bổ được.';
COMMENT ON COLUMN mart.public_service_daily_2025_borders.synthetic IS
    'True for demonstration or fitted data. / Đúng nếu là dữ liệu minh họa hoặc được dựng lại.';
COMMENT ON COLUMN mart.public_service_daily_2025_borders.commune_name IS
    'Name of the commune of 2025; null when unallocated. / Tên xã theo địa giới 2025; trống nếu không phân bổ.';
COMMENT ON COLUMN mart.public_service_daily_2025_borders.received IS
    'Dossiers accepted at the one-stop shop that day. / Số hồ sơ được tiếp nhận trong ngày.';
COMMENT ON COLUMN mart.public_service_daily_2025_borders.received_online IS
    'Those of them that came in online. / Trong đó: tiếp nhận trực tuyến.';
COMMENT ON COLUMN mart.public_service_daily_2025_borders.finished IS
    'Dossiers that were finished that day. / Số hồ sơ xử lý xong trong ngày.';
COMMENT ON COLUMN mart.public_service_daily_2025_borders.on_time IS 'Finished in time. / Xử lý xong đúng hạn.';
COMMENT ON COLUMN mart.public_service_daily_2025_borders.overdue IS 'Finished late. / Xử lý xong quá hạn.';
COMMENT ON COLUMN mart.public_service_daily_2025_borders.finished_online IS
    'Dossiers that came in online and were finished that day. / Số hồ sơ trực tuyến xử lý xong trong ngày.';
COMMENT ON COLUMN mart.public_service_daily_2025_borders.on_time_online IS
    'Those of them finished in time. / Trong đó: đúng hạn.';
COMMENT ON COLUMN mart.public_service_daily_2025_borders.as_of IS
    'When the latest event of these happened. / Thời điểm của sự kiện mới nhất được tính.';

-- changed: day
CREATE TEMPORARY TABLE changed ON COMMIT DROP AS
SELECT day FROM reopened;

-- fill:
INSERT INTO mart.public_service_daily_2025_borders
SELECT
    service.day,
    coalesce(unit.unit_2025, 'unallocated'),
    service.synthetic,
    max(unit.name_2025),
    sum(service.received),
    sum(service.received_online),
    sum(service.finished),
    sum(service.on_time),
    sum(service.overdue),
    sum(service.finished_online),
    sum(service.on_time_online),
    max(service.as_of)
FROM mart.public_service_daily AS service
LEFT JOIN mart.admin_unit_in_2025 AS unit
    ON
        service.commune_code = unit.code
        AND service.day >= unit.valid_from
        AND (unit.valid_to IS NULL OR service.day <= unit.valid_to)
WHERE service.day IN (SELECT day FROM changed) -- changed only
GROUP BY 1, 2, 3;
