"""Request handling shared by the API and the console: admission, reading, answering and the OpenAPI document."""
