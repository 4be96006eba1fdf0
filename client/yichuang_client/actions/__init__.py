"""What a person does at a desk: one short function a deed; no Tk, no network, returns what it changed."""
