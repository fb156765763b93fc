//! Every sentence and label of the pages, made from typed levels, reasons and states: one catalogue a language.
//!
//! Pages and components hold no sentence of their own. Where a text has parts that look different (a strong beginning, a command to
//! copy), the catalogue gives the parts.

pub mod en;

pub use en::*;
