"""The warehouse's tables: the fixed ones, and those made from contracts."""
