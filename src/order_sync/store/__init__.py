"""The database: tables made from the mapping, engines, leases, bulk load, catalogue, deployment. No ORM."""
