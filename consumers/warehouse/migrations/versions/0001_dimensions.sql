-- Schemas, what the read-only role of dashboards may see, and the dimensions.

create schema staging;
create schema core;
create schema quarantine;
create schema ledger;
create schema mart;

comment on schema staging is 'Rows of loads under way. / Dữ liệu của các lần nạp đang chạy.';
comment on schema core is 'Events that passed the checks, and dimensions. / Sự kiện đã đạt kiểm tra và các danh mục.';
comment on schema quarantine is 'Records that were not loaded, and why. / Các bản ghi bị cách ly và lý do.';
comment on schema ledger is 'What became of every record. / Sổ theo dõi từng bản ghi.';
comment on schema mart is 'Figures for dashboards. / Số liệu cho bảng điều khiển.';

grant usage on schema core, mart to dashboard;
alter default privileges in schema core grant select on tables to dashboard;
alter default privileges in schema mart grant select on tables to dashboard;

create table core.dim_admin_unit (
    code text not null,
    valid_from date not null,
    valid_to date,
    name text not null,
    kind text not null,
    parent_code text,
    constraint dim_admin_unit_pkey primary key (code, valid_from),
    constraint dim_admin_unit_validity_check check (valid_to >= valid_from)
);
comment on table core.dim_admin_unit is
    'Administrative units before and after the merger of 2025-07-01. / Đơn vị hành chính trước và sau sáp nhập ngày 01/7/2025.';
comment on column core.dim_admin_unit.code is
    'Code of the statistics office. / Mã đơn vị hành chính.';
comment on column core.dim_admin_unit.valid_from is
    'First day it holds; codes are reused, so join on code and the event''s day. / Ngày bắt đầu hiệu lực.';
comment on column core.dim_admin_unit.valid_to is
    'Last day it holds; null while it does. / Ngày cuối còn hiệu lực; trống nếu còn hiệu lực.';
comment on column core.dim_admin_unit.name is
    'Full name. / Tên đầy đủ.';
comment on column core.dim_admin_unit.kind is
    'tinh, thanh_pho, huyen, xa, phuong or thi_tran. / Loại đơn vị.';
comment on column core.dim_admin_unit.parent_code is
    'Unit it belongs to, valid at the same time. / Mã đơn vị cấp trên.';

create table core.dim_admin_unit_change (
    old_code text not null,
    new_code text,
    effective_date date not null,
    kind_of_change text not null
);
create unique index dim_admin_unit_change_key on core.dim_admin_unit_change (old_code, new_code, effective_date) nulls not distinct;
comment on table core.dim_admin_unit_change is
    'What became of each administrative unit. / Biến động của từng đơn vị hành chính.';
comment on column core.dim_admin_unit_change.old_code is
    'Unit until the day before. / Mã đơn vị cũ.';
comment on column core.dim_admin_unit_change.new_code is
    'Unit from that day on, null when abolished. / Mã đơn vị mới.';
comment on column core.dim_admin_unit_change.effective_date is
    'Day of the change. / Ngày có hiệu lực.';
comment on column core.dim_admin_unit_change.kind_of_change is
    'merged_whole, unchanged, split_part_main, split_part_other or abolished; only the first two may be summed into the new unit. / Loại thay đổi.';

create table core.dim_agency (
    code text not null,
    valid_from date not null,
    valid_to date,
    name_vi text not null,
    name_en text not null,
    level text not null,
    parent_code text,
    admin_unit_code text,
    synthetic boolean not null,
    constraint dim_agency_pkey primary key (code, valid_from),
    constraint dim_agency_validity_check check (valid_to >= valid_from)
);
comment on table core.dim_agency is
    'Agencies of the province. / Các cơ quan của tỉnh.';
comment on column core.dim_agency.code is
    'Identifier of Decision 20/2020/QĐ-TTg. / Mã định danh cơ quan.';
comment on column core.dim_agency.valid_from is
    'First day it holds; codes are reused, so join on code and the event''s day. / Ngày bắt đầu hiệu lực.';
comment on column core.dim_agency.valid_to is
    'Last day it holds; null while it does. / Ngày cuối còn hiệu lực; trống nếu còn hiệu lực.';
comment on column core.dim_agency.name_vi is
    'Name in Vietnamese. / Tên tiếng Việt.';
comment on column core.dim_agency.name_en is
    'Name in English. / Tên tiếng Anh.';
comment on column core.dim_agency.level is
    'province, district or commune. / Cấp.';
comment on column core.dim_agency.parent_code is
    'Agency it belongs to. / Mã cơ quan cấp trên.';
comment on column core.dim_agency.admin_unit_code is
    'Administrative unit it serves. / Mã đơn vị hành chính.';
comment on column core.dim_agency.synthetic is
    'True where invented. / Đúng nếu là giả định.';

create table core.dim_procedure (
    code text not null,
    name_vi text not null,
    field text not null,
    authority text not null,
    online_level integer not null,
    fee_vnd bigint not null,
    legal_days integer not null,
    synthetic boolean not null,
    constraint dim_procedure_pkey primary key (code)
);
comment on table core.dim_procedure is
    'Administrative procedures. / Thủ tục hành chính.';
comment on column core.dim_procedure.code is
    'Code of the procedure. / Mã thủ tục hành chính.';
comment on column core.dim_procedure.name_vi is
    'Name. / Tên thủ tục.';
comment on column core.dim_procedure.field is
    'Field. / Lĩnh vực.';
comment on column core.dim_procedure.authority is
    'Level that decides it. / Cấp giải quyết.';
comment on column core.dim_procedure.online_level is
    'Online level, 2 to 4. / Mức độ dịch vụ công trực tuyến.';
comment on column core.dim_procedure.fee_vnd is
    'Fee (VND). / Phí, lệ phí.';
comment on column core.dim_procedure.legal_days is
    'Working days allowed. / Thời hạn giải quyết (ngày).';
comment on column core.dim_procedure.synthetic is
    'True where invented. / Đúng nếu là giả định.';

