"""The marketplaces' side of their protocols, written from their documentation: for tests and for demonstrations."""
