"""What each product asks of a contract, and how findings are counted."""
