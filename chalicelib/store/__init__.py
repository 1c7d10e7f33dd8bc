"""The only package that talks to DynamoDB: access patterns AP-nn, domain objects in and out."""
