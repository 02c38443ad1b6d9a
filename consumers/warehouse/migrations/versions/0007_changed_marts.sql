-- Marts are built for what changed: that takes the order in which loads were published, and what a build was made from.

alter table ledger.load add column publication bigint;
comment on column ledger.load.publication is
    'Place among the published loads of the event, in the order they were committed, without gaps. / Thứ tự ghi vào kho trong các lần nạp của loại sự kiện.';

update ledger.load
set publication = numbered.place
from (
    select load_id, row_number() over (partition by event order by published_at, load_id) as place
    from ledger.load
    where state = 'published'
) as numbered
where load.load_id = numbered.load_id;

alter table ledger.load
    add constraint load_event_publication_key unique (event, publication),
    add constraint load_publication_check check ((state = 'published') = (publication is not null));

-- Numbered here, so that no load can be published without: whoever sees a number sees the loads of all lower ones too,
-- since the next number of an event is given only after the transaction with the one before it has ended. Numbers of
-- loads (load_id) would not do: they are given when a load begins, and a later one may be published first.
create function ledger.number_publication() returns trigger language plpgsql as $$
begin
    perform pg_advisory_xact_lock(hashtextextended('ledger.load.publication ' || new.event, 0));
    select coalesce(max(publication), 0) + 1 into new.publication from ledger.load where event = new.event;
    return new;
end
$$;
comment on function ledger.number_publication() is
    'Gives a load its place when it is published. / Đánh số thứ tự khi lần nạp được ghi vào kho.';
create trigger number_publication before insert or update of state on ledger.load
for each row when (new.state = 'published' and new.publication is null)
execute function ledger.number_publication();

alter table ledger.mart_build
    add column kind text default 'whole' not null,
    add column days date[],
    add column publications jsonb default '{}' not null,
    add column inputs jsonb default '{}' not null,
    add column content text,
    add constraint mart_build_kind_check check (kind in ('whole', 'changed', 'unchanged'));
create index mart_build_mart_build_id_idx on ledger.mart_build (mart, build_id);
comment on column ledger.mart_build.kind is
    'whole, changed (only what new loads touched was filled anew), unchanged (nothing it is made from had changed). / Cách dựng: toàn bộ, chỉ phần thay đổi, hoặc không đổi.';
comment on column ledger.mart_build.days is
    'Days whose figures may have changed; null for any day, empty for none. / Các ngày có số liệu có thể đã thay đổi; trống là mọi ngày.';
comment on column ledger.mart_build.publications is
    'How many published loads of each event are in it (ledger.load.publication). / Số lần nạp đã ghi của từng loại sự kiện được tính.';
comment on column ledger.mart_build.inputs is
    'What else it was made from: its file, the migration, and what it watches. / Các đầu vào khác: tệp SQL, phiên bản kho, dữ liệu được theo dõi.';
comment on column ledger.mart_build.content is
    'Hash of the rows of a small mart, to see whether a build changed anything. / Mã băm nội dung của bảng nhỏ.';
