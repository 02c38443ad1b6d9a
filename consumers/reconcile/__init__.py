"""What Kafka, the lake and the warehouse hold of each partition, compared: nothing may be missing between them."""
