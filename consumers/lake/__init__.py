"""The lake: how landed batches lie in the object store, and how they are read back."""
