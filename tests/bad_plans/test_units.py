"""Units and their contacts: aliases, the deployment's override file, and what can be wrong with it."""

from __future__ import annotations

import datetime

from engine.plan.load import load
from engine.plan.units import Contact

UNITS = "jurisdiction: 某市\nunits:\n  - {name: 某市应急管理局, level: 市, aliases: [市应急局]}\n"


def test_a_unit_is_found_by_any_of_its_names() -> None:
    units = load({}, {"u.yaml": UNITS}, {}).units["某市"]
    assert units.find("市应急局") == units.find("某市应急管理局")
    assert units.find("市应急") is None


def test_contacts_come_from_a_file_of_the_deployments_and_the_last_one_counts() -> None:
    contact = "jurisdiction: 某市\ncontacts:\n  - {unit: 市应急局, post: 值班室, phone: '0000', verified_at: 2026-10-01}\n"
    later = contact.replace("0000", "1111").replace("10-01", "11-01")
    loaded = load({}, {"u.yaml": UNITS, "v.yaml": contact, "w.yaml": later}, {})
    assert loaded.findings == ()
    unit = loaded.units["某市"].find("市应急局")
    assert unit is not None
    assert unit.contacts == (Contact("值班室", "1111", None, datetime.date(2026, 11, 1)),)


def test_what_is_wrong_with_contacts_is_found() -> None:
    text = (
        "jurisdiction: 某市\ncontacts:\n  - {unit: 市应急菊, post: 值班室, phone: '1', verified_at: 2026-10-01}\n"
        "  - {unit: 市应急局, post: 门卫, phone: '1', verified_at: 2026-10-01}\n"
    )
    found = load({}, {"u.yaml": UNITS, "v.yaml": text}, {}).findings
    assert [(finding.place.line, finding.code) for finding in found] == [(3, "unknown-unit"), (4, "unknown-post")]
    missing = load({}, {"u.yaml": UNITS, "v.yaml": text.replace(", verified_at: 2026-10-01", "")}, {}).findings
    assert {finding.code for finding in missing} == {"missing-key"}


def test_one_name_means_one_unit() -> None:
    other = UNITS.replace("某市应急管理局", "某市应急中心")
    found = load({}, {"u.yaml": UNITS, "v.yaml": other}, {}).findings
    assert [finding.code for finding in found] == ["duplicate-id"]
