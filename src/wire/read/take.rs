//! Taking single values.

use super::{Malformed, Reader};

/// A type that can be read.
pub trait Take: Sized {
    /// Reads the value that comes next.
    fn take(reader: &mut Reader<'_>) -> Result<Self, Malformed>;

    /// What stands for a field that was left out.
    fn absent() -> Result<Self, Malformed> {
        Err(Malformed)
    }
}

impl Take for String {
    fn take(reader: &mut Reader<'_>) -> Result<Self, Malformed> {
        reader.string()
    }
}

impl Take for bool {
    fn take(reader: &mut Reader<'_>) -> Result<Self, Malformed> {
        if reader.word("true") {
            Ok(true)
        } else if reader.word("false") {
            Ok(false)
        } else {
            Err(Malformed)
        }
    }
}

/// Numbers that must fit. What the server counts stays below 2^63.
macro_rules! integers {
    ($($kind:ty)*) => { $(
        impl Take for $kind {
            fn take(reader: &mut Reader<'_>) -> Result<Self, Malformed> {
                reader.integer()?.try_into().map_err(|_| Malformed)
            }
        }
    )* };
}

integers!(i64 u8 u16 u32 u64);

impl<T: Take> Take for Option<T> {
    fn take(reader: &mut Reader<'_>) -> Result<Self, Malformed> {
        if reader.word("null") { Ok(None) } else { T::take(reader).map(Some) }
    }

    fn absent() -> Result<Self, Malformed> {
        Ok(None)
    }
}

impl<T: Take> Take for Vec<T> {
    fn take(reader: &mut Reader<'_>) -> Result<Self, Malformed> {
        let mut all = Self::new();
        reader.list(&mut |reader| {
            all.push(T::take(reader)?);
            Ok(())
        })?;
        Ok(all)
    }
}

/// A type whose fields have the names of the object's.
macro_rules! fields {
    ($kind:ident { $($field:ident),* $(,)? }) => {
        impl $crate::wire::read::Take for $kind {
            fn take(reader: &mut $crate::wire::read::Reader<'_>) -> Result<Self, $crate::wire::read::Malformed> {
                let object = reader.object()?;
                Ok(Self { $($field: object.get(stringify!($field))?),* })
            }
        }
    };
}

/// An enum that is one word.
macro_rules! words {
    ($kind:ident { $($word:literal => $variant:ident),* $(,)? }) => {
        impl $crate::wire::read::Take for $kind {
            fn take(reader: &mut $crate::wire::read::Reader<'_>) -> Result<Self, $crate::wire::read::Malformed> {
                match reader.string()?.as_str() {
                    $($word => Ok(Self::$variant),)*
                    _ => Err($crate::wire::read::Malformed),
                }
            }
        }
    };
}

/// An enum whose kind stands in one of its fields, beside the others.
macro_rules! kinds {
    ($kind:ident by $tag:literal { $($word:literal => $variant:ident $({ $($field:ident),* })?),* $(,)? }) => {
        impl $crate::wire::read::Take for $kind {
            fn take(reader: &mut $crate::wire::read::Reader<'_>) -> Result<Self, $crate::wire::read::Malformed> {
                let object = reader.object()?;
                match object.get::<String>($tag)?.as_str() {
                    $($word => Ok(Self::$variant $({ $($field: object.get(stringify!($field))?),* })?),)*
                    _ => Err($crate::wire::read::Malformed),
                }
            }
        }
    };
}

pub(super) use {fields, kinds, words};
