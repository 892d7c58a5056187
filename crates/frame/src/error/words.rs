//! Clauses that several messages share.

/// The names that exist, or the fact that there are none.
pub(super) fn listed(names: &[String]) -> String {
    if names.is_empty() {
        "none".to_owned()
    } else {
        names.join(", ")
    }
}

/// What was to be in a `column`, where it is not called like that.
pub(super) fn of_another_name(name: Option<&str>, column: &str) -> String {
    let other = name.filter(|name| *name != column);
    other.map_or_else(String::new, |name| format!(" `{name}`"))
}

/// The column that was probably meant, or the flag that names one.
pub(super) fn name_a_column(meant: Option<&str>, role: &str, name: &str, columns: usize) -> String {
    did_you_mean(meant, &column_flag(role, name, columns))
}

/// The flag, and so the option of the same name, that names the column of `name` as a `role` in a
/// file with so many `columns`.
fn column_flag(role: &str, name: &str, columns: usize) -> String {
    match role {
        "time" => "name it with --time COLUMN".to_owned(),
        "list of columns to ignore" => "take it off the list".to_owned(),
        "metric" if columns > 2 => format!(
            "name its column with --metric {name}=COLUMN, or say --layout wide where each column \
             is a series"
        ),
        role => format!("name its column with --{role} {name}=COLUMN"),
    }
}

/// A delimiter as a sentence calls it.
pub(super) fn delimiter_in_words(delimiter: u8) -> String {
    match delimiter {
        b',' => "a comma".to_owned(),
        b';' => "a semicolon".to_owned(),
        b'\t' => "a tab".to_owned(),
        other => format!("`{}`", other.escape_ascii()),
    }
}

/// The clause that ends a message about an unknown word.
pub(super) fn did_you_mean(suggestion: Option<&str>, otherwise: &str) -> String {
    suggestion.map_or_else(
        || otherwise.to_owned(),
        |word| format!("did you mean `{word}`?"),
    )
}
