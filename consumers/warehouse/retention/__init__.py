"""retention: what the contracts' terms take out of lake, quarantine and core, and how far that has gone."""
