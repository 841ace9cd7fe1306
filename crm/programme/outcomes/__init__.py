"""What became of the businesses that were awarded money: asked at fixed days, counted, and drawn."""
