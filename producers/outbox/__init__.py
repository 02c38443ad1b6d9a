"""Database outbox: rows that an agency's system writes in its own transaction, published by a relay."""
