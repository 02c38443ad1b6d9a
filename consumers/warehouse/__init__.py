"""From the lake to the warehouse: stage, check, publish, and the tables they write."""
