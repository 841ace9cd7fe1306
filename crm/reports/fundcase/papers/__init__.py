"""What leaves the fund case: a paper to hand over, a workbook with its formulas, and rows as a file."""
