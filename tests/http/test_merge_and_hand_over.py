"""What must not get lost when incidents become one and when a shift changes hands."""

from __future__ import annotations

from tests.http.duty_office import POLLUTION, City, signature


def test_a_level_in_force_is_not_lost_by_merging(city: City) -> None:
    orange = city.orange()
    bare = city.opened(plans=[])
    body = {"into": bare, "reason": "同一过程"}
    status, code, message = city.officer.refused(f"/incidents/{orange}/merge", body)
    assert (status, code) == (409, "refused")
    assert message == "并入的事件没有启用《朔州市重污染天气应急预案》，在行的级别会随并入失去"
    city.officer.post(f"/incidents/{bare}/plans", {"plan": POLLUTION})
    assert city.officer.refused(f"/incidents/{orange}/merge", body)[2] == (
        "《朔州市重污染天气应急预案》在行的预警级别橙色高于并入的事件，会随并入失去"
    )
    assert city.officer.get(f"/incidents/{orange}")["status"] == "open"
    city.vice.post(f"/incidents/{bare}/decisions", signature("orange", "主管副市长", reason="两起并为一起"))
    city.officer.post(f"/incidents/{orange}/merge", body)
    assert city.officer.get(f"/incidents/{orange}")["status"] == "merged"


def test_nobody_can_keep_a_hand_over_out_of_the_journal(city: City) -> None:
    incident = city.orange()
    second = city.office.hire("second", "officer", posts=("值班员",))
    handover = city.officer.post("/handovers", {"to_person": second.id})["id"]
    for key in (f"handover/{handover}", handover):
        city.leader.post(f"/incidents/{incident}/notes", {"text": "占用"}, key)
    city.officer.post(f"/handovers/{handover}/sign")
    second.post(f"/handovers/{handover}/sign")
    (entry,) = city.officer.get(f"/incidents/{incident}/journal", kind="handed_over")["entries"]
    assert entry["body"]["handover"] == handover
