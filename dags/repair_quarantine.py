"""`repair_quarantine`: the quarantine desk: choose a cause, dry run, a second person, replay or discard.

Wiring only: the work is consumers/warehouse/rehearsal.py and repair.py.
"""

from __future__ import annotations

import os
from datetime import timedelta
from typing import Any

from airflow.sdk import DAG, Param, task
from airflow.sdk.exceptions import AirflowSkipException

from dags.assets import REPLAYED, loaded
from dags.people import APPROVE, PATIENCE, ChooseOperator, SecondPersonOperator, responder
from dags.retries import RETRIES
from dags.standing import standing
from infra.settings import approvers_of

DOC = """
### Quarantine desk / Xử lý bản ghi bị cách ly

For rows that wait in quarantine although they are good (a rule, a contract or a list was wrong and is mended), and for
rows that will never load.

1. **Trigger** this DAG; it needs nothing.
2. *choose* waits under **Required Actions**: pick a cause, `replay` or `discard`, and say why.
3. *dry_run* loads the rows on staged copies, builds the marts with them, and rolls everything back.
4. *approve* waits for **somebody else**: the page shows how many would load, how many fail again and why, and which
   figures change.
5. *repair* replays them through the normal load, or closes them as discarded. Every entry keeps who asked, who approved
   and why (`quarantine.repair`).

**When a run fails** nothing was written by the task that failed, and rows repaired before it stay repaired: mend
what the message names and clear the task. Nothing loads twice, however often it runs. After a day without an answer a
task asks again. By command: `hagiang quarantine repair`.

**Xử lý**: chạy DAG này, chọn nguyên nhân và nêu lý do, xem kết quả chạy thử; **người thứ hai** phê duyệt, sau đó dữ
liệu được nạp lại hoặc loại bỏ. **Khi một lần chạy lỗi**: tác vụ lỗi chưa ghi gì; sửa nguyên nhân rồi chạy lại tác vụ.
"""

_MOST = 30  # options on one page


@task(**RETRIES, execution_timeout=timedelta(minutes=5))
def causes() -> dict[str, Any]:
    """Causes with open entries, the most frequent first; skips the run when there are none."""
    from dataclasses import asdict

    from consumers.warehouse.desk_text import causes_text
    from consumers.warehouse.quarantined import open_causes
    from dags.surroundings import open_surroundings

    with open_surroundings(os.environ) as at:
        found = [each for each in open_causes(at.engine) if each.event in at.catalog][:_MOST]
    if not found:
        raise AirflowSkipException("nothing is in quarantine / không có bản ghi nào bị cách ly")
    by_title = {each.title: {"event": each.event, "cause": asdict(each.key)} for each in found}
    return {"titles": list(by_title), "text": causes_text(found), "by_title": by_title}


@task(**RETRIES, execution_timeout=timedelta(minutes=30))
def dry_run(by_title: dict[str, Any], chosen: dict[str, Any], run_id: str | None = None) -> dict[str, Any]:
    """Do it on staged copies, roll it back, and put the wish on record with what was found."""
    from consumers.warehouse.closing import Closing
    from consumers.warehouse.desk_text import dry_run_text
    from consumers.warehouse.marts.build import now
    from consumers.warehouse.rehearsal import rehearse
    from consumers.warehouse.repair import ask
    from consumers.warehouse.replay import Desk
    from consumers.warehouse.replay_choice import CauseKey, Choice
    from dags.surroundings import open_surroundings
    from schemas.registry import Registry

    (title,), form = chosen["chosen_options"], chosen["params_input"]
    event, cause = by_title[title]["event"], by_title[title]["cause"]
    choice = Choice(cause=CauseKey(**{**cause, "missing_references": tuple(cause["missing_references"])}))
    closing = Closing(responder(chosen), form["reason"])
    with open_surroundings(os.environ) as at, Registry(at.settings.registry_url) as registry:
        desk = Desk(at.engine, at.lake, registry.schema_by_id, closing)
        found = rehearse(desk, at.catalog[event], choice, str(run_id), at.catalog, now)
        repair_id = ask(at.engine, event, form["action"], found, closing, str(run_id))
    about = {"title": title, "action": form["action"], "asked_by": closing.by, "reason": closing.reason}
    return {"repair_id": repair_id, "event": event, **about, "text": dry_run_text(about, found.as_json())}


@task(**RETRIES, execution_timeout=timedelta(hours=2), outlets=[REPLAYED])
def repair(
    event: str, repair_id: int, decided: dict[str, Any], run_id: str | None = None, outlet_events: Any = None
) -> dict[str, int]:
    """Put the decision on record and carry it out; how many entries became what, and how many are open still."""
    from consumers.warehouse.closing import Closing
    from consumers.warehouse.repair import carry_out, decide
    from consumers.warehouse.replay import Desk
    from dags.surroundings import open_surroundings
    from schemas.registry import Registry

    with open_surroundings(os.environ) as at, Registry(at.settings.registry_url) as registry:
        by, why = responder(decided), decided["params_input"].get("reason") or ""
        made = decide(at.engine, repair_id, by, why, approved=decided["chosen_options"] == [APPROVE])
        if made.decision != "approved":
            raise AirflowSkipException(f"refused by {made.decided_by}")
        desk = Desk(at.engine, at.lake, registry.schema_by_id, Closing(made.asked_by, made.reason))
        counts = dict(carry_out(desk, at.catalog[event], repair_id, str(run_id)))
        if counts["loaded"]:
            outlet_events[REPLAYED].add(loaded(at.catalog[event]))
    return counts


with DAG(
    dag_id="repair_quarantine",
    description="Xử lý bản ghi bị cách ly: chọn nguyên nhân, chạy thử, người thứ hai phê duyệt, nạp lại hoặc loại bỏ",
    doc_md=DOC,
    schedule=None,
    tags=["quarantine"],
    **standing(max_active_runs=8),
):
    found = causes()
    chosen = ChooseOperator(
        task_id="choose",
        subject="What is to be repaired? / Cần xử lý nguyên nhân nào?",
        body=found["text"],
        options=found["titles"],
        params={
            "action": Param(
                "replay",
                type="string",
                enum=["replay", "discard"],
                title="replay: nạp lại; discard: loại bỏ vĩnh viễn",
            ),
            "reason": Param("", type="string", title="Why? / Lý do"),
        },
        response_timeout=PATIENCE,
        **RETRIES,
    )
    tried = dry_run(found["by_title"], chosen.output)
    decided = SecondPersonOperator(
        task_id="approve",
        subject="Approve the repair? Not by who asked. / Phê duyệt xử lý? Không phải người đề nghị.",
        body=tried["text"],
        asked_by=tried["asked_by"],
        approvers=approvers_of(os.environ),
        params={"reason": Param("", type=["null", "string"], title="Remark / Ý kiến")},
        response_timeout=PATIENCE,
        **RETRIES,
    )
    repair(tried["event"], tried["repair_id"], decided.output)
