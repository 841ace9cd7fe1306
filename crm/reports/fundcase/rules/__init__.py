"""What the fund case counts, and what a fund would have done."""
