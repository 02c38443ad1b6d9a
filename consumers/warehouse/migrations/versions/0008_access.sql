-- Who may write what, since when and until when: a record is judged by its Kafka timestamp. No secret is kept here but
-- as a hash. Roles `gateway` and `landing` exist before this runs, as `dashboard` does.

create schema access;

create table access.client (
    name text not null,
    organisation text not null,
    kind text not null,
    created_at timestamptz default clock_timestamp() not null,
    revoked_at timestamptz,
    constraint client_pkey primary key (name),
    constraint client_name_check check (name ~ '^[a-z][a-z0-9-]{1,47}$'),
    constraint client_kind_check check (kind in ('agency', 'fpt', 'marketplace', 'platform'))
);
comment on table access.client is
    'Systems outside the platform that may write events. / Các hệ thống bên ngoài được phép gửi sự kiện.';
comment on column access.client.name is
    'Name, also the Kafka user. / Tên, đồng thời là người dùng Kafka.';
comment on column access.client.organisation is
    'Who answers for it. / Đơn vị chịu trách nhiệm.';
comment on column access.client.kind is
    'Kind of producer as contracts name it. / Loại bên gửi theo hợp đồng dữ liệu.';
comment on column access.client.created_at is
    'When it was first granted. / Thời điểm cấp quyền lần đầu.';
comment on column access.client.revoked_at is
    'When it was revoked; empty while it may write. / Thời điểm thu hồi; trống khi còn hiệu lực.';

create table access.granted_event (
    name text not null,
    event text not null,
    granted_at timestamptz not null,
    revoked_at timestamptz,
    constraint granted_event_pkey primary key (name, event, granted_at),
    constraint granted_event_name_fkey foreign key (name) references access.client (name)
);
create unique index granted_event_open_idx on access.granted_event (name, event) where revoked_at is null;
comment on table access.granted_event is
    'Events a client may write, with the time. / Sự kiện bên gửi được phép ghi, theo thời gian.';
comment on column access.granted_event.name is
    'The client. / Bên gửi.';
comment on column access.granted_event.event is
    'Name of the event; * means all. / Tên sự kiện; * là tất cả.';
comment on column access.granted_event.granted_at is
    'From when on. / Hiệu lực từ.';
comment on column access.granted_event.revoked_at is
    'Until when, empty while it holds. / Hiệu lực đến; trống khi còn hiệu lực.';

create table access.granted_source (
    name text not null,
    source text not null,
    granted_at timestamptz not null,
    revoked_at timestamptz,
    constraint granted_source_pkey primary key (name, source, granted_at),
    constraint granted_source_name_fkey foreign key (name) references access.client (name)
);
create unique index granted_source_open_idx on access.granted_source (name, source) where revoked_at is null;
comment on table access.granted_source is
    'Sources a client may speak for, with the time. / Nguồn mà bên gửi được đại diện, theo thời gian.';
comment on column access.granted_source.name is
    'The client. / Bên gửi.';
comment on column access.granted_source.source is
    'Value of the field source, or its beginning with * at the end. / Giá trị trường source, hoặc phần đầu kèm dấu *.';
comment on column access.granted_source.granted_at is
    'From when on. / Hiệu lực từ.';
comment on column access.granted_source.revoked_at is
    'Until when, empty while it holds. / Hiệu lực đến; trống khi còn hiệu lực.';

create table access.signing_key (
    name text not null,
    version integer not null,
    granted_at timestamptz not null,
    revoked_at timestamptz,
    constraint signing_key_pkey primary key (name, version),
    constraint signing_key_name_fkey foreign key (name) references access.client (name)
);
comment on table access.signing_key is
    'Versions of each client''s signing key; the keys themselves are derived, not kept. / Các phiên bản khóa ký; bản thân khóa không được lưu.';
comment on column access.signing_key.name is
    'The client. / Bên gửi.';
comment on column access.signing_key.version is
    'Version, counted from 1. / Phiên bản, đếm từ 1.';
comment on column access.signing_key.granted_at is
    'From when on. / Hiệu lực từ.';
comment on column access.signing_key.revoked_at is
    'Until when, empty while it holds. / Hiệu lực đến; trống khi còn hiệu lực.';

create table access.api_key (
    key_id text not null,
    name text not null,
    hash bytea not null,
    granted_at timestamptz not null,
    revoked_at timestamptz,
    constraint api_key_pkey primary key (key_id),
    constraint api_key_name_fkey foreign key (name) references access.client (name),
    constraint api_key_hash_check check (length(hash) = 32)
);
comment on table access.api_key is
    'API keys for the HTTP gateway, as hashes. / Khóa API cho cổng HTTP, chỉ lưu giá trị băm.';
comment on column access.api_key.key_id is
    'Public beginning of the key. / Phần đầu công khai của khóa.';
comment on column access.api_key.name is
    'The client. / Bên gửi.';
comment on column access.api_key.hash is
    'SHA-256 of the whole key. / Giá trị băm SHA-256 của toàn bộ khóa.';
comment on column access.api_key.granted_at is
    'From when on. / Hiệu lực từ.';
comment on column access.api_key.revoked_at is
    'Until when, empty while it holds. / Hiệu lực đến; trống khi còn hiệu lực.';

