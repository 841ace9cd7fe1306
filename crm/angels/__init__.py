"""The angel network: who may lawfully see pitches, the pitches, and how investors and businesses are introduced."""
