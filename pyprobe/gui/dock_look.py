"""Dock look: what holds for all dock managers, and which of our icons their buttons have."""

import PyQt6Ads as ads

_FLAG = ads.CDockManager.eConfigFlag

DOCK_ICONS = {
    ads.eIcon.TabCloseIcon: "close",
    ads.eIcon.DockAreaCloseIcon: "close",
    ads.eIcon.DockAreaMenuIcon: "next",
    ads.eIcon.DockAreaUndockIcon: "float",
}
BUTTON_ICONS = {
    "tabCloseButton": "close",
    "dockAreaCloseButton": "close",
    "tabsMenuButton": "next",
    "detachGroupButton": "float",
}


def configure_docks() -> None:
    """Set what holds for all dock managers; has to run before the first is made."""
    manager = ads.CDockManager
    manager.setConfigFlags(_FLAG.DefaultOpaqueConfig)
    for flag, is_on in (
        (_FLAG.DisableStylesheet, True),
        (_FLAG.FocusHighlighting, False),
        (_FLAG.HideSingleCentralWidgetTitleBar, True),
        (_FLAG.AllTabsHaveCloseButton, False),  # the active one has: the others need the room
        (_FLAG.ActiveTabHasCloseButton, True),
        (_FLAG.MiddleMouseButtonClosesTab, True),
        (_FLAG.DisableTabTextEliding, True),  # tabs without room stand in the menu beside them
        (_FLAG.TabCloseButtonIsToolButton, True),
        (_FLAG.DockAreaHasCloseButton, False),
        (_FLAG.DockAreaHasUndockButton, True),
        (_FLAG.DockAreaHasTabsMenuButton, True),
        (_FLAG.DockAreaDynamicTabsMenuButtonVisibility, True),
        (_FLAG.EqualSplitOnInsertion, True),
        (_FLAG.FloatingContainerHasWidgetTitle, True),
    ):
        manager.setConfigFlag(flag, is_on)
