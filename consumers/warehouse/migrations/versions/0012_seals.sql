-- Seals: a signed Merkle root over each published batch. Rows are only added.

create table ledger.seal (
    topic text not null,
    partition integer not null,
    from_offset bigint not null,
    next_offset bigint not null,
    leaves bigint default 0 not null,
    consumed bigint default 0 not null,
    loaded bigint default 0 not null,
    duplicate bigint default 0 not null,
    quarantined bigint default 0 not null,
    rejected bigint default 0 not null,
    erased bigint default 0 not null,
    root bytea not null,
    previous bytea not null,
    hash bytea not null,
    sealed_at timestamptz not null,
    key_id text not null,
    signature bytea not null,
    constraint seal_pkey primary key (topic, partition, next_offset),
    constraint seal_sizes_check check (octet_length(root) = 32 and octet_length(previous) = 32 and octet_length(hash) = 32 and octet_length(signature) = 64),
    constraint seal_conservation_check check (consumed = loaded + duplicate + quarantined + rejected + erased),
    constraint seal_topic_partition_from_offset_key unique (topic, partition, from_offset),
    constraint seal_topic_partition_previous_key unique (topic, partition, previous),
    constraint seal_topic_partition_next_offset_fkey foreign key(topic, partition, next_offset) references ledger.batch (topic, partition, next_offset)
);
comment on table ledger.seal is
    'One signed seal for each published batch; rows are only added. / Mỗi dòng là một niêm phong có chữ ký cho một lô đã ghi; chỉ được thêm, không sửa, không xóa.';
comment on column ledger.seal.topic is
    'Kafka topic. / Chủ đề Kafka.';
comment on column ledger.seal.partition is
    'Kafka partition. / Phân vùng Kafka.';
comment on column ledger.seal.from_offset is
    'First offset of the batch. / Vị trí đầu của lô.';
comment on column ledger.seal.next_offset is
    'First offset after it. / Vị trí kế tiếp.';
comment on column ledger.seal.leaves is
    'Records under the root. / Số bản ghi dưới gốc cây băm.';
comment on column ledger.seal.consumed is
    'Records of the batch when it was sealed. / Số bản ghi của lô khi niêm phong.';
comment on column ledger.seal.loaded is
    'New in core, as the ledger had it then. / Số dòng mới ghi vào kho.';
comment on column ledger.seal.duplicate is
    'Repeats, as the ledger had it then. / Số bản ghi trùng.';
comment on column ledger.seal.quarantined is
    'Quarantined, as the ledger had it then. / Số dòng bị cách ly.';
comment on column ledger.seal.rejected is
    'Undecodable, as the ledger had it then. / Số bản ghi không giải mã được.';
comment on column ledger.seal.erased is
    'Erased, as the ledger had it then. / Số bản ghi đã xóa.';
comment on column ledger.seal.root is
    'Merkle root over the records. / Gốc cây băm Merkle.';
comment on column ledger.seal.previous is
    'Hash of the partition''s seal before; zeros for the first. / Mã băm của niêm phong trước.';
comment on column ledger.seal.hash is
    'SHA-256 of what is signed. / Mã băm của nội dung đã ký.';
comment on column ledger.seal.sealed_at is
    'When. / Thời điểm niêm phong.';
comment on column ledger.seal.key_id is
    'Which key signed. / Mã khóa ký.';
comment on column ledger.seal.signature is
    'Ed25519 signature. / Chữ ký Ed25519.';

create function ledger.refuse_seal_change() returns trigger language plpgsql as $$
begin
    raise insufficient_privilege using message = 'ledger.seal is append-only: ' || tg_op || ' is refused';
end $$;
create trigger seal_rows_stay before update or delete on ledger.seal
    for each row execute function ledger.refuse_seal_change();
create trigger seal_stays before truncate on ledger.seal
    for each statement execute function ledger.refuse_seal_change();
