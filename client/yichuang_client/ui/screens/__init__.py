"""各画面: one module a screen; imported when first shown."""
