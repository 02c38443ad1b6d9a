"""Records of the national portal's dossier synchronisation as events."""
