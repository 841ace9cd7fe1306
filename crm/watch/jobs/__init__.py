"""The command that tries what an installation is set to use."""
