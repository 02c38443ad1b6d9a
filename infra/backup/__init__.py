"""Backups of the warehouse and the lake, and the way back from them."""
