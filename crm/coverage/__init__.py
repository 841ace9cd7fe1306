"""What support each part of the region has, for each need and size of business, and where there is none."""
