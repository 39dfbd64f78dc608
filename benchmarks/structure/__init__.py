"""Training and measuring of the model that gives flattened notes their structure back."""
