"""All code that uses spaCy: pipelines, components and suggestions. No Doc leaves this package."""
