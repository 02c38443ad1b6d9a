"""What a record of the dossier synchronisation becomes."""

from __future__ import annotations

import json
from datetime import UTC, datetime
from typing import Any

import pytest

from producers.dossier_sync.records import SyncSource, translate
from producers.dossier_sync.routes import adapt
from producers.dossier_sync.values import RecordInvalid
from producers.gateway.adapted_records import Posted
from producers.gateway.problems import Problem
from producers.translated import Translated
from schemas.catalog import load_catalog
from schemas.codec import prepare
from tests.sync_records import sync_record

CODEC = prepare(load_catalog()["dossier_status_changed"])
HERE = SyncSource()


def event_of(**changes: Any) -> dict[str, Any]:
    return dict(translate(sync_record(**changes), HERE).event)


def test_a_record_becomes_the_step_that_brought_it_there() -> None:
    event = event_of()
    assert CODEC.check(event) == []
    del event["event_id"]
    assert event == {
        "occurred_at": datetime(2021, 6, 23, 9, tzinfo=UTC),
        "source": "H22.05",
        "synthetic": False,
        "dossier_code": "H22.05-210621-000001",
        "procedure_code": "2.002492",
        "agency_code": "H22.05",
        "commune_code": "00688",
        "previous_status": None,
        "status": 9,
        "channel": "online",
        "applicant_kind": "citizen",
        "received_at": datetime(2021, 6, 21, 1, tzinfo=UTC),
        "due_at": datetime(2021, 6, 25, 10, tzinfo=UTC),
        "fee_vnd": 20_000,
        "paid_online": True,
        "needs_result_document": None,
        "electronic_result": True,
        "component_count": None,
        "digitised_component_count": 1,
    }


def test_nothing_about_a_person_is_carried() -> None:
    said = str(translate(sync_record(), HERE))
    record = sync_record()
    for field in ("ChuHoSo", "SoGiayToChuHoSo", "Email", "SoDienThoai"):
        assert record[field]
        assert record[field] not in said
    assert "https" not in said


def test_the_same_step_is_the_same_event_and_another_step_is_not() -> None:
    assert event_of()["event_id"] == event_of(GhiChu="gửi lại")["event_id"]
    others = [event_of(TrangThaiHoSo="8"), event_of(NgayKetThucXuLy="20210623160001")]
    others += [event_of(MaHoSo="H22.05-210621-000002"), dict(translate(sync_record(), SyncSource("H22")).event)]
    assert len({each["event_id"] for each in [event_of(), *others]}) == 5


@pytest.mark.parametrize(
    ("status", "times", "when"),
    [
        ("1", {}, datetime(2021, 6, 21, 0, 30, tzinfo=UTC)),
        ("1", {"NgayNopHoSo": ""}, datetime(2021, 6, 21, 1, tzinfo=UTC)),
        ("2", {}, datetime(2021, 6, 21, 1, tzinfo=UTC)),
        ("3", {"NgayTuChoi": "20210622000000"}, datetime(2021, 6, 21, 17, tzinfo=UTC)),
        ("4", {"ThoiDiemXuLy": "20210622080000"}, datetime(2021, 6, 22, 1, tzinfo=UTC)),
        ("10", {"NgayTra": "20210624080000"}, datetime(2021, 6, 24, 1, tzinfo=UTC)),
    ],
)
def test_each_state_has_its_time(status: str, times: dict[str, str], when: datetime) -> None:
    assert event_of(TrangThaiHoSo=status, **times)["occurred_at"] == when


def test_what_is_not_said_is_not_made_up() -> None:
    event = event_of(DanhSachLePhi=[], DanhSachGiayToKetQua=None, TaiLieuNop=None, KenhThucHien="", NgayHenTra="")
    assert (event["fee_vnd"], event["paid_online"], event["digitised_component_count"]) == (None, None, None)
    assert (event["channel"], event["due_at"]) == ("direct", None)
    assert event["electronic_result"] is False
    assert event_of(TrangThaiHoSo="2", DanhSachGiayToKetQua=[])["electronic_result"] is None


