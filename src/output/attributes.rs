//! JSON values as HDF5 attributes.

use hdf5::types::VarLenUnicode;
use hdf5::{H5Type, Location};
use serde_json::{Map, Value};

/// Writes every entry: numbers, strings, bools and flat arrays of one of these as native
/// attributes, nested objects under dotted names (`energy.gradient`), arrays of anything else as
/// JSON text. `null` (an unknown value, or one that is not finite) is left out; within an array of
/// numbers it becomes NaN.
pub(super) fn write_all(
    location: &Location,
    prefix: &str,
    entries: &Map<String, Value>,
) -> hdf5::Result<()> {
    for (key, value) in entries {
        write(location, &format!("{prefix}{key}"), value)?;
    }
    Ok(())
}

/// Writes one value under `name`, in the place of what was there.
pub(super) fn write(location: &Location, name: &str, value: &Value) -> hdf5::Result<()> {
    if location.attr(name).is_ok() {
        location.delete_attr(name)?;
    }
    match value {
        Value::Null => Ok(()),
        Value::Bool(b) => scalar(location, name, b),
        Value::Number(n) => match (n.as_i64(), n.as_f64()) {
            (Some(whole), _) => scalar(location, name, &whole),
            (None, real) => scalar(location, name, &real.unwrap_or(f64::NAN)),
        },
        Value::String(s) => text(location, name, s),
        Value::Array(values) => array(location, name, values),
        Value::Object(inner) => write_all(location, &format!("{name}."), inner),
    }
}

/// Writes text as UTF-8 of variable length.
pub(super) fn text(location: &Location, name: &str, value: &str) -> hdf5::Result<()> {
    location.new_attr::<VarLenUnicode>().create(name)?.write_scalar(&unicode(value))
}

/// HDF5 text ends at the first NUL, so NULs are dropped.
fn unicode(value: &str) -> VarLenUnicode {
    value.replace('\0', "").parse().expect("text without NUL is a string")
}

fn scalar<T: H5Type>(location: &Location, name: &str, value: &T) -> hdf5::Result<()> {
    location.new_attr::<T>().create(name)?.write_scalar(value)
}

fn list<T: H5Type>(location: &Location, name: &str, values: &[T]) -> hdf5::Result<()> {
    location.new_attr::<T>().shape(values.len()).create(name)?.write_raw(values)
}

fn array(location: &Location, name: &str, values: &[Value]) -> hdf5::Result<()> {
    let number = |v: &Value| match v {
        Value::Null => Some(f64::NAN),
        v => v.as_f64(),
    };
    if values.is_empty() {
        text(location, name, "[]")
    } else if let Some(whole) = values.iter().map(Value::as_i64).collect::<Option<Vec<_>>>() {
        list(location, name, &whole)
    } else if let Some(real) = values.iter().map(number).collect::<Option<Vec<_>>>() {
        list(location, name, &real)
    } else if let Some(flags) = values.iter().map(Value::as_bool).collect::<Option<Vec<_>>>() {
        list(location, name, &flags)
    } else if let Some(words) = values.iter().map(Value::as_str).collect::<Option<Vec<_>>>() {
        list(location, name, &words.into_iter().map(unicode).collect::<Vec<_>>())
    } else {
        text(location, name, &Value::from(values).to_string())
    }
}
