"""Partners' own ways in."""
