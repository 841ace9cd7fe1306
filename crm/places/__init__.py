"""Places: where a postcode lies, how we know and how sure we are; a ledger that knows no business."""
