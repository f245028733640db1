"""Reading for moderators: claims to decide, registries, the audit log."""
