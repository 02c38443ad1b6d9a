"""Seals over published batches, and receipts that prove what a seal holds (consumers/warehouse/RECEIPTS.md)."""
