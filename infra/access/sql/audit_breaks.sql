-- Entries of the audit that are not what was written: changed, or not following on the one before. The last line is the
-- end of the chain, which tells when entries were cut off.
with chained as (
    select entry_id,
        entry_id <> row_number() over before_it as is_misnumbered,
        previous_hash <> coalesce(lag(hash) over before_it, sha256('')) as is_torn,
        hash <> sha256(previous_hash || convert_to(jsonb_build_array(
            entry_id, extract(epoch from at)::text, actor, action, subject, detail)::text, 'UTF8')) as is_changed
    from access.audit
    window before_it as (order by entry_id)
)
select entry_id,
    case when is_changed then 'its content was changed'
        when is_torn then 'the entry before it was changed or taken out'
        else 'an entry before it is missing' end as what
from chained
where is_misnumbered or is_torn or is_changed
union all
select head.entry_id, 'the end of the audit was cut off or replaced'
from access.audit_head as head
where not exists (
    select 1 from access.audit as last
    where last.entry_id = head.entry_id and last.hash = head.hash
        and last.entry_id = (select max(entry_id) from access.audit))
    and not (head.entry_id = 0 and not exists (select 1 from access.audit))
order by 1
