-- from: network_coverage_reported
-- watch: reference_lists
--
-- Telecommunication coverage by commune: of each commune the report of the latest day with the highest version. Once a
-- report in new borders is there, communes that had ended by its day are left out, so that nobody is counted twice.

CREATE TABLE IF NOT EXISTS mart.network_coverage (
    commune_code text NOT NULL,
    synthetic boolean NOT NULL,
    told_for date NOT NULL,
    fibre_to_centre boolean NOT NULL,
    broadband_whole_area boolean NOT NULL,
    broadband_centre boolean NOT NULL,
    population integer NOT NULL,
    covered_population integer NOT NULL,
    base_stations integer,
    base_stations_4g integer,
    hamlets integer,
    hamlets_without_signal integer,
    as_of timestamptz NOT NULL,
    PRIMARY KEY (commune_code, synthetic)
);

COMMENT ON TABLE mart.network_coverage IS
    'Telecommunication coverage of the communes, one row each, by the latest report. / Hạ tầng viễn thông của từng xã theo báo cáo mới nhất.';
COMMENT ON COLUMN mart.network_coverage.commune_code IS
    'Commune, in the borders of the day; mart.admin_unit_in_2025 gives those of 2025. / Xã, theo địa giới của ngày đó; xem mart.admin_unit_in_2025 để quy về địa giới 2025.';
COMMENT ON COLUMN mart.network_coverage.synthetic IS
    'True for demonstration or fitted data. / Đúng nếu là dữ liệu minh họa hoặc được dựng lại.';
COMMENT ON COLUMN mart.network_coverage.told_for IS 'Day the coverage is told of. / Ngày của số liệu.';
COMMENT ON COLUMN mart.network_coverage.fibre_to_centre IS
    'Whether optical fibre reaches the centre. / Có cáp quang đến trung tâm xã hay không.';
COMMENT ON COLUMN mart.network_coverage.broadband_whole_area IS
    'Whether the whole area has broadband. / Có băng rộng trên toàn địa bàn hay không.';
COMMENT ON COLUMN mart.network_coverage.broadband_centre IS
    'Whether the centre and densely settled areas have broadband. / Trung tâm và khu dân cư tập trung có băng rộng hay không.';
COMMENT ON COLUMN mart.network_coverage.population IS 'Inhabitants. / Dân số.';
COMMENT ON COLUMN mart.network_coverage.covered_population IS
    'Inhabitants with a mobile signal where they live. / Dân số có sóng di động nơi cư trú.';
COMMENT ON COLUMN mart.network_coverage.base_stations IS
    'Mobile base stations; null when not told. / Số trạm BTS; trống nếu không có số liệu.';
COMMENT ON COLUMN mart.network_coverage.base_stations_4g IS
    'Those with 4G; null when not told. / Trong đó: trạm 4G; trống nếu không có số liệu.';
COMMENT ON COLUMN mart.network_coverage.hamlets IS
    'Hamlets; null when not told. / Số thôn; trống nếu không có số liệu.';
COMMENT ON COLUMN mart.network_coverage.hamlets_without_signal IS
    'Those without a mobile signal; null when not told. / Trong đó: thôn chưa có sóng; trống nếu không có số liệu.';
COMMENT ON COLUMN mart.network_coverage.as_of IS 'When the report was made. / Thời điểm báo cáo.';

DELETE FROM mart.network_coverage;

WITH latest AS (
    SELECT DISTINCT ON (commune_code, synthetic) *
    FROM core.network_coverage_reported
    ORDER BY commune_code, synthetic, as_of DESC, report_version DESC, occurred_at DESC, kafka_offset DESC
),

dated AS (
    SELECT *, max(as_of) OVER (PARTITION BY synthetic) AS last_day FROM latest
)

INSERT INTO mart.network_coverage
SELECT
    commune_code,
    synthetic,
    as_of,
    fibre_to_centre,
    broadband_whole_area,
    broadband_centre,
    population,
    covered_population,
    base_stations,
    base_stations_4g,
    hamlets,
    hamlets_without_signal,
    occurred_at
FROM dated
WHERE
    NOT EXISTS (
        SELECT FROM core.dim_admin_unit AS unit
        WHERE
            unit.code = dated.commune_code
            AND dated.as_of BETWEEN unit.valid_from AND unit.valid_to
            AND unit.valid_to < dated.last_day
    );
