-- The calendar, the borders of 2025 for any day, and what public services are measured by beyond their number.

create table core.dim_date (
    day date not null,
    year integer not null,
    quarter integer not null,
    month integer not null,
    iso_week integer not null,
    weekday integer not null,
    name_en text not null,
    name_vi text not null,
    is_weekend boolean not null,
    constraint dim_date_pkey primary key (day)
);
comment on table core.dim_date is
    'The days from 2020 to 2045. / Các ngày từ năm 2020 đến 2045.';
comment on column core.dim_date.day is
    'The day, in Vietnam. / Ngày theo giờ Việt Nam.';
comment on column core.dim_date.year is
    'Year. / Năm.';
comment on column core.dim_date.quarter is
    'Quarter, 1 to 4. / Quý.';
comment on column core.dim_date.month is
    'Month, 1 to 12. / Tháng.';
comment on column core.dim_date.iso_week is
    'Week of ISO 8601, 1 to 53. / Tuần theo ISO 8601.';
comment on column core.dim_date.weekday is
    '1 Monday to 7 Sunday. / Thứ trong tuần: 1 là thứ Hai, 7 là Chủ nhật.';
comment on column core.dim_date.name_en is
    'Day of the week in English. / Tên thứ bằng tiếng Anh.';
comment on column core.dim_date.name_vi is
    'Day of the week in Vietnamese. / Tên thứ bằng tiếng Việt.';
comment on column core.dim_date.is_weekend is
    'Saturday or Sunday; public holidays are not told apart. / Thứ Bảy hoặc Chủ nhật; không xét ngày lễ.';

insert into core.dim_date
select
    day,
    extract(year from day),
    extract(quarter from day),
    extract(month from day),
    extract(week from day),
    extract(isodow from day),
    (array['Monday', 'Tuesday', 'Wednesday', 'Thursday', 'Friday', 'Saturday', 'Sunday'])[extract(isodow from day)],
    (array['Thứ Hai', 'Thứ Ba', 'Thứ Tư', 'Thứ Năm', 'Thứ Sáu', 'Thứ Bảy', 'Chủ nhật'])[extract(isodow from day)],
    extract(isodow from day) >= 6
from generate_series(date '2020-01-01', date '2045-12-31', interval '1 day') as days (moment)
cross join lateral (select moment::date) as calendar (day);

-- A unit of 2021 that was split has no unit of 2025: its figures stay unallocated, never summed into one part.
create view mart.admin_unit_in_2025 as
with change as (
    select
        old_code,
        effective_date,
        min(new_code) filter (where kind_of_change in ('merged_whole', 'unchanged')) as new_code,
        bool_or(kind_of_change = 'abolished') as is_abolished
    from core.dim_admin_unit_change
    group by old_code, effective_date
)

select
    unit.code,
    unit.valid_from,
    unit.valid_to,
    unit.name,
    case when change.old_code is null then unit.code else change.new_code end as unit_2025,
    case when change.old_code is null then unit.name else later.name end as name_2025,
    case
        when change.old_code is null then 'same'
        when change.new_code is not null then 'whole'
        when change.is_abolished then 'abolished'
        else 'split'
    end as allocation
from core.dim_admin_unit as unit
left join change on unit.code = change.old_code and unit.valid_to + 1 = change.effective_date
left join core.dim_admin_unit as later on change.new_code = later.code and change.effective_date = later.valid_from;

comment on view mart.admin_unit_in_2025 is
    'Unit of 2025-07-01 that each unit, old or new, belongs to; join a mart''s commune_code and day to code and the days from valid_from to valid_to, and group by unit_2025. / Đơn vị hành chính từ 01/7/2025 ứng với từng đơn vị cũ, mới; nối theo mã và ngày, nhóm theo unit_2025.';
comment on column mart.admin_unit_in_2025.code is
    'Code of the unit in the borders of the day. / Mã đơn vị theo địa giới của ngày đó.';
comment on column mart.admin_unit_in_2025.valid_from is
    'First day of the unit; codes are reused with another meaning. / Ngày bắt đầu hiệu lực; mã có thể được dùng lại với nghĩa khác.';
comment on column mart.admin_unit_in_2025.valid_to is
    'Last day of the unit; null while it holds. / Ngày cuối còn hiệu lực; trống nếu còn hiệu lực.';
comment on column mart.admin_unit_in_2025.name is
    'Name of the unit. / Tên đơn vị.';
comment on column mart.admin_unit_in_2025.unit_2025 is
    'Unit of 2025 it belongs to as a whole; null when it was split or abolished: unallocated. / Đơn vị từ 01/7/2025 mà toàn bộ đơn vị thuộc về; trống nếu bị chia hoặc bãi bỏ.';
comment on column mart.admin_unit_in_2025.name_2025 is
    'Name of that unit. / Tên đơn vị đó.';
comment on column mart.admin_unit_in_2025.allocation is
    'whole, split, abolished (districts), or same for a unit of 2025. / whole: toàn bộ; split: bị chia; abolished: bãi bỏ (cấp huyện); same: đơn vị từ 2025.';

-- A mart made by an earlier release keeps its rows until it is built again.
alter table if exists mart.public_service_daily
    add column if not exists received_online_with_result integer not null default 0,
    add column if not exists received_with_fee integer not null default 0,
    add column if not exists paid_online integer not null default 0,
    add column if not exists finished_online integer not null default 0,
    add column if not exists on_time_online integer not null default 0,
    add column if not exists timed integer not null default 0,
    add column if not exists processing_seconds numeric(18, 3) not null default 0,
    add column if not exists needing_result integer not null default 0,
    add column if not exists electronic_result integer not null default 0,
    add column if not exists digitised integer not null default 0;
