"""The pages about who leads which business."""
