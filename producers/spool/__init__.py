"""A bounded queue on disk for what Kafka cannot take just now."""
