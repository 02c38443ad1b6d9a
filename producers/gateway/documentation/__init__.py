"""Pages and the OpenAPI document that the gateway serves of itself."""
