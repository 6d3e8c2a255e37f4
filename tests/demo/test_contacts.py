"""The demonstration's numbers: fictitious, marked, and never those of an office."""

from __future__ import annotations

from pathlib import Path

from api.demo.store import demo_library
from api.library import Library, plans_folder


def numbers(library: Library) -> dict[str, list[str]]:
    return {
        place: [one.phone for unit in {one.name: one for one in units.by_name.values()}.values() for one in unit.contacts]
        for place, units in library.current().units.items()
    }


def test_every_place_of_the_demonstration_has_numbers_that_are_plainly_made_up() -> None:
    library = demo_library((plans_folder(),))
    assert library.rejected == ()
    found = numbers(library)
    assert {len(one) > 5 for one in found.values()} == {True}
    for phones in found.values():
        assert all(phone.startswith("000-00000") and phone.endswith("（演示）") for phone in phones)
        assert len(set(phones)) == len(phones)


def test_an_office_has_none_of_them_and_its_own_go_before_them(tmp_path: Path) -> None:
    assert not any(numbers(Library((plans_folder(),))).values())
    (tmp_path / "units").mkdir()
    place, unit = next((place, units) for place, units in demo_library((plans_folder(),)).current().units.items())
    one = next(each for each in unit.by_name.values() if each.contacts)
    text = f"jurisdiction: {place}\ncontacts:\n  - {{unit: {one.name}, post: {one.contacts[0].post}, phone: '12345', verified_at: 2026-01-01}}\n"
    (tmp_path / "units" / "own.yaml").write_text(text, "utf-8")
    assert "12345" in numbers(demo_library((plans_folder(), tmp_path)))[place]
