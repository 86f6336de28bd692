"""The pages of a check-in in the making: who and where, form, answers and photos, review, progress."""
