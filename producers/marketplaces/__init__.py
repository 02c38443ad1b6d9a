"""Marketplaces to topic: pushes and pulls of order states, made whole by the platform's order call."""
