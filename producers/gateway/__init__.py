"""HTTP in, Kafka out: the way for agencies and partners that do not run our code."""
