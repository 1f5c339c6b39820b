"""A visitor's own model on the screen: the upload and its check, the contract as a form, a sample of the training data."""
