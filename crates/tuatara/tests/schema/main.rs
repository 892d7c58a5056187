//! The schemas and the reference against the readers: whatever a schema rejects is refused, what it
//! does not see is on the list, and what the reference says of a parameter is so.

mod described;
mod every_value;
mod files;
mod gallery;
mod mutated;
mod own_type;
mod validator;
