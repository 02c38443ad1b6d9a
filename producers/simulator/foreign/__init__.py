"""Simulated events as other systems tell them."""
