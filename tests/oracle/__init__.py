"""The product's own schema, asked over a drawn population and compared with graphql-core over plain rows."""
