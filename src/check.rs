//! Checks: asks the registries about references and yields findings.
