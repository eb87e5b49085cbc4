"""The demo practice, built by calling the services: a walk through the product. A seed gives one practice."""
