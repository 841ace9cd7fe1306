"""The outside world: for each thing a Protocol, the real one and a stand-in."""
