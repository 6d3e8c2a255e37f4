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


def test_what_happened_after_the_summary_is_counted_and_it_can_be_made_anew(city: City) -> None:
    incident = city.orange()
    second = city.office.hire("second", "officer", posts=("值班员",))
    third = city.office.hire("third", "officer", posts=("值班员",))
    begun = city.officer.post("/handovers", {"to_person": second.id})
    where = f"/handovers/{begun['id']}"
    assert begun["since"] == {"entries": 0, "incidents": 0}
    city.officer.post(f"{where}/sign")
    city.officer.post(f"/incidents/{incident}/notes", {"text": "市民来电询问"})
    city.opened(title="另一件")
    assert second.get(where)["since"] == {"entries": 1, "incidents": 1}

    assert third.refused(f"{where}/renewal")[:2] == (403, "forbidden")
    renewed = second.post(f"{where}/renewal")
    assert (renewed["id"], renewed["signed_from_at"], renewed["since"]) == (begun["id"], None, {"entries": 0, "incidents": 0})
    assert len(renewed["summary"]["incidents"]) == 2
    for one in (city.officer, second):
        assert one.post(f"{where}/sign")["id"] == begun["id"]
    assert second.refused(f"{where}/renewal") == (409, "conflict", "双方已经签过，不能重新作成")
    assert second.get(where)["since"] is None
