"""The pure rules of applications."""
