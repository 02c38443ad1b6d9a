"""Names of the variables that mark every process of a stack, so that what was left behind can be found."""

from __future__ import annotations

HOME_MARK = "HAGIANG_HOME"
PART_MARK = "HAGIANG_PART"
