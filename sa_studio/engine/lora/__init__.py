"""LoRA files of every style: what they change, and merging that into a network and out again."""
