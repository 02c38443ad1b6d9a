"""Landing: every record of the contracts' topics goes into the lake, byte for byte, before Kafka forgets it."""