def test_the_agency_is_the_one_that_is_named_by_its_code_else_the_dossiers() -> None:
    assert event_of(DonViXuLy="000.00.07.H22")["agency_code"] == "H22.07"
    assert event_of(MaHoSo="000.00.19.H22-210624-0001")["agency_code"] == "H22.19"


def test_a_source_says_what_its_records_do_not() -> None:
    source = SyncSource("H22", "00691", {"1": "citizen"}, True)
    event = translate(sync_record(MaXa="", LoaiDoiTuong="1"), source).event
    assert (event["source"], event["commune_code"]) == ("H22", "00691")
    assert (event["applicant_kind"], event["synthetic"]) == ("citizen", True)


@pytest.mark.parametrize(
    ("changes", "field", "said"),
    [
        ({"MaHoSo": ""}, "MaHoSo", "missing"),
        ({"MaHoSo": "x-1-1"}, "MaHoSo", "'x-1-1'"),
        ({"MaHoSo": 7}, "MaHoSo", "must be text"),
        ({"TrangThaiHoSo": "11"}, "TrangThaiHoSo", "from 1 to 10"),
        ({"TrangThaiHoSo": 2}, "TrangThaiHoSo", "must be text"),
        ({"TrangThaiHoSo": "٢"}, "TrangThaiHoSo", "whole number"),
        ({"TrangThaiHoSo": "4"}, "ThoiDiemXuLy", "missing"),
        ({"NgayTiepNhan": "21/06/2021"}, "NgayTiepNhan", "21/06/2021"),
        ({"NgayTiepNhan": "20210631080000"}, "NgayTiepNhan", "yyyyMMddHHmmss"),
        ({"NgayHenTra": "2021062117000"}, "NgayHenTra", "yyyyMMddHHmmss"),
        ({"KenhThucHien": "9"}, "KenhThucHien", "one of 1, 2, 3"),
        ({"LoaiDoiTuong": ""}, "LoaiDoiTuong", "missing"),
        ({"LoaiDoiTuong": "5"}, "LoaiDoiTuong", "one of 0, 1, 2"),
        ({"MaXa": ""}, "MaXa", "missing"),
        ({"DanhSachLePhi": [{"Gia": "15.000"}]}, "Gia", "15.000"),
        ({"DanhSachLePhi": {}}, "DanhSachLePhi", "list"),
        ({"TaiLieuNop": ["x"]}, "TaiLieuNop", "list of objects"),
        ({"DuocThanhToanTrucTuyen": "yes"}, "DuocThanhToanTrucTuyen", "one of 0, 1"),
    ],
)
def test_a_bad_value_is_told_with_field_and_value(changes: dict[str, Any], field: str, said: str) -> None:
    with pytest.raises(RecordInvalid) as refused:
        translate(sync_record(**changes), HERE)
    (fault,) = refused.value.violations
    assert field in fault.field
    assert said in fault.message


@pytest.mark.parametrize("record", [None, [], "x", 7])
def test_what_is_no_object_is_no_record(record: Any) -> None:
    with pytest.raises(RecordInvalid, match="must be an object"):
        translate(record, HERE)


def test_a_bad_record_of_a_list_does_not_harm_the_others() -> None:
    body = b'[{}, {"MaHoSo": "H22.05-210621-000001", "TrangThaiHoSo": "x"}]'
    found = adapt(Posted(body, {}, None))
    assert [type(each) for each in found] == [RecordInvalid, RecordInvalid]
    assert "MaHoSo is missing" in str(found[0])
    assert "TrangThaiHoSo" in str(found[1])


def test_the_query_tells_what_applicants_are() -> None:
    body = json.dumps(sync_record(LoaiDoiTuong="1")).encode()
    (made,) = adapt(Posted(body, {"applicants": "1:citizen,2:business", "synthetic": "true"}, "H22"))
    assert isinstance(made, Translated)
    assert (made.event["applicant_kind"], made.event["source"], made.event["synthetic"]) == ("citizen", "H22", True)


