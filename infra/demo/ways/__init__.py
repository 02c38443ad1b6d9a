"""The ways in that the simulated events take, a module each."""
