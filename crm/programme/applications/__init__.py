"""Applications to a round: begun, filled in, submitted and ruled on."""
