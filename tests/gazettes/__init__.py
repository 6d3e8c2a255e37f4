"""Tests on the gazettes themselves, ../shared/gazettes."""

from pathlib import Path

FOLDER = Path(__file__).resolve().parents[3] / "shared" / "gazettes"
