-- The gateway tells clients what became of their events. It may ask for one event at a time and learns no content of it: its
-- login reads no table of core or quarantine, only this function does.
create index event_event_id_idx on quarantine.event (event_id);

create function access.event_state(of_event text, of_id uuid)
returns table (
    state text,
    source text,
    kafka_partition integer,
    kafka_offset bigint,
    load_id bigint,
    since timestamptz,
    rules text[],
    reason_en text,
    reason_vi text,
    waits_for text[],
    tries integer,
    close_reason text
)
language plpgsql stable security definer
set search_path = pg_catalog, pg_temp
as $$
declare
    rows_of constant regclass := to_regclass('core.' || quote_ident(of_event));
begin
    if rows_of is not null then
        -- A regclass is a name that exists, quoted as it must be.
        return query execute
            'select ''loaded'', found.source::text, found.kafka_partition, found.kafka_offset, load_id, load.published_at,'
            ' null::text[], null, null, null::text[], null::integer, null'
            ' from ' || rows_of || ' as found join ledger.load using (load_id) where found.event_id = $1'
        using of_id;
        if found then
            return;
        end if;
    end if;
    return query
        select
            case entry.status when 'discarded' then 'discarded' else 'quarantined' end, entry.payload ->> 'source',
            entry.kafka_partition, entry.kafka_offset, entry.last_tried_load_id, entry.quarantined_at, entry.rules,
            entry.reason_en, entry.reason_vi, entry.missing_references, entry.tries, entry.close_reason
        from quarantine.event as entry
        where entry.event = of_event and entry.event_id = of_id
        order by entry.id desc
        limit 1;
end
$$;

comment on function access.event_state is
    'What became of an event: loaded, quarantined or discarded; no row while it is in neither. '
    '/ Tình trạng của một sự kiện: đã nạp, bị cách ly hoặc bị loại bỏ; không có dòng nào nếu chưa đến kho.';

revoke execute on function access.event_state from public;
grant execute on function access.event_state to gateway;