@pytest.mark.parametrize(
    "query",
    [
        {"applicants": "1:king"},
        {"applicants": ""},
        {"applicants": "1:citizen,1:business"},
        {"commune": ""},
        {"commune": "688"},
    ],
)
def test_a_query_that_says_nonsense_is_refused(query: dict[str, str]) -> None:
    with pytest.raises(Problem) as refused:
        adapt(Posted(json.dumps(sync_record()).encode(), query, None))
    assert (refused.value.status, refused.value.kind) == (400, "query")
    assert refused.value.detail.startswith(next(iter(query)))


def test_all_faults_of_a_record_are_told_at_once() -> None:
    record = sync_record(TrangThaiHoSo="2", NgayTiepNhan="20210631080000", KenhThucHien="9", MaXa="", MaTTHC=7)
    record |= {"DanhSachLePhi": [{"Gia": "1"}, {"Gia": "15.000"}], "kenhthuchien": "2", "Kem_theo": "1"}
    with pytest.raises(RecordInvalid) as refused:
        translate(record, HERE)
    fields = [each.field for each in refused.value.violations]
    assert fields == [
        "kenhthuchien",
        "NgayTiepNhan",
        "DanhSachLePhi[1].Gia",
        "MaTTHC",
        "MaXa",
        "KenhThucHien",
    ]


@pytest.mark.parametrize(
    ("changes", "at", "meant"),
    [
        ({"KenhThuchien": "2"}, "KenhThuchien", "KenhThucHien"),
        ({"NgayHenTraa": ""}, "NgayHenTraa", "NgayHenTra"),
        ({"LoaiDoiTuogn": "1"}, "LoaiDoiTuogn", "LoaiDoiTuong"),
        ({"ma_xa": "00688"}, "ma_xa", "MaXa"),
        ({"MãXã": "00688"}, "MãXã", "MaXa"),
        ({"DanhSachLePhi": [{"gia": "1", "Gia": "2"}]}, "DanhSachLePhi[0].gia", "Gia"),
        ({"TaiLieuNop": [{}, {"DuongDanTaiTepTn": ""}]}, "TaiLieuNop[1].DuongDanTaiTepTn", "DuongDanTaiTepTin"),
    ],
)
def test_a_misspelt_key_is_refused_with_the_one_that_was_meant(changes: dict[str, Any], at: str, meant: str) -> None:
    with pytest.raises(RecordInvalid) as refused:
        translate(sync_record(**changes), HERE)
    (fault,) = refused.value.violations
    assert (fault.field, fault.rule) == (at, "unknown_field")
    assert f"did you mean {meant}?" in fault.message
    assert f"có phải là {meant}?" in fault.message_vi


def test_keys_that_are_like_none_of_ours_are_tolerated() -> None:
    assert event_of(TrichYeuHoSo="x", MaTinh="22", NgayTraKetQua="", TenXa="", **{"\ud800": 1}) == event_of()


def test_hints_fit_what_the_sender_has_said() -> None:
    def said(query: dict[str, str], **changes: Any) -> str:
        (found,) = adapt(Posted(json.dumps(sync_record(**changes)).encode(), query, None))
        return str(found)

    assert "is told in the address, as in ?commune=00688" in said({}, MaXa="")
    assert "as in ?applicants=1:citizen,2:business" in said({}, LoaiDoiTuong="7")
    assert "must be one of 1, is '7'; these are the values that ?applicants=" in said(
        {"applicants": "1:citizen"}, LoaiDoiTuong="7"
    )
    with pytest.raises(RecordInvalid, match="--commune 00688"):
        translate(sync_record(MaXa=""), HERE)


@pytest.mark.parametrize(
    ("written", "said", "said_vi"),
    [
        ("20210230080000", "a day or an hour that does not exist", "không có thật"),
        ("20210621", "has no hour, minute and second", "thiếu giờ"),
        ("2021-06-21 08:00", "is no time of 14 digits", "14 chữ số"),
    ],
)
def test_a_time_that_is_none_says_why(written: str, said: str, said_vi: str) -> None:
    with pytest.raises(RecordInvalid) as refused:
        translate(sync_record(NgayHenTra=written), HERE)
    (fault,) = refused.value.violations
    assert said in fault.message
    assert said_vi in fault.message_vi
