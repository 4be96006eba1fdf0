"""The wire: servicers that translate, and who may call them."""