-- Readers ask for this number often and for the tables only when it has changed.
create table access.revision (
    only_row boolean default true not null,
    revision bigint not null,
    changed_at timestamptz not null,
    constraint revision_pkey primary key (only_row),
    constraint revision_only_row_check check (only_row)
);
comment on table access.revision is
    'A number that grows with every change of rights. / Số hiệu tăng theo mỗi lần thay đổi quyền.';
comment on column access.revision.only_row is
    'Keeps the table to one row. / Bảo đảm bảng chỉ có một dòng.';
comment on column access.revision.revision is
    'The number. / Số hiệu.';
comment on column access.revision.changed_at is
    'When it changed. / Thời điểm thay đổi.';
insert into access.revision (revision, changed_at) values (0, clock_timestamp());

create function access.next_revision() returns trigger language plpgsql as $$
begin
    update access.revision set revision = revision + 1, changed_at = clock_timestamp();
    return null;
end $$;
create trigger client_revision after insert or update or delete on access.client
    for each statement execute function access.next_revision();
create trigger granted_event_revision after insert or update or delete on access.granted_event
    for each statement execute function access.next_revision();
create trigger granted_source_revision after insert or update or delete on access.granted_source
    for each statement execute function access.next_revision();
create trigger signing_key_revision after insert or update or delete on access.signing_key
    for each statement execute function access.next_revision();
create trigger api_key_revision after insert or update or delete on access.api_key
    for each statement execute function access.next_revision();

create table access.audit (
    entry_id bigint not null,
    at timestamptz not null,
    actor text not null,
    action text not null,
    subject text not null,
    detail jsonb not null,
    previous_hash bytea not null,
    hash bytea not null,
    constraint audit_pkey primary key (entry_id)
);
comment on table access.audit is
    'What was granted, revoked, refused and read; entries are only ever added, each sealed with the one before. / Nhật ký cấp, thu hồi, từ chối và đọc dữ liệu; chỉ thêm, mỗi dòng gắn với dòng trước.';
comment on column access.audit.entry_id is
    'Number of the entry, without gaps. / Số thứ tự liên tục.';
comment on column access.audit.at is
    'When. / Thời điểm.';
comment on column access.audit.actor is
    'Who did it: database role and the name it gave. / Người thực hiện: vai trò và tên.';
comment on column access.audit.action is
    'What was done, as in grant, revoke, rotate, refused, read. / Hành động.';
comment on column access.audit.subject is
    'To whom or what. / Đối tượng.';
comment on column access.audit.detail is
    'The particulars. / Chi tiết.';
comment on column access.audit.previous_hash is
    'Hash of the entry before. / Giá trị băm của dòng trước.';
comment on column access.audit.hash is
    'SHA-256 over the entry before and all of this one. / Giá trị băm SHA-256 gồm dòng trước và toàn bộ dòng này.';

create table access.audit_head (
    only_row boolean default true not null,
    entry_id bigint not null,
    hash bytea not null,
    constraint audit_head_pkey primary key (only_row),
    constraint audit_head_only_row_check check (only_row)
);
comment on table access.audit_head is
    'The last entry of the audit: a cut tail shows. / Dòng cuối của nhật ký, để phát hiện việc cắt bớt.';
comment on column access.audit_head.only_row is
    'Keeps the table to one row. / Bảo đảm bảng chỉ có một dòng.';
comment on column access.audit_head.entry_id is
    'Number of the last entry. / Số thứ tự dòng cuối.';
comment on column access.audit_head.hash is
    'Hash of the last entry. / Giá trị băm của dòng cuối.';
insert into access.audit_head (entry_id, hash) values (0, sha256(''));

create function access.audit_hash(
    previous bytea, entry_id bigint, at timestamptz, actor text, action text, subject text, detail jsonb
) returns bytea language sql immutable as $$
    select sha256(previous || convert_to(jsonb_build_array(
        entry_id, extract(epoch from at)::text, actor, action, subject, detail)::text, 'UTF8'))
$$;

-- Number, time and hash are the database's own, whatever the writer says; writers need no right to read the audit.
create function access.seal_audit() returns trigger
    language plpgsql security definer set search_path = pg_catalog, pg_temp as $$
declare
    head record;
begin
    select entry_id, hash into strict head from access.audit_head for update;
    new.entry_id = head.entry_id + 1;
    new.at = clock_timestamp();
    new.actor = session_user || ' ' || new.actor;
    new.previous_hash = head.hash;
    new.hash = access.audit_hash(
        head.hash, new.entry_id, new.at, new.actor, new.action, new.subject, new.detail);
    update access.audit_head set entry_id = new.entry_id, hash = new.hash;
    return new;
end $$;
create trigger audit_seal before insert on access.audit
    for each row execute function access.seal_audit();

create function access.refuse_change() returns trigger language plpgsql as $$
begin
    raise insufficient_privilege using message = 'access.audit is append-only: ' || tg_op || ' is refused';
end $$;
create trigger audit_rows_stay before update or delete on access.audit
    for each row execute function access.refuse_change();
create trigger audit_stays before truncate on access.audit
    for each statement execute function access.refuse_change();

grant usage on schema access to gateway, landing;
grant select on access.client, access.granted_event, access.granted_source, access.signing_key, access.revision
    to gateway, landing;
grant select on access.api_key to gateway;
grant insert (actor, action, subject, detail) on access.audit to gateway, landing;
