"""The models window: what there is to be had, what is here, and getting from one to the other."""
