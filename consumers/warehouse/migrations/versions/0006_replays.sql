-- Replays of quarantined records: loads of that kind, and what became of each entry.

alter table ledger.load
    add column kind text default 'load' not null,
    add column reference_state jsonb,
    add constraint load_kind_check check (kind in ('load', 'replay')),
    add constraint load_replay_check check (
        kind = 'load' or state <> 'published' or consumed = loaded + duplicate + quarantined
    ),
    drop constraint load_state_check,
    add constraint load_state_check check (
        state in ('staging', 'staged', 'checked', 'published', 'stale', 'broken', 'abandoned', 'fruitless', 'rehearsed')
    );
comment on column ledger.load.state is
    'staging, staged, checked, published; or stale (another load was first), broken (too many bad rows), abandoned (its run died), fruitless (a replay of which no row passed), rehearsed (a dry run). / Trạng thái của lần nạp.';
comment on column ledger.load.kind is
    'load: records new in the lake; replay: records that were in quarantine. / Nạp mới hay nạp lại từ vùng cách ly.';
comment on column ledger.load.reference_state is
    'What the reference lists held when its rows were checked, a mark for each list. / Dấu hiệu nội dung các danh mục tại thời điểm kiểm tra.';

alter table quarantine.event
    add column missing_references text[] default '{}' not null,
    add column last_tried_load_id bigint,
    add column last_tried_at timestamptz default now() not null,
    add column tries integer default 1 not null,
    add column closed_at timestamptz,
    add column closed_by text,
    add column close_reason text,
    add column closed_load_id bigint,
    add column outcome text;
update quarantine.event set last_tried_load_id = load_id, last_tried_at = quarantined_at;
update quarantine.event
set closed_at = now(), closed_by = 'migration 0006', close_reason = 'closed before reasons were kept',
    closed_load_id = case status when 'replayed' then load_id end,
    outcome = case status when 'replayed' then 'duplicate' end
where status <> 'open';
alter table quarantine.event
    alter column last_tried_load_id set not null,
    add constraint event_last_tried_load_id_fkey foreign key(last_tried_load_id) references ledger.load (load_id),
    add constraint event_closed_load_id_fkey foreign key(closed_load_id) references ledger.load (load_id),
    add constraint event_outcomes_check check (outcome in ('loaded', 'duplicate')),
    add constraint event_closed_check check (
        num_nonnulls(closed_at, closed_by, close_reason) = case when status = 'open' then 0 else 3 end
    ),
    add constraint event_replayed_check check (
        num_nonnulls(outcome, closed_load_id) = case when status = 'replayed' then 2 else 0 end
    );
create index event_waiting_idx on quarantine.event (event)
where status = 'open' and missing_references <> '{}';
comment on column quarantine.event.missing_references is
    'Reference lists that lacked a code of it, when nothing else is wrong: it is replayed once they have changed. / Danh mục còn thiếu mã; bản ghi sẽ được nạp lại khi danh mục thay đổi.';
comment on column quarantine.event.last_tried_load_id is
    'Load that checked it last. / Lần nạp kiểm tra gần nhất.';
comment on column quarantine.event.last_tried_at is
    'When it was checked last. / Thời điểm kiểm tra gần nhất.';
comment on column quarantine.event.tries is
    'How often it was checked and failed. / Số lần kiểm tra không đạt.';
comment on column quarantine.event.closed_at is
    'When it was replayed or discarded. / Thời điểm xử lý xong.';
comment on column quarantine.event.closed_by is
    'Who had it replayed or discarded. / Người hoặc tác vụ xử lý.';
comment on column quarantine.event.close_reason is
    'Why, in their words. / Lý do xử lý.';
comment on column quarantine.event.closed_load_id is
    'Replay that closed it. / Lần nạp lại đã xử lý.';
comment on column quarantine.event.outcome is
    'Of a replayed one: loaded, or duplicate of an event that core had already. / Đã nạp, hoặc trùng với sự kiện đã có.';

drop view quarantine.open_by_cause;
create view quarantine.open_by_cause as
select
    event,
    origin,
    rule,
    severity,
    missing_references,
    count(*) as records,
    min(reason_en) as example_en,
    min(reason_vi) as example_vi,
    min(quarantined_at) as first_at,
    max(quarantined_at) as last_at,
    max(last_tried_at) as last_tried_at
from quarantine.event
where status = 'open'
group by event, origin, rule, severity, missing_references;

comment on view quarantine.open_by_cause is
    'Open entries of the quarantine by event and rule. / Các bản ghi đang cách ly theo loại sự kiện và quy tắc.';
comment on column quarantine.open_by_cause.event is 'Event type. / Loại sự kiện.';
comment on column quarantine.open_by_cause.origin is 'landing or check. / Bước phát hiện lỗi.';
comment on column quarantine.open_by_cause.rule is 'The first critical rule broken. / Quy tắc đầu tiên bị vi phạm.';
comment on column quarantine.open_by_cause.severity is 'Severity of the rule. / Mức độ của quy tắc.';
comment on column quarantine.open_by_cause.missing_references is
    'Reference lists that it waits for, if nothing else is wrong. / Danh mục còn thiếu mã.';
comment on column quarantine.open_by_cause.records is 'How many. / Số bản ghi.';
comment on column quarantine.open_by_cause.example_en is 'One of the reasons, in English. / Một lý do bằng tiếng Anh.';
comment on column quarantine.open_by_cause.example_vi is 'One of the reasons, in Vietnamese. / Một lý do bằng tiếng Việt.';
comment on column quarantine.open_by_cause.first_at is 'When the first came in. / Thời điểm bản ghi đầu tiên.';
comment on column quarantine.open_by_cause.last_at is 'When the last came in. / Thời điểm bản ghi gần nhất.';
comment on column quarantine.open_by_cause.last_tried_at is
    'When one of them was checked last. / Thời điểm kiểm tra gần nhất.';
