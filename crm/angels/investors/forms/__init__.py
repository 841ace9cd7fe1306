"""Forms about investors, their statements and what the network rests on."""
