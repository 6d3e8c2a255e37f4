"""The screens, a module each, in the order of the rail."""

from __future__ import annotations

from api.console.screen import Screen
from api.console.screens.backtest import Backtests
from api.console.screens.contacts import Contacts
from api.console.screens.decision import Decision, OwnDecision
from api.console.screens.drill_review import DrillReview
from api.console.screens.drill_stage import DrillStage
from api.console.screens.drills import DrillsScreen
from api.console.screens.duties import Duties
from api.console.screens.handover import EarlierHandover, HandoverScreen
from api.console.screens.incident import IncidentScreen
from api.console.screens.incident_whatif import WhatIf
from api.console.screens.incidents import Incidents
from api.console.screens.journal import JournalScreen
from api.console.screens.overview import Overview
from api.console.screens.paper import IncidentPaper
from api.console.screens.paper_sheets import ContactSheet, DeadlineSheet, DutyCards
from api.console.screens.people import People
from api.console.screens.people_person import OnePerson
from api.console.screens.plan import OnePlan
from api.console.screens.plans import Plans
from api.console.screens.report import Concerns, Report
from api.console.screens.search import Search
from api.console.screens.sign import Sign
from api.console.screens.status import Status
from api.console.screens.sweep import Sweep
from api.console.screens.wall import Wall
from api.console.screens.watch import Watch, Watches

SCREENS: tuple[type[Screen], ...] = (
    Overview,
    Report,
    Concerns,
    Incidents,
    IncidentScreen,
    WhatIf,
    Sign,
    Decision,
    OwnDecision,
    Duties,
    JournalScreen,
    HandoverScreen,
    EarlierHandover,
    Plans,
    OnePlan,
    DrillsScreen,
    Sweep,
    Backtests,
    Contacts,
    People,
    OnePerson,
    Status,
    Watches,
    Watch,
    Search,
    Wall,
    IncidentPaper,
    DutyCards,
    DeadlineSheet,
    ContactSheet,
)
IN_DRILLS: tuple[type[Screen], ...] = (
    DrillStage,
    Incidents,
    IncidentScreen,
    WhatIf,
    Sign,
    Decision,
    OwnDecision,
    Duties,
    JournalScreen,
    DrillReview,
    Plans,
    OnePlan,
    Search,
    Wall,
    IncidentPaper,
    DutyCards,
    DeadlineSheet,
)
"""Those that a drill has; every other is the live office's. A drill may have another screen under the same path."""
